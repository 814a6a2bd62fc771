"""Debian's agent against its profile:
every core clause passes, or is a listed difference or known failure.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

import pytest
from click.testing import CliRunner

from etp_kit.simulator.cli.command import cli
from etp_kit.simulator.contract.clauses import CLAUSES
from etp_kit.simulator.contract.profiles import PROFILES
from etp_kit.simulator.runner.spec import RunSpec
from etp_kit.simulator.scenario.library import load_scenario
from etp_kit.simulator.suite.examination import supervised

PROFILE = PROFILES["linux-agent-2.7"]


@pytest.fixture(scope="session")
def report(agent: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What `simulate conform` makes of it, in both worlds."""
    place = tmp_path_factory.mktemp("conform")
    before = os.getcwd()
    os.chdir(place)  # it remembers what failed
    try:
        done = CliRunner().invoke(cli, ["conform", "--collector", agent, "--profile", PROFILE.name, "--report", "json=report.json"])
    finally:
        os.chdir(before)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.output
    told: dict[str, Any] = json.loads((place / "report.json").read_text())
    return told


def test_it_is_what_its_profile_says(report: dict[str, Any]) -> None:
    unexpected = [row for row in report["clauses"] if row["verdict"] != "pass" and row["kind"] not in {"difference", "known"}]
    assert not unexpected
    assert report["exit"] == 0


def test_every_core_clause_was_judged(report: dict[str, Any]) -> None:
    judged = {row["slug"] for row in report["clauses"] if row["verdict"] in {"pass", "fail"} and row["scenarios"]}
    assert judged == {slug for slug, clause in CLAUSES.items() if clause.level == "core"}


def test_what_fails_is_what_is_listed_and_what_that_brings(report: dict[str, Any]) -> None:
    entries = [*PROFILE.difference, *PROFILE.expected_failures(sys.version_info[:2])]
    listed = {entry.clause for entry in entries} | {c.clause for entry in entries for c in entry.brings}
    assert {row["slug"] for row in report["clauses"] if row["verdict"] == "fail"} == listed


def test_its_quota_is_its_own(agent: str) -> None:
    result = supervised(RunSpec(load_scenario("quota/quota-exact"), 0, agent, "fake"), keep_lines=True)
    assert json.loads(result.lines[0])["result"]["limits"]["quota"] == PROFILE.quota


@pytest.mark.parametrize("scenario", ["field/everyday", "quota/quota-exact", "discover/names", "clean/old-leftovers", "run/an-hour"])
def test_both_worlds_and_two_processes_have_one_history(agent: str, scenario: str) -> None:
    runs = [supervised(RunSpec(load_scenario(scenario), 5, agent, world)) for world in ("fake", "fake", "real")]
    assert {run.kind for run in runs} == {""}
    assert len({run.history_sha256 for run in runs}) == 1
    assert runs[0].history_sha256
