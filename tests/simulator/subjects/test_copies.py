"""An unchanged copy does what the reference does, and its history has the reference's hash."""

from __future__ import annotations

import shutil
from pathlib import Path

from etp_kit.simulator.runner.spec import RunSpec
from etp_kit.simulator.scenario.library import load_scenario
from etp_kit.simulator.subjects import REFERENCE
from etp_kit.simulator.suite.examination import supervised


def test_a_copy_under_another_name_has_the_same_hash(tmp_path: Path) -> None:
    shutil.copytree(REFERENCE, tmp_path / "intake", ignore=shutil.ignore_patterns("__pycache__"))
    scenario = load_scenario("quota-exact")
    runs = [supervised(RunSpec(scenario, 0, name, "fake")) for name in ("reference", f"dir:{tmp_path}/intake")]
    assert runs[0].history_sha256 == runs[1].history_sha256 != ""


def test_one_that_does_something_else_has_another() -> None:
    scenario = load_scenario("quota-exact")
    runs = [supervised(RunSpec(scenario, 0, name, "fake")) for name in ("reference", "mutant:quota-raised")]
    assert runs[0].history_sha256 != runs[1].history_sha256
