"""Profile linux-agent-2.15 is held to an agent of that look, where no such agent is at hand: its
doors and texts are what the kit has to know.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from etp_kit.simulator.cli.command import cli
from etp_kit.simulator.contract.clauses import CLAUSES

LOOKALIKE = Path(__file__).resolve().parent.parent / "simulator" / "lookalike" / "modern"


@pytest.fixture(scope="module")
def conformed(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, dict[str, Any]]:
    report = tmp_path_factory.mktemp("reports") / "lookalike.json"
    words = [
        "conform",
        "--collector",
        f"linux-agent:{LOOKALIKE}",
        "--profile",
        "linux-agent-2.15",
        "--world",
        "fake",
        "--report",
        f"json={report}",
    ]
    done = CliRunner().invoke(cli, words)
    return done.exit_code, json.loads(report.read_text())


def test_every_core_clause_is_judged_and_passes(conformed: tuple[int, dict[str, Any]]) -> None:
    _, report = conformed
    core = {slug: "pass" for slug, clause in CLAUSES.items() if clause.level == "core"}
    assert {row["slug"]: row["verdict"] for row in report["clauses"]} == core


def test_it_ends_in_0(conformed: tuple[int, dict[str, Any]]) -> None:
    code, report = conformed
    assert (code, report["exit"]) == (0, 0)
