"""``simulate load`` as users run it: real processes, real files, short."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import psutil
import pytest

from etp_kit.simulator.cli.command import main
from etp_kit.simulator.load.cleaning import clean

#: Small enough for any disk of a CI machine.
SMALL = ("--max-bytes", "64M", "--free-floor", "16M")
PROGRAM = (sys.executable, "-m", "etp_kit.collector")
#: As the console script: without the working directory at the head of sys.path.
SIMULATE = [sys.executable, "-P", "-c", "from etp_kit.simulator.cli import main; main()"]
#: As well, but an agent that does not heed SIGTERM is waited for a second instead of half a minute.
IMPATIENT = [*SIMULATE[:-1], "import etp_kit.simulator.load.load_run as run; run._PATIENCE = 1.0; " + SIMULATE[-1]]


@pytest.fixture
def log_dir(tmp_path: Path) -> Path:
    (tmp_path / "log").mkdir()
    return tmp_path / "log"


def simulate(*arguments: str, program: Sequence[str] = SIMULATE) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*program, "load", *arguments], capture_output=True, text=True, timeout=180, check=False)


def load(log_dir: Path, *arguments: str, scenario: str = "load/soak", program: Sequence[str] = SIMULATE) -> tuple[int, dict[str, Any]]:
    """(exit code, the JSON report) of a load of two seconds, unless the arguments say otherwise."""
    report = log_dir.parent / "report.json"
    span = () if {"--for", "--events"} & set(arguments) else ("--for", "2s")
    done = simulate("--scenario", scenario, "--into", str(log_dir), "--report", f"json={report}", *SMALL, *span, *arguments, program=program)
    assert report.exists(), done.stderr
    told = json.loads(report.read_text())
    assert told["exit"] == done.returncode
    return done.returncode, told


def scenario(path: Path, *actors: str, top: str = "") -> str:
    """A scenario file of these actors."""
    path.write_text(
        'schema = 1\ntitle = "t"\nabout = "a"\nclauses = ["event.mapping"]\npasses = 1\n'
        + top + "[collector]\nperiod = 1\nquota = 30\n" + "".join(f"[[actor]]\n{actor}\n" for actor in actors)
    )  # fmt: skip
    return str(path)


def standing(directory: Path) -> list[str]:
    return sorted(str(path.relative_to(directory)) for path in directory.rglob("*") if not path.name.startswith(".simulate-load"))


# The exit code is 10 where a machine is too busy to hold even such a rate:
# what is asserted is what noise cannot move.
HELD_OR_BUSY = {0, 10}


def test_what_is_written_is_delivered_once_and_nothing_else(log_dir: Path) -> None:
    code, told = load(log_dir, "--events", "400", "--rate", "200/s", "--extensions", "4", "--period", "1", "--collector", "reference")
    assert code in HELD_OR_BUSY, told["reasons"]
    assert told["generator"]["events"] == told["fates"]["delivered"] == 400
    assert sum(count for fate, count in told["fates"].items() if fate != "delivered") == 0
    assert told["invented"] == 0
    assert told["agent"]["passes"]["count"] >= 1
    assert told["agent"]["latency"]["p99"] > 0
    assert told["agent"]["process"]["rss_max"] > 1 << 20
    assert {one["written"] for one in told["extensions"].values()} == {100}
    assert simulate("--clean", str(log_dir)).returncode == 0
    assert os.listdir(log_dir) == []


@pytest.mark.slow
def test_a_soak_loses_and_doubles_nothing(log_dir: Path) -> None:
    code, told = load(log_dir, "--for", "12s", "--rate", "600/s", "--collector", "reference")
    assert code in HELD_OR_BUSY, told["reasons"]
    assert told["generator"]["events"] == told["fates"]["delivered"] == 7_200
    assert {one["metric"]: one["outcome"] for one in told["thresholds"]} == {"lost": "kept", "duplicated": "kept", "rss.growth": "kept"}


def test_a_flood_is_discarded_and_its_bystanders_are_not(log_dir: Path) -> None:
    code, told = load(log_dir, "--events", "900", "--rate", "450/s", "--period", "1", "--quota", "100", "--collector", "reference", scenario="flood")
    assert code in HELD_OR_BUSY, told["reasons"]
    assert told["fates"]["discarded"] > 0
    assert told["explained_by"] == "ledger"
    for one in told["extensions"].values():
        assert one["role"] == "attacker" or one["fates"]["delivered"] == one["written"]
    assert told["fates"]["delivered"] + told["fates"]["discarded"] == told["generator"]["events"]


def test_a_collector_that_loses_is_found_out(log_dir: Path, tmp_path: Path) -> None:
    lossy = tmp_path / "lossy.py"
    lossy.write_text(
        "import glob, os\n"
        "class Lossy:\n"
        "    def __init__(self, log_dir, agent_events_dir, sender, **settings):\n        self.log_dir = log_dir\n"
        "    def collect(self):\n        [os.remove(path) for path in glob.glob(self.log_dir + '/*/events/*.json')]\n"
        "def make(*given, **settings):\n    return Lossy(*given, **settings)\n"
    )
    os.environ["PYTHONPATH"] = str(tmp_path)
    try:
        code, told = load(log_dir, "--events", "50", "--rate", "100/s", "--period", "1", "--extensions", "2", "--collector", "py:lossy:make")
    finally:
        del os.environ["PYTHONPATH"]
    assert (code, told["fates"]["lost"], told["fates"]["delivered"]) == (11, 50, 0)  # the scenario bounds what may be lost


def test_a_threshold_of_the_scenario_decides(log_dir: Path, tmp_path: Path) -> None:
    name = scenario(tmp_path / "s.toml", 'handler = "A"\nevents = 20', top='[[threshold]]\nmetric = "backlog.max"\nmost = 3\n')
    code, told = load(log_dir, "--collector", "reference", "--period", "30", "--settle", "0", "--events", "20", "--rate", "20/s", scenario=name)
    assert code == 11
    assert told["thresholds"][0]["outcome"] == "crossed"


def test_a_program_of_its_own_is_run_and_watched(log_dir: Path) -> None:
    command = f"cmd:{' '.join(PROGRAM)} --log-dir {{log_dir}} --period 0.5"
    code, told = load(log_dir, "--events", "60", "--rate", "60/s", "--extensions", "3", "--period", "0.5", "--collector", command)
    assert code in HELD_OR_BUSY, told["reasons"]
    assert told["fates"]["delivered"] == 60
    assert told["agent"]["passes"] is None


def test_a_running_process_is_watched_and_its_file_is_the_sink(log_dir: Path, tmp_path: Path) -> None:
    sink = tmp_path / "sink.ndjson"
    sink.write_text('{"parameters": [{"name": "Context1", "value": "etp-000000000000 of an earlier load"}]}\n')
    with sink.open("ab") as out, subprocess.Popen([*PROGRAM, "--log-dir", str(log_dir), "--period", "0.5"], stdout=out, stderr=subprocess.DEVNULL) as child:
        try:
            code, told = load(log_dir, "--events", "60", "--rate", "60/s", "--extensions", "3", "--pid", str(child.pid), "--sink", str(sink))
        finally:
            child.terminate()
    assert code in HELD_OR_BUSY, told["reasons"]
    assert (told["fates"]["delivered"], told["fates"]["duplicated"], told["invented"]) == (60, 0, 0)


def test_an_agent_that_ends_is_told(log_dir: Path) -> None:
    code, told = load(log_dir, "--for", "30s", "--collector", "cmd:sh -c 'echo gone >&2; exit 7'")
    assert code == 1
    assert "exit code 7" in told["agent"]["ended"]
    assert told["agent"]["stderr"] == ["gone"]
    assert told["generator"]["seconds"] < 20


def test_a_program_that_hides_its_children_and_floods_leaves_nothing(log_dir: Path, tmp_path: Path) -> None:
    hidden = tmp_path / "pid"
    script = tmp_path / "agent.sh"
    script.write_text(f"#!/bin/sh\n(setsid sh -c 'echo $$ > {hidden}; exec yes {'x' * 200}' &)\ntrap '' TERM\nexec sleep 600\n")
    script.chmod(0o755)
    code, told = load(log_dir, "--events", "5", "--rate", "10/s", "--settle", "0", "--collector", f"cmd:{script}", program=IMPATIENT)
    assert code == 10
    assert told["agent"]["sink"]["no_events"] > 0
    assert _gone([psutil.Process(pid) for pid in [int(hidden.read_text())] if psutil.pid_exists(pid)])


def test_standard_input_is_a_sink(log_dir: Path, tmp_path: Path) -> None:
    report = tmp_path / "r.json"
    command = [*SIMULATE, "load", "--scenario", "load/soak", "--into", str(log_dir), "--events", "40", "--rate", "40/s", "--extensions", "2"]
    with subprocess.Popen([*PROGRAM, "--log-dir", str(log_dir), "--period", "0.5"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as agent:
        command += ["--sink", "-", "--report", f"json={report}", *SMALL]
        done = subprocess.run(command, stdin=agent.stdout, capture_output=True, timeout=120, check=False)
        agent.terminate()
    assert done.returncode in HELD_OR_BUSY
    assert json.loads(report.read_text())["fates"]["delivered"] == 40


def test_a_sink_that_cannot_be_read_when_it_appears_undoes_nothing(log_dir: Path, tmp_path: Path) -> None:
    sink = tmp_path / "sink"
    # The agent takes what it finds; the sink becomes a link to itself once the flood is on.
    agent = f"cmd:sh -c 'until rm {{log_dir}}/*/events/*.json; do sleep 0.1; done; ln -s {sink} {sink}; exec sleep 60'"
    code, told = load(log_dir, "--events", "40", "--rate", "20/s", "--settle", "1", "--collector", agent, "--sink", str(sink))
    assert code == 10
    assert any(reason.startswith("the sink could not be read") for reason in told["reasons"])
    assert told["agent"]["sink"]["unreadable"]
    assert told["fates"]["lost"] == 0
    assert told["fates"]["delivered"] is None
    assert told["fates"]["taken"] > 0
    assert [path for path in standing(log_dir) if path.endswith(".json")]


def test_the_end_of_passes_does_not_put_the_end_off(log_dir: Path) -> None:
    code, told = load(log_dir, "--events", "20", "--rate", "40/s", "--period", "0.2", "--settle", "60", "--collector", "reference")
    assert code in HELD_OR_BUSY, told["reasons"]
    assert told["fates"]["delivered"] == 20
    assert told["seconds"] < 60


def test_a_program_that_waits_for_requests_is_warned_of_in_one_line(log_dir: Path) -> None:
    command = f"cmd:{' '.join(PROGRAM)} --protocol"
    done = simulate("--scenario", "load/soak", "--into", str(log_dir), *SMALL, "--free-floor", "900T", "--collector", command)
    assert done.returncode == 4
    warning, refusal = done.stderr.splitlines()
    assert "warning" in warning
    assert "waits for requests" in warning
    assert "must stay free" in refusal


def test_garbage_on_the_sink_is_counted_and_no_event(log_dir: Path) -> None:
    code, told = load(log_dir, "--events", "5", "--rate", "20/s", "--settle", "0", "--collector", "cmd:sh -c 'yes garbage | head -c 3000000; sleep 60'")
    assert code == 10
    assert told["agent"]["sink"]["no_events"] == 3_000_000 // len("garbage\n")
    assert "nothing was taken" in told["reasons"]


def test_nothing_is_taken_by_nobody(log_dir: Path) -> None:
    code, told = load(log_dir, "--events", "20", "--rate", "40/s", "--extensions", "2", scenario="flood")
    assert code in HELD_OR_BUSY
    assert told["fates"]["delivered"] is None
    assert told["fates"]["waiting"] == told["generator"]["events"]
    assert len([path for path in standing(log_dir) if path.endswith(".json")]) == told["generator"]["files"]


def test_the_same_seed_writes_the_same_messages(log_dir: Path) -> None:
    def messages(seed: str) -> list[tuple[str, str]]:
        load(log_dir, "--events", "40", "--rate", "400/s", "--extensions", "4", "--seed", seed)
        found = [json.loads(path.read_text()) for path in log_dir.glob("*/events/*.json")]
        assert not clean(log_dir).kept
        return sorted((event["Message"], event["OperationId"]) for event in found)

    assert messages("5") == messages("5") != messages("6")


def test_the_rail_ends_the_flood(log_dir: Path) -> None:
    code, told = load(log_dir, "--events", "300", "--rate", "600/s", "--extensions", "4", "--max-files", "50", "--writers", "2")
    assert code == 11
    assert "--max-files" in told["generator"]["stopped_by"]
    # Two directories an extension; and both writers may have found room for the last file.
    assert len(standing(log_dir)) <= 50 + 8 + 1


@pytest.mark.parametrize("hazard", ['{ kind = "device" }', '{ kind = "link", to = "endless" }', '{ kind = "unremovable" }'])
def test_dangerous_hazards_are_refused_before_anything_is_written(log_dir: Path, tmp_path: Path, hazard: str) -> None:
    name = scenario(tmp_path / "s.toml", f'handler = "A"\nhazards = [{hazard}]')
    done = simulate("--scenario", name, "--into", str(log_dir), *SMALL)
    assert (done.returncode, os.listdir(log_dir)) == (4, [])
    assert "--dangerous" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_hostile_objects_are_written_and_cleaned(log_dir: Path, tmp_path: Path) -> None:
    kinds = ["fifo", "socket", "link", "hardlink", "torn", "vanishing", "renamed", "replaced", "directory-named-event", "odd-names"]
    hazards = ", ".join(f'{{ kind = "{kind}" }}' for kind in kinds)
    name = scenario(tmp_path / "s.toml", f'handler = "A"\nrole = "attacker"\nevents = 5\nhazards = [{hazards}]', 'handler = "B"\nevents = 5')
    code, told = load(log_dir, "--rate", "20/s", "--for", "3s", "--collector", "reference", scenario=name)
    assert code in HELD_OR_BUSY, (told["reasons"], told["fates"], told["generator"])
    assert told["extensions"]["B"]["fates"]["delivered"] == told["extensions"]["B"]["written"] > 0
    assert simulate("--clean", str(log_dir)).stdout.count("stays:") == 0
    assert os.listdir(log_dir) == []


def _children(pid: int) -> list[psutil.Process]:
    return psutil.Process(pid).children(recursive=True)


def _gone(processes: list[psutil.Process]) -> bool:
    """Whether they end within a bounded time; a zombie has ended."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        if not any(one.is_running() and one.status() != psutil.STATUS_ZOMBIE for one in processes if psutil.pid_exists(one.pid)):
            return True
        time.sleep(0.05)
    return False


