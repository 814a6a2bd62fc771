"""Runs of programs: what is seen of them,
what is skipped with which reason, and what the command makes of them.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from etp_kit.simulator.base.errors import BadInput
from etp_kit.simulator.cli.command import cli
from etp_kit.simulator.judging.verdict import ScenarioVerdict
from etp_kit.simulator.runner.spec import RunSpec
from etp_kit.simulator.scenario.library import load_scenario, parse_scenario
from etp_kit.simulator.subjects.program import hooks
from etp_kit.simulator.subjects.specs import REFERENCE
from etp_kit.simulator.suite.examination import supervised

from .programs import HELLO, program

PROGRAM = f"cmd:{sys.executable} -m etp_kit.collector --protocol"
SCENARIO = """
schema = 1
title = "small"
about = "small"
clauses = ["run.errors"]
passes = 2
[[actor]]
handler = "A"
events = 6
"""
#: In a program's `collect`, after `start` has told it: the directory that the scenario writes to.
FIND = """log=$(printf %s "$request" | sed 's/.*"log_dir":"\\([^"]*\\)".*/\\1/'); printf '{"type":"started"}\\n'"""
EVENT = """printf '{"type":"event","key":["A","1.json",0],"eventId":7,"providerId":"x","file_type":"json","parameters":[]}\\n'"""

CONFIRMED = """printf '{"type":"flush","confirmed":true}\\n'"""


@pytest.fixture(autouse=True)
def _importable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Unheard: what a run is where the kernel tells nothing."""
    monkeypatch.setenv("PYTHONPATH", str(REFERENCE.parent))
    monkeypatch.setattr(hooks, "_asked", "off")


def told(result: ScenarioVerdict) -> str:
    return " ".join([result.detail, *(f"{c.slug} {c.verdict} {c.reason}" for c in result.clauses)])


def run(collector: str, more: str = "") -> ScenarioVerdict:
    return supervised(RunSpec(parse_scenario(SCENARIO + more, "small.toml"), 0, collector, "real"))


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("run/an-afternoon", "no virtual time (it runs the collector's own thread)"),
        ("deliver/crashes", "no hooks (crash at one of its calls)"),
        ("discover/endless", "no hooks (endless at one of its calls)"),
        ("run/clock-steps", "virtual time (clock-step)"),
    ],
)
def test_what_cannot_be_had_is_skipped_with_the_reason(name: str, why: str) -> None:
    result = supervised(RunSpec(load_scenario(name), 0, PROGRAM, "real"))
    assert result.verdict == "skip"
    assert why in result.detail
    assert {clause.verdict for clause in result.clauses} == {"skip"}


@pytest.mark.root
def test_a_file_that_cannot_be_opened_is_none_for_the_superuser() -> None:
    result = supervised(RunSpec(load_scenario("field/link-attack"), 0, PROGRAM, "real"))
    if os.geteuid():
        assert result.verdict == "pass"
    else:
        assert "a file that cannot be opened" in result.detail


def test_a_clause_that_takes_more_than_there_is_is_skipped_alone(tmp_path: Path) -> None:
    spec = RunSpec(load_scenario("read/concurrent-writes"), 0, program(tmp_path), "real")
    verdicts = {clause.slug: (clause.verdict, clause.reason) for clause in supervised(spec).clauses}
    assert verdicts["read.torn"] == ("skip", "a program's world offers no waits (--hooks off)")
    assert verdicts["read.vanished"] == ("skip", "a program's world offers no steps (--hooks off)")
    assert verdicts["deliver.sound"][0] == "fail"


def test_what_a_pause_gives_is_judged_in_part() -> None:
    spec = RunSpec(load_scenario("read/concurrent-writes"), 0, PROGRAM, "real")
    verdicts = {clause.slug: (clause.verdict, clause.reason) for clause in supervised(spec).clauses}
    in_part = ("pass", "in part: a program's world offers no hooks (--hooks off)")
    assert verdicts["read.torn"] == verdicts["read.vanished"] == in_part
    assert verdicts["read.torn-budget"] == ("pass", "")


def test_a_pass_in_part_says_so() -> None:
    spec = RunSpec(load_scenario("clean/in-flight"), 0, PROGRAM, "real")
    verdicts = {clause.slug: clause for clause in supervised(spec).clauses}
    assert verdicts["clean.in-flight"].verdict == "pass"
    assert verdicts["clean.in-flight"].reason == "in part: a program's world offers no hooks (--hooks off)"


def test_a_script_that_is_not_declared_is_not_asked_for(tmp_path: Path) -> None:
    result = run(program(tmp_path), '[[fault]]\nkind = "sender-stop"\nnth = 2\n')
    assert result.verdict == "skip"
    assert "sender:stop among its capabilities" in result.detail


@pytest.mark.parametrize(
    ("declared", "fault", "line", "why"),
    [
        ("stop", "sender-stop", EVENT, "was to stop at event 2"), ("raise", "sender-error", EVENT, "was to fail at event 2"),
        ("flush", "flush-error", CONFIRMED, "was to leave unconfirmed flush 2"),
    ],
)  # fmt: skip
def test_a_declared_script_that_is_not_followed_fails(tmp_path: Path, declared: str, fault: str, line: str, why: str) -> None:
    hello = HELLO.replace("{}", f'{{"sender":["{declared}"]}}')
    done = f"""{line}; {line}; printf '{{"type":"done"}}\\n'"""
    result = run(program(tmp_path, hello=hello, collect=done), f'[[fault]]\nkind = "{fault}"\nnth = 2\n')
    assert (result.verdict, result.kind) == ("fail", "protocol")
    assert why in result.detail


