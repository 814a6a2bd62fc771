"""Programs that misbehave as programs: each ends in bounded time and memory, with a verdict of its
kind, and leaves no process behind.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from etp_kit.simulator.base.errors import BadInput
from etp_kit.simulator.judging.verdict import ScenarioVerdict
from etp_kit.simulator.runner.job import Job
from etp_kit.simulator.runner.spec import RunSpec
from etp_kit.simulator.runner.worker import result_of
from etp_kit.simulator.scenario.library import parse_scenario
from etp_kit.simulator.subjects.program import conversation as programs
from etp_kit.simulator.subjects.program import guard, hooks
from etp_kit.simulator.subjects.program.guard import children
from etp_kit.simulator.subjects.specs import resolve
from etp_kit.simulator.suite.examination import supervised
from etp_kit.simulator.supervisor.start import unsupervisable

from .programs import HELLO, MARK, left_behind, marked, program

SCENARIO = parse_scenario(
    """
schema = 1
title = "small"
about = "small"
clauses = ["run.errors"]
passes = 1
[[actor]]
handler = "A"
events = 3
""",
    "small.toml",
)

#: A line that is a message, again and again, until 1 GiB is out.
FLOOD = "yes '%s' | head -c 1073741824"
OWN_FIFO = 'cd "$TMPDIR"; mkfifo f; cat f'
DAEMONS = "setsid sh -c 'setsid sleep 100 & setsid sleep 100 &'"
NOTICE = '{"type":"notice","kind":"x"}'
EVENT = '{"type":"event","key":["A","1.json",0],"eventId":7,"providerId":"x","file_type":"json","parameters":[]}'


@pytest.fixture
def mark(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    """A mark in the environment of all programs of the test, which must not be there after it."""
    monkeypatch.setenv(MARK, str(tmp_path))
    yield str(tmp_path)
    assert left_behind(str(tmp_path)) == []


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    monkeypatch.setattr(programs, "PATIENCE", programs.Patience(hello=3.0, collect=3.0, stop=1.5))
    monkeypatch.setattr(hooks, "_asked", "try" if "heard" in request.fixturenames else "off")


@pytest.fixture
def heard() -> None:
    """A test that asks for it has its program's calls heard."""
    if why := unsupervisable():
        pytest.skip(why)


def verdict_of(collector: str) -> ScenarioVerdict:
    return supervised(RunSpec(SCENARIO, 0, collector, "real"), timeout=60)


def test_a_program_that_only_answers_is_told_that_nothing_came_and_of_no_other_failure(
    tmp_path: Path, mark: str
) -> None:
    result = verdict_of(program(tmp_path))
    assert (result.verdict, result.kind) == ("fail", "")
    assert [clause.slug for clause in result.clauses if clause.verdict == "fail"] == ["deliver.sound"]


@pytest.mark.parametrize(
    ("changed", "kind", "told"),
    [
        pytest.param({"first": "sleep 100"}, "hang", "no answer to hello within 3 s", id="hangs at hello"),
        pytest.param({"start": "sleep 100"}, "hang", "no answer to start within 3 s", id="hangs at start"),
        pytest.param({"stop": "sleep 100"}, "hang", "had not ended 1.5 s after stop", id="ignores stop"),
        pytest.param({"first": OWN_FIFO}, "hang", "no answer to hello within 3 s", id="waits at a FIFO of its own"),
        pytest.param({"collect": "kill -9 $$"}, "crash", "was killed by SIGKILL", id="dies in a pass"),
        pytest.param({"stop": "sleep 100 & exit 0"}, "protocol", "left 1 processes behind: sleep", id="leaves a child"),
        pytest.param({"stop": f"{DAEMONS}; exit 0"}, "protocol", "left 2 processes behind", id="leaves daemons"),
    ],
)  # fmt: skip
def test_one_that_is_heard_gets_the_same_verdict(
    tmp_path: Path, mark: str, heard: None, changed: dict[str, str], kind: str, told: str
) -> None:
    result = verdict_of(program(tmp_path, **changed))
    assert (result.verdict, result.kind) == ("fail", kind), result.detail
    assert told in result.detail


