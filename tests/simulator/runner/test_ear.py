"""What a collector says reaches who mends it: errors with their place, prints, logs, also of one
that hangs or dies."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import pytest

from etp_kit.simulator.core.said import Line
from etp_kit.simulator.judging.verdict import ScenarioVerdict
from etp_kit.simulator.reports.json_report import report_data
from etp_kit.simulator.reports.said import heading, spoken_lines, told_lines
from etp_kit.simulator.runner.ear import Ear, LastWords
from etp_kit.simulator.runner.spec import RunSpec
from etp_kit.simulator.runner.watchdog import WATCHDOG
from etp_kit.simulator.scenario.library import parse_scenario
from etp_kit.simulator.suite.examination import supervised

SCENARIO = """
schema = 1
title = "small"
about = "small"
clauses = ["event.mapping"]
passes = 2
[[actor]]
handler = "A"
events = 1
"""

TALKING = """
import logging, os, sys, threading, time
LOG = logging.getLogger("talking")


class Collector:
    def __init__(self, log_dir, agent_events_dir, sender, **settings):
        self.log_dir = log_dir

    def collect(self):
        print("on stdout")
        print("on stderr", file=sys.stderr)
        LOG.warning("in the log")
        try:
            os.stat(self.log_dir + "/nowhere")
        except OSError:
            LOG.exception("in the log too")
        self.look_up({})

    def look_up(self, found):
        return found["missing-key"]


class Spinning(Collector):
    def collect(self):
        print("about to spin")
        while True:
            pass


class Leaving(Collector):
    def collect(self):
        print("about to leave", end="")
        print("", flush=True)
        os._exit(3)


class Unbuilt(Collector):
    def __init__(self, log_dir, agent_events_dir, sender, **settings):
        raise ValueError("no such place")
"""


@pytest.fixture
def talking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "talking.py").write_text(TALKING)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path / "talking.py"


def spec_of(factory: str) -> RunSpec:
    return RunSpec(parse_scenario(SCENARIO, "small.toml"), 0, f"py:talking:{factory}", "fake")


def judged(factory: str, timeout: float = WATCHDOG) -> ScenarioVerdict:
    return supervised(spec_of(factory), timeout=timeout)


def line_of(path: Path, code: str) -> int:
    return next(number for number, line in enumerate(path.read_text().splitlines(), 1) if code in line)


def test_an_error_is_told_with_its_message_and_the_place_in_the_collectors_own_code(talking: Path) -> None:
    (raised,) = judged("Collector").said.raised
    assert raised.error == "KeyError: 'missing-key'"
    assert (Path(raised.file), raised.line) == (talking, line_of(talking, 'found["missing-key"]'))
    assert (raised.function, raised.passes) == ("look_up", (0, 1))


def test_a_traceback_holds_the_collectors_frames_and_none_of_the_kits(talking: Path) -> None:
    (raised,) = judged("Collector").said.raised
    files = [line.split('"')[1] for line in raised.traceback if line.startswith("  File ")]
    assert files == [str(talking), str(talking)]


def test_what_is_printed_and_logged_is_kept_in_its_order(talking: Path) -> None:
    lines = judged("Collector").said.lines
    first = [line for line in lines if line.pass_number == 0]
    assert first[:3] == [
        Line(0, "stdout", "on stdout"),
        Line(0, "stderr", "on stderr"),
        Line(0, "log", "WARNING talking: in the log"),
    ]
    assert any(line.text.endswith('os.stat(self.log_dir + "/nowhere")') for line in first), (
        "the frames of a logged error"
    )
    assert {line.pass_number for line in lines} == {0, 1}


def test_one_that_hangs_is_told_with_the_place_where_it_stands(talking: Path) -> None:
    # What comes before the first pass is under the limit too, and takes longer on a slow machine.
    result = judged("Spinning", timeout=2)
    assert result.kind == "hang"
    (place,) = result.said.raised
    spin = line_of(talking, "while True:")
    assert Path(place.file) == talking
    assert place.line in {spin, spin + 1}
    assert all("talking.py" in line for line in place.traceback[1:]), place.traceback
    shown = told_lines(report_data("c", 0, [result], 1)["scenarios"][0]["said"])
    assert shown[0].startswith("it was ended here at "), "it raised nothing"
    assert Line(0, "stdout", "about to spin") in result.said.lines


def test_one_that_ends_its_process_is_told_with_its_last_words(talking: Path) -> None:
    result = judged("Leaving")
    assert result.kind == "crash"
    assert result.said.lines == (Line(0, "stdout", "about to leave"),)


def test_the_history_holds_nothing_of_it(talking: Path) -> None:
    told = supervised(spec_of("Collector"), keep_lines=True).lines
    assert not any("missing-key" in line or "on stdout" in line for line in told)


def test_an_ear_keeps_the_beginning_and_the_end_and_counts_the_rest() -> None:
    ear = Ear()
    for number in range(1_000):
        ear.hear("stdout", str(number))
    said = ear.said()
    assert [line.text for line in (said.lines[0], said.lines[-1])] == ["0", "999"]
    assert len(said.lines) + said.left_out == 1_000


def test_an_error_whose_text_cannot_be_had_is_told_all_the_same() -> None:
    class Sulking(Exception):
        def __str__(self) -> str:
            raise RuntimeError

    ear = Ear()
    ear.catch(Sulking())
    assert ear.said().raised[0].error.startswith("Sulking")


def test_the_last_words_are_those_said_last() -> None:
    words = LastWords()
    for number in range(2_000):
        words.add(Line(7, "log", f"line {number}"))
    assert words.lines()[-1] == Line(7, "log", "line 1999")
    assert all(line.text.startswith("line ") for line in words.lines())


def test_a_report_shows_the_pass_of_the_first_error_and_how_much_more_there_is(talking: Path) -> None:
    said = report_data("py:talking:Collector", 0, [judged("Collector")], 1)["scenarios"][0]["said"]
    assert heading(said["raised"][0]).startswith("KeyError: 'missing-key' at talking.py:")
    shown = list(spoken_lines(said, 2))
    assert shown[0] == "said in pass 0:"
    assert shown[-1].endswith(f"and {len(said['lines']) - 2} more lines: -v shows what was kept")


def test_a_report_shows_nothing_raw() -> None:
    ear = Ear()
    ear.hear("stdout", "\x1b[31mred")
    ear.catch(ValueError("\x1b[2J"))
    said = report_data("c", 0, [ScenarioVerdict("s", 0, "fake", "fail", said=ear.said())], 1)["scenarios"][0]["said"]
    assert "\x1b" not in "".join(told_lines(said))


def test_logging_goes_on_where_arguments_do_not_fit(capsys: pytest.CaptureFixture[str]) -> None:
    ear = Ear()
    record = logging.LogRecord("x", logging.INFO, "f.py", 1, "%d", ("no number",), None)
    ear.hear_record(record, "")
    assert ear.said().lines == (Line(0, "log", "INFO x: "),)
    assert sys.exc_info() == (None, None, None)