def test_descriptors_left_open_are_found(tmp_path: Path) -> None:
    held = """exec 9<"$log/A/events"; printf '{"type":"done"}\\n'"""
    assert "left 1 descriptors open" in told(run(program(tmp_path, start=FIND, collect=held)))


def test_what_is_made_in_the_log_dir_is_found(tmp_path: Path) -> None:
    made = """mkdir -p "$log/B/events"; printf '{"type":"done"}\\n'"""
    assert "discover.hands-off fail mkdir log/B; mkdir log/B/events" in told(run(program(tmp_path, start=FIND, collect=made)))


def test_what_is_never_looked_at_is_found(tmp_path: Path) -> None:
    result = supervised(RunSpec(load_scenario("discover/names"), 0, program(tmp_path), "real"))
    assert "discover.layout fail" in told(result)
    assert "never looked at" in told(result)


def test_what_is_removed_and_not_handed_over_is_lost(tmp_path: Path) -> None:
    lost = """rm -f "$log"/A/events/*.json; printf '{"type":"done"}\\n'"""
    result = run(program(tmp_path, start=FIND, collect=lost))
    assert result.fates == {"vanished": 12}
    assert result.verdict == "fail"


def test_its_log_is_judged(tmp_path: Path) -> None:
    hello = HELLO.replace("{}", '{"notices":true}')
    noisy = """for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21; do printf 'bad file of A\\033\\n' >&2; done; printf '{"type":"done"}\\n'"""
    scenario = SCENARIO.replace('"run.errors"', '"report.log-bound", "report.log-safe"')
    collector = program(tmp_path, hello=hello, collect=noisy)
    result = supervised(RunSpec(parse_scenario(scenario, "small.toml"), 0, collector, "real"))
    assert "21 log records" in told(result)
    assert "control characters" in told(result)


@pytest.mark.parametrize("timezone", ["NST3:30", "Asia/Kolkata"])
def test_the_host_of_the_scenario_is_its_host(tmp_path: Path, timezone: str) -> None:
    zone = """printf '{"type":"error","text":"%s"}\\n' "$TZ\""""
    scenario = parse_scenario(SCENARIO.replace("passes = 2", f'passes = 2\ntimezone = "{timezone}"'), "small.toml")
    assert f"it says: {timezone}" in supervised(RunSpec(scenario, 0, program(tmp_path, start=zone), "real")).detail


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--collector", PROGRAM, "--world", "fake"], "real world"),
        (["--collector", PROGRAM, "--hooks", "off", "--exhaust", "errno"], "only crash"),
        (["--collector", "cmd:"], "names no program"),
        (["--collector", "cmd:'unclosed"], "cannot be split"),
        (["--collector", "cmd:no-such-program-here --x"], "no such program"),
    ],
)
def test_what_makes_no_sense_is_bad_input(words: list[str], why: str) -> None:
    done = CliRunner().invoke(cli, ["run", "--scenario", "quota-exact", *words])
    assert isinstance(done.exception, BadInput)
    assert why in str(done.exception)


def test_the_command_runs_it_in_the_real_world_and_says_how_to_see_it_again(tmp_path: Path) -> None:
    words = ["run", "--scenario", "event/keys", "--collector", PROGRAM, "--hooks", "off"]
    words += ["--keep", str(tmp_path / "kept"), "--report", "json=-"]
    done = CliRunner().invoke(cli, words)
    report = json.loads(done.stdout)
    assert (done.exit_code, report["exit"]) == (0, 0)
    (scenario,) = report["scenarios"]
    assert scenario["world"] == "real"
    assert "--collector" in scenario["reproduce"]
    assert "--world real --hooks off" in scenario["reproduce"]
    assert (tmp_path / "kept" / "log").is_dir()


@pytest.mark.parametrize("asked", ["off", "try"])
def test_what_is_removed_though_its_sender_did_not_confirm_fails(
    tmp_path: Path, asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hooks, "_asked", asked)
    hello = HELLO.replace("{}", '{"delivery":["at-least-once"],"sender":["flush"]}')
    event = (
        """for f in "$log"/A/events/*.json; do printf '{"type":"event","key":["A","%s",0],"eventId":7,"providerId":"x","""
        """"file_type":"json","parameters":[]}\\n' "${f##*/}"; done"""
    )
    denied = CONFIRMED.replace("true", "false")
    collect = f"""{event}; {denied}; rm -f "$log"/A/events/*.json; printf '{{"type":"done"}}\\n'"""
    scenario = SCENARIO.replace("run.errors", "deliver.at-least-once").replace("passes = 2", "passes = 1")
    more = '[collector]\ndelivery = "at-least-once"\n[[fault]]\nkind = "flush-error"\nnth = 1\ntimes = 9\nsaid = true\n'
    collector = program(tmp_path, hello=hello, start=FIND, collect=collect)
    result = supervised(RunSpec(parse_scenario(scenario + more, "small.toml"), 0, collector, "real"))
    assert "deliver.at-least-once fail" in told(result), told(result)