@pytest.fixture
def running(log_dir: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A long load that has begun to write."""
    command = [*SIMULATE, "load", "--scenario", "load/soak", "--into", str(log_dir), "--for", "10m", "--rate", "300/s", "--period", "60", *SMALL]
    with subprocess.Popen([*command, "--collector", "reference"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as child:
        try:
            end = time.monotonic() + 60
            while not list(log_dir.glob("*/events/*.json")) and time.monotonic() < end:
                time.sleep(0.05)
            yield child
        finally:
            child.kill()


@pytest.mark.parametrize("signal_", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_ends_it_cleanly(running: subprocess.Popen[bytes], log_dir: Path, signal_: signal.Signals) -> None:
    children = _children(running.pid)
    assert len(children) >= 2
    running.send_signal(signal_)
    out, _ = running.communicate(timeout=60)
    assert running.returncode == 2
    assert b"interrupted" in out
    assert _gone(children)
    assert simulate("--clean", str(log_dir)).returncode == 0
    assert os.listdir(log_dir) == []


def test_a_kill_leaves_no_process_and_a_directory_that_can_be_cleaned(running: subprocess.Popen[bytes], log_dir: Path) -> None:
    children = _children(running.pid)
    assert len(children) >= 2
    (log_dir / "Fabrikam.Steady.Agent" / "events" / "theirs.json").write_text("theirs")
    running.kill()
    running.wait()
    assert _gone(children)
    assert list(log_dir.glob("*/events/*.json"))
    done = simulate("--clean", str(log_dir))
    assert done.returncode == 1
    assert standing(log_dir) == ["Fabrikam.Steady.Agent", "Fabrikam.Steady.Agent/events", "Fabrikam.Steady.Agent/events/theirs.json"]
    (log_dir / "Fabrikam.Steady.Agent" / "events" / "theirs.json").unlink()
    assert simulate("--clean", str(log_dir)).returncode == 0
    assert os.listdir(log_dir) == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--rate", "5x"], "a rate is such as"),
        (["--for", "1s", "--events", "5"], "one of them ends the load"),
        (["--collector", "nope"], "is no collector"),
        (["--collector", "cmd:"], "names no program"),
        (["--collector", "cmd:no-such-program"], "there is no such program"),
        (["--collector", "reference", "--pid", "1"], "goes not with --collector"),
        (["--pid", "4194304"], "no process has the id"),
        (["--sink", "."], "is a directory"),
        (["--report", "junit=x"], "json=PATH"),
        (["--free-floor", "900T"], "must stay free"),
        (["--events", "5", "--extensions", "5000"], "too many"),
        (["--collector", "reference", "--quota", "5", "--clean", "x"], "stands alone"),
    ],
)
def test_what_makes_no_sense_is_told_in_one_line_and_nothing_is_written(
    log_dir: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    monkeypatch.setattr(sys, "argv", ["simulate", "load", "--scenario", "flood", "--into", str(log_dir), *SMALL, *arguments])
    with pytest.raises(SystemExit) as end:
        main()
    out, error = capfd.readouterr()
    assert end.value.code == 4, out
    assert told in error
    assert len(error.splitlines()) == 1
    assert os.listdir(log_dir) == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--collector", "reference", "--sink", "x"], "is read where"),
        (["--collector", "py:no_such_module:make"], "no_such_module"),
    ],
)
def test_what_its_agent_shows_to_make_no_sense_is_told_in_one_line_as_well(log_dir: Path, arguments: list[str], told: str) -> None:
    done = simulate("--scenario", "flood", "--into", str(log_dir), *SMALL, *arguments)
    assert done.returncode == 4, done.stdout
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert os.listdir(log_dir) == []