@pytest.mark.parametrize("seconds", [1, 100], ids=["less than stop may take", "more than stop may take"])
def test_no_time_passes_for_what_an_ended_program_left(
    tmp_path: Path, mark: str, heard: None, monkeypatch: pytest.MonkeyPatch, seconds: int
) -> None:
    tell = guard._Guard._tell

    def late(self: Any, **what: Any) -> None:
        if "ended" in what:
            select.select([], [], [], 0.2)  # as on a busy machine: what is left behind is heard first
        tell(self, **what)

    monkeypatch.setattr(guard._Guard, "_tell", late)
    result = verdict_of(program(tmp_path, stop=f"sleep {seconds} & exit 0"))
    assert "left 1 processes behind: sleep" in result.detail


@pytest.mark.parametrize(("starved", "told"), [(False, "had not ended 0.2 s after stop"), (True, "exit code 5")])
def test_one_that_is_starved_has_longer_to_end(
    tmp_path: Path, mark: str, monkeypatch: pytest.MonkeyPatch, starved: bool, told: str
) -> None:
    monkeypatch.setattr(programs, "PATIENCE", programs.Patience(hello=30.0, collect=30.0, stop=0.2))
    monkeypatch.setattr(programs.Program, "_is_starved", lambda _self, _patience: starved)
    assert told in verdict_of(program(tmp_path, stop="sleep 1; exit 5")).detail


def test_a_pass_that_waits_longer_than_any_clause_allows_ends_at_once(tmp_path: Path, mark: str, heard: None) -> None:
    result = verdict_of(program(tmp_path, collect="sleep 4000; printf '{\"type\":\"done\"}\\n'"))
    assert "time-up" in " ".join(clause.reason for clause in result.clauses)


@pytest.mark.parametrize(
    ("changed", "kind", "told"),
    [
        pytest.param({"first": "sleep 100"}, "hang", "no answer to hello within 3 s", id="hangs at hello"),
        pytest.param({"start": "sleep 100"}, "hang", "no answer to start within 3 s", id="hangs at start"),
        pytest.param({"collect": "sleep 100"}, "hang", "not done within 3 s", id="hangs in a pass"),
        pytest.param({"collect": "while :; do :; done"}, "hang", "not done within 3 s", id="spins in a pass"),
        pytest.param({"stop": "sleep 100"}, "hang", "had not ended 1.5 s after stop", id="ignores stop"),
        pytest.param(
            {"first": "trap '' TERM INT HUP", "stop": "while :; do :; done"},
            "hang",
            "after stop",
            id="ignores stop and signals",
        ),
        pytest.param({"first": "exit 3"}, "crash", "ended with exit code 3", id="ends at once"),
        pytest.param({"first": "exec 1>&-; sleep 100"}, "protocol", "closed its stdout", id="closes its stdout"),
        pytest.param({"collect": "kill -9 $$"}, "crash", "was killed by SIGKILL", id="dies in a pass"),
        pytest.param(
            {"collect": "printf '{\"type\":'; exit 1"},
            "crash",
            "exit code 1 after half a line",
            id="half a line and death",
        ),
        pytest.param(
            {"collect": "kill -40 $$"}, "crash", "was killed by signal 40", id="dies of a signal without a name"
        ),
        pytest.param({"stop": "exit 5"}, "crash", "after stop it ended with exit code 5", id="ends badly"),
        pytest.param({"hello": "echo Ready."}, "protocol", "'Ready.' is no message", id="garbage"),
        pytest.param({"hello": "echo 42"}, "protocol", "a int where a message", id="JSON but no message"),
        pytest.param(
            {"hello": "head -c 200000 /dev/zero | tr '\\0' '['; echo"}, "protocol", "is no message", id="deep JSON"
        ),
        pytest.param({"hello": "printf '\\033[2J\\377\\n'"}, "protocol", "is no message", id="bytes that act"),
        pytest.param({"hello": HELLO.replace(":1", ":2")}, "protocol", "speaks version 2", id="another version"),
        pytest.param({"collect": """echo '{"type":"done","ledgr":{}}'"""}, "protocol", "ledgr", id="an unknown key"),
        pytest.param(
            {"collect": """echo '{"type":"started"}'"""}, "protocol", "answered collect by", id="the wrong answer"
        ),
        pytest.param(
            {"collect": """echo '{"type":"pause"}'"""},
            "protocol",
            "collect by a message of type pause",
            id="pauses unasked",
        ),
        pytest.param(
            {"start": """echo '{"type":"error","text":"no such setting"}'"""},
            "protocol",
            "no such setting",
            id="an error",
        ),
        pytest.param(
            {"collect": "head -c 1073741824 /dev/zero"}, "protocol", "a line of more than 16 MiB", id="floods a line"
        ),
        pytest.param(
            {"collect": "head -c 1073741824 /dev/zero >&2"},
            "protocol",
            "more than 16 MiB on stderr",
            id="floods stderr",
        ),
        pytest.param({"stop": "sleep 100 & exit 0"}, "protocol", "left 1 processes behind: sleep", id="leaves a child"),
        pytest.param(
            {"stop": 'there="$TMPDIR/$(printf "a\\033b")"; cp "$(command -v sleep)" "$there"; "$there" 100 & exit 0'},
            "protocol",
            "behind: a\\x1bb",
            id="leaves a child whose name acts",
        ),
        pytest.param(
            {"first": DAEMONS},
            "protocol",
            "behind: sleep, sleep",
            id="leaves daemons",
        ),
    ],
)
def test_what_misbehaves_gets_its_verdict(
    tmp_path: Path, mark: str, changed: dict[str, str], kind: str, told: str
) -> None:
    begin = time.monotonic()
    result = verdict_of(program(tmp_path, **changed))
    assert (result.verdict, result.kind) == ("fail", kind), result.detail
    assert told in result.detail
    assert all(clause.verdict == "fail" for clause in result.clauses)
    assert time.monotonic() - begin < 50


