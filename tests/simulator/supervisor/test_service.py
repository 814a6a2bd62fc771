"""A program whose own thread is asked to live, and what is said of one that does it otherwise."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from etp_kit.simulator.judging.verdict import ScenarioVerdict
from etp_kit.simulator.runner.spec import RunSpec
from etp_kit.simulator.scenario.library import parse_scenario
from etp_kit.simulator.suite.examination import supervised
from etp_kit.simulator.supervisor.start import clock_is_had

from .heard import needs_kernel

pytestmark = [needs_kernel, pytest.mark.skipif(not clock_is_had(), reason="a program's clock cannot be taken here")]

REFERENCE = f"cmd:{sys.executable} -m etp_kit.collector --protocol"
SCENARIO = """
schema = 1
title = "t"
about = "a"
clauses = ["run.thread"]
passes = 1
service = true

[[actor]]
handler = "Contoso.Agent"
events = 1
"""
PROGRAM = """
import json, sys, time
def say(**message): print(json.dumps(message), flush=True)
def life(do, alive, stopped): say(type="service", do=do, alive=alive, stopped=stopped, name=NAME, daemon=True)
NAME = "TelemetryEventsCollector"
for line in sys.stdin:
    request = json.loads(line)
    if request["type"] == "hello": say(type="hello", protocol=1, capabilities={{"service": True}})
    elif request["type"] == "start": say(type="started")
    elif request["type"] == "stop": break
    else:
{code}
        say(type="done")
"""
WHOLE = """
life("run", True, False)
time.sleep(request["seconds"])
life("before-stop", True, False)
life("stop", False, True)
life("start-again", False, True)
time.sleep(request["again"])
"""


def judged(tmp_path: Path, code: str) -> ScenarioVerdict:
    body = "\n".join("        " + line for line in code.strip().splitlines())
    path = tmp_path / "program.py"
    path.write_text(PROGRAM.format(code=body), encoding="utf-8")
    spec = RunSpec(parse_scenario(SCENARIO, "small.toml"), 0, f"cmd:{sys.executable} {path}", "real")
    return supervised(spec)


def verdict_of(result: ScenarioVerdict, slug: str) -> tuple[str, str]:
    return next((clause.verdict, clause.reason) for clause in result.clauses if clause.slug == slug)


def test_one_that_tells_a_whole_life_is_judged_by_it(tmp_path: Path) -> None:
    result = judged(tmp_path, WHOLE)
    assert verdict_of(result, "run.thread") == ("pass", "")
    assert result.virtual_seconds == 450 + 300  # a pass and a half, and a period after its end


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('life("start-again", False', 'life("start-again", True', "it was started again after it had been stopped"),
        ('life("stop", False, True)', 'life("stop", False, False)', "it does not say that it is stopped"),
        ('life("run"', 'NAME = "x"; life("run"', "the thread is named 'x', TelemetryEventsCollector is due"),
    ],
)
def test_what_it_tells_is_judged(tmp_path: Path, old: str, new: str, problem: str) -> None:
    assert WHOLE.count(old) == 1
    assert verdict_of(judged(tmp_path, WHOLE.replace(old, new)), "run.thread") == ("fail", problem)


@pytest.mark.parametrize(
    ("code", "detail"),
    [
        ("pass", "its service told nothing, run, before-stop, stop, start-again are due"),
        ('life("stop", False, True)', "its service told stop, run, before-stop"),
        ('say(type="notice", kind="error")', "it answered serve by a message of type notice"),
    ],
)
def test_one_that_tells_no_life_does_not_follow_the_protocol(tmp_path: Path, code: str, detail: str) -> None:
    result = judged(tmp_path, code)
    assert (result.verdict, result.kind) == ("fail", "protocol")
    assert detail in result.detail


CRASHED = """
[[fault]]
kind = "crash"
call = "{call}"
nth = 1
"""


@pytest.mark.parametrize("call", ["unlink", "deliver"])
def test_one_that_dies_lives_again(call: str) -> None:
    scenario = SCENARIO.replace("run.thread", "run.periods").replace("passes = 1", "passes = 4")
    spec = RunSpec(parse_scenario(scenario + CRASHED.format(call=call), "small.toml"), 0, REFERENCE, "real")
    result = supervised(spec)
    assert round(result.virtual_seconds) == 4 * 300 + 150 + 300
    # What was handed over, or not yet, when it died is lost with at-most-once.
    assert result.fates["delivered"] >= 3
    assert verdict_of(result, "run.errors") == ("pass", "")


REFUSING = """
[[fault]]
kind = "sender-error"
nth = 2
"""


def test_its_sender_follows_the_script_over_its_whole_life() -> None:
    scenario = SCENARIO.replace("run.thread", "deliver.sender-error").replace("passes = 1", "passes = 3")
    spec = RunSpec(parse_scenario(scenario + REFUSING, "small.toml"), 0, REFERENCE, "real")
    result = supervised(spec)
    assert verdict_of(result, "deliver.sender-error") == ("pass", "")
    assert result.fates == {"delivered": 2, "dropped": 1}


def test_one_that_lives_for_ever_is_ended(tmp_path: Path) -> None:
    result = judged(tmp_path, 'life("run", True, False)\nwhile True: time.sleep(60)')
    assert verdict_of(result, "run.errors") == ("fail", "the service ended by TimeUp")
