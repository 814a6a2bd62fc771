"""The adapter around the real agent: hangs and aborts end in verdicts,
module state dies with its process, nothing is left beside its files.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from etp_kit.simulator.runner.spec import RunSpec
from etp_kit.simulator.scenario.library import load_scenario, parse_scenario
from etp_kit.simulator.suite.examination import supervised

CRASH = """
schema = 1
title = "A crash in the middle"
about = "What the dead process had begun, its successor takes up with fresh module state."
clauses = ["clean.processed"]
passes = 3

[[actor]]
handler = "Fabrikam.Bystander"
events = 4
passes = [0]

[[fault]]
kind = "crash"
call = "open"
nth = 2
when = "before"
"""


def records(result: Any, op: str) -> list[dict[str, Any]]:
    return [record for record in map(json.loads, result.lines) if record["op"] == op]


def test_a_fifo_blocks_it_and_that_is_a_verdict(agent: str) -> None:
    for world in ("fake", "real"):
        result = supervised(RunSpec(load_scenario("small/fifo"), 0, agent, world), keep_lines=True, timeout=60)
        assert "would-block" in {end["result"]["end"] for end in records(result, "pass-end")}
        assert result.verdict == "fail"
        assert "run.errors" in {clause.slug for clause in result.clauses if clause.verdict == "fail"}


def test_one_extension_costs_the_others_their_events(agent: str) -> None:
    result = supervised(RunSpec(load_scenario("read/malformed"), 0, agent, "fake"))
    assert result.victims == {"Fabrikam.Bystander": 4}
    assert result.extensions["Fabrikam.Bystander"]["fates"] == {"vanished": 4}


def test_after_a_crash_a_fresh_agent_takes_up_what_is_left(agent: str) -> None:
    result = supervised(RunSpec(parse_scenario(CRASH, "crash.toml"), 0, agent, "fake"), keep_lines=True)
    assert len(records(result, "restart")) == 1
    assert result.fates == {"delivered": 4}


def test_its_reports_are_notices_and_not_events(agent: str) -> None:
    result = supervised(RunSpec(load_scenario("quota/quota-exact"), 0, agent, "fake"), keep_lines=True)
    assert {notice["result"]["kind"] for notice in records(result, "notice")} == {"quota"}
    assert not result.invented
    assert records(result, "log")


def test_its_files_are_left_as_they_are(agent: str) -> None:
    directory = Path(agent.partition(":")[2])
    before = {path: os.stat(path).st_mtime_ns for path in directory.rglob("*")}
    supervised(RunSpec(load_scenario("field/everyday"), 0, agent, "real"))
    assert {path: os.stat(path).st_mtime_ns for path in directory.rglob("*")} == before