@pytest.mark.parametrize("line", [NOTICE, EVENT], ids=["notices", "events"])
def test_a_flood_of_messages_is_cut_off(tmp_path: Path, mark: str, line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "PATIENCE", programs.Patience(hello=30))
    result = verdict_of(program(tmp_path, collect=FLOOD % line))
    assert (result.verdict, result.kind) == ("fail", "protocol"), result.detail
    assert "more than 100,000 lines" in result.detail


def test_what_it_said_on_stderr_is_in_the_detail(tmp_path: Path, mark: str) -> None:
    result = verdict_of(program(tmp_path, collect="printf 'cannot open \\033[31mlog\\n' >&2; exit 1"))
    assert "stderr: cannot open \\x1b[31mlog" in result.detail


NODE = """b.js:1
const x = ;
          ^

SyntaxError: Unexpected token
    at load (inner:1:1)
    at Object.run (inner:2:2)
    at main (inner:3:3)
    at boot (inner:4:4)
    at node (inner:5:5)

Node.js v20"""


def test_one_that_dies_before_it_answers_is_told_with_all_that_it_said(tmp_path: Path, mark: str) -> None:
    """The frames of a stack say less than what stands before them; a last line may have no end."""
    path = tmp_path / "b.sh"
    path.write_text(f"cat >&2 <<'END'\n{NODE}\nEND\nprintf end >&2; exit 1\n")
    result = verdict_of(f"cmd:sh {path}")
    assert [line.text for line in result.said.lines] == [*NODE.splitlines(), "end"]
    told = "b.js:1 / const x = ; / SyntaxError: Unexpected token / Node.js v20 / end"
    assert result.detail.endswith(f"stderr: {told}")


def test_a_directory_that_is_gone_after_the_run_has_one_name_in_all_that_is_told(tmp_path: Path, mark: str) -> None:
    """So that one cause is one text, and its runs are told together."""
    path = tmp_path / "placed.sh"
    path.write_text(f"{HELLO}; read -r hello; read -r start; printf '%s\\n' \"$start\" >&2; exit 1")
    result = verdict_of(f"cmd:sh {path}")
    assert '"log_dir":"/world/log"' in result.said.lines[-1].text.replace(" ", "")
    assert '"log_dir":"/world/log"' in result.detail.replace(" ", "")


def test_one_that_never_reads_its_stdin_is_a_hang(tmp_path: Path, mark: str) -> None:
    path = tmp_path / "deaf.sh"
    path.write_text(f"{HELLO}; exec sleep 100")
    result = verdict_of(f"cmd:sh {path}")
    assert (result.kind, result.verdict) == ("hang", "fail")


@pytest.mark.parametrize("line", ["", EVENT, NOTICE], ids=["no line", "events", "notices"])
def test_a_flood_costs_bounded_memory(tmp_path: Path, mark: str, line: str) -> None:
    collector = program(tmp_path, collect=FLOOD % line if line else "head -c 1073741824 /dev/zero")

    def grown(place: object) -> int:
        subject = resolve(collector)
        before = _peak()
        running = subject.load()
        running.start("/", "/", {})
        taken = []
        try:
            taken += running.collect("extension", programs.messages.Script())
        except programs.Broken:
            return _peak() - before
        finally:
            running.kill()
        raise AssertionError("the flood was taken")

    grown_by, _ = result_of(Job("flood", grown, "real", 60))
    assert grown_by < 512 << 20


def _peak() -> int:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    raise AssertionError("the kernel tells no peak")


def test_a_kit_that_is_killed_leaves_nothing_behind(tmp_path: Path, mark: str) -> None:
    (tmp_path / "mine.toml").write_text(
        'schema = 1\ntitle = "x"\nabout = "x"\nclauses = ["run.errors"]\npasses = 1\n[[actor]]\nhandler = "A"\n'
    )
    # Not asleep: where its calls are heard, a sleep takes no time but the kit's clock's.
    collector = program(tmp_path, collect='cd "$TMPDIR"; mkfifo f; setsid cat f & cat f')
    words = [
        sys.executable,
        "-c",
        "from etp_kit.simulator.cli import main; main()",
        "run",
        "--scenario",
        "mine.toml",
        "--collector",
        collector,
    ]
    kit = subprocess.Popen(words, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    end = time.monotonic() + 40
    while (waiting := sum(one.startswith("cat f") for one in marked(mark))) < 2 and time.monotonic() < end:
        time.sleep(0.02)
    assert waiting == 2
    # The kit and its worker alone: what the program is, its guard has to end. Both are known before
    # one is killed, as a worker without a parent has another.
    for pid in [kit.pid, *children()[kit.pid]]:
        os.kill(pid, signal.SIGKILL)
    kit.wait()


@pytest.mark.parametrize(
    ("name", "mode", "told"),
    [
        ("missing", None, "no such program"),
        ("text", 0o644, "cannot be executed"),
        ("binary", 0o755, "cannot be run: Exec format error"),
    ],
)
def test_what_cannot_be_run_is_bad_input(tmp_path: Path, name: str, mode: int | None, told: str) -> None:
    path = tmp_path / name
    if mode is not None:
        path.write_bytes(b"\x7fNOT")
        path.chmod(mode)
    words = [
        sys.executable,
        "-c",
        "from etp_kit.simulator.cli import main; main()",
        "--scenario",
        "quota-exact",
        "--collector",
        f"cmd:{path}",
    ]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 4
    assert told in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_what_cannot_be_run_leaves_no_descriptor_open(tmp_path: Path) -> None:
    path = tmp_path / "binary"
    path.write_bytes(b"\x7fNOT")
    path.chmod(0o755)

    def opened(place: object) -> tuple[int, int]:
        before = len(os.listdir("/proc/self/fd"))
        with pytest.raises(BadInput):
            programs.Program([str(path)])
        return before, len(os.listdir("/proc/self/fd"))

    (before, after), _ = result_of(Job("descriptors", opened, "real", 60))
    assert before == after
