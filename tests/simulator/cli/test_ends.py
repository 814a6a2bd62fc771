"""How a command ends: one line and its exit code, whatever the system refuses and whichever signal
comes."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from etp_kit.simulator.base.exit_codes import Exit
from etp_kit.simulator.cli import streams
from tests.simulator.cli.small import SCENARIO
from tests.simulator.signals import heard

SMALL = ("run", "small.toml")


@pytest.fixture
def where(tmp_path: Path) -> Path:
    (tmp_path / "small.toml").write_text(SCENARIO)
    return tmp_path


def simulate(where: Path, *words: str, shell: str = '"$@"', **env: str) -> subprocess.CompletedProcess[str]:
    """The command in a shell, which may close or fill its streams."""
    command = ["sh", "-c", shell, "sh", sys.executable, "-m", "etp_kit", *words]
    return subprocess.run(
        command, cwd=where, capture_output=True, text=True, timeout=120, check=False, env={**os.environ, **env}
    )  # fmt: skip


@pytest.mark.parametrize(
    ("shell", "told"),
    [
        ('"$@" >/dev/full', "standard output cannot be written: No space left on device"),
        ('"$@" >&-', "standard output is closed"),
        ('{ "$@"; echo "code $?" >&2; } | true', "standard output cannot be written: Broken pipe"),
    ],
)
def test_output_that_goes_nowhere_is_one_line_and_no_failed_clause(where: Path, shell: str, told: str) -> None:
    if "| true" in shell:
        shell = '{ sleep 0.2; "$@"; echo "code $?" >&2; } | true'
    done = simulate(where, *SMALL, shell=shell)
    lines = done.stderr.strip().splitlines()
    assert told in lines[0]
    code = int(lines[1].split()[1]) if "| true" in shell else done.returncode
    assert (code, len(lines)) == (Exit.BAD_INPUT, 2 if "| true" in shell else 1), done.stderr


def test_a_closed_pipe_leaves_no_report_unwritten(where: Path) -> None:
    shell = '{ "$@"; echo "code $?" >&2; } | true'
    both = ("--report", "json=out.json", "--report", "junit=out.xml")
    done = simulate(where, *SMALL, *both, shell=f"{{ sleep 0.2; {shell[2:]}")
    assert "standard output cannot be written: Broken pipe" in done.stderr
    assert "code 4" in done.stderr
    assert json.loads((where / "out.json").read_text())["exit"] == Exit.CONFORMANT
    assert (where / "out.xml").read_text().endswith("</testsuites>\n")


def test_a_report_that_cannot_be_written_keeps_no_other_back(where: Path) -> None:
    done = simulate(where, *SMALL, "--report", "json=/dev/full", "--report", "junit=out.xml")
    assert done.returncode == Exit.BAD_INPUT
    assert (where / "out.xml").read_text().endswith("</testsuites>\n")


def test_a_full_disk_under_a_report_leaves_the_verdict_told(where: Path) -> None:
    done = simulate(where, *SMALL, "--report", "json=/dev/full")
    assert "PASS" in done.stdout
    assert done.stderr == "simulate: --report json=/dev/full: cannot be written: No space left on device\n"
    assert done.returncode == Exit.BAD_INPUT


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--report", "json=a", "--report", "html=./a"), "two reports cannot share one file"),
        (("--report", "json=-", "--report", "html=-"), "two reports cannot share standard output"),
        (("--timeout", "nan"), "nan is no number of seconds"),
    ],
)
@pytest.mark.parametrize("verb", [SMALL, ("conform", "--scenario", "quota-exact")], ids=lambda verb: verb[0])
def test_what_makes_no_sense_is_refused_before_anything_runs(
    where: Path, verb: tuple[str, ...], words: tuple[str, ...], told: str
) -> None:
    done = simulate(where, *verb, *words)
    assert (done.returncode, done.stdout) == (Exit.BAD_INPUT, "")
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert sorted(path.name for path in where.iterdir()) == ["small.toml"]


def test_reports_may_share_a_device(where: Path) -> None:
    both = ("--report", "json=/dev/null", "--report", "html=/dev/null")
    assert simulate(where, *SMALL, *both).returncode == Exit.CONFORMANT


def test_a_locale_without_these_characters_changes_no_verdict(where: Path) -> None:
    done = simulate(where, *SMALL, LC_ALL="C", PYTHONUTF8="0", PYTHONIOENCODING="")
    assert (done.returncode, done.stderr) == (Exit.CONFORMANT, "")
    assert done.stdout.isascii()
    assert re.search(r"^PASS .* clauses passed - [0-9]", done.stdout, re.MULTILINE), "our signs have their like"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_ends_it_and_leaves_nothing(where: Path, number: int) -> None:
    (where / "spinning.py").write_text(
        "class C:\n    def collect(self):\n        while True: pass\ndef build(*places, **settings):\n    return C()\n"
    )
    command = [sys.executable, "-m", "etp_kit", *SMALL, "--collector", "py:spinning:build", "--report", "json=out.json"]
    with heard(signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        started = subprocess.Popen(command, cwd=where, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    children = Path(f"/proc/{started.pid}/task/{started.pid}/children")
    while not (workers := children.read_text().split()):
        assert started.poll() is None, started.communicate()
        time.sleep(0.02)  # real: another process has to come up
    started.send_signal(number)
    _, errors = started.communicate(timeout=60)
    assert (started.returncode, errors.strip()) == (Exit.INTERRUPTED, "simulate: interrupted")
    assert not any(Path(f"/proc/{worker}").exists() for worker in workers)
    assert {path.name for path in where.iterdir()} - {"__pycache__"} == {"small.toml", "spinning.py"}


def test_a_signal_that_is_ignored_stays_so(where: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)}
    try:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        streams.prepare()
        assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


INTERRUPTED = """
import signal, sys
from etp_kit.simulator.cli import command

def main(**_):
    try:
        signal.raise_signal(signal.SIGINT)
    except KeyboardInterrupt:
        if "wraps" in sys.argv:
            raise ValueError("made of it") from None
        raise

command.cli.main = main
command.main()
"""


def interrupted(*words: str, **environment: str) -> tuple[int, str]:
    with heard(signal.SIGINT):
        command = [sys.executable, "-c", INTERRUPTED, *words]
        done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **environment}, check=False)
    return done.returncode, done.stderr


def test_what_a_library_makes_of_an_interrupt_is_an_interrupt() -> None:
    assert interrupted("wraps") == interrupted() == (Exit.INTERRUPTED, "simulate: interrupted\n")


def test_an_interrupted_completion_says_nothing_beside_the_prompt() -> None:
    assert interrupted(_SIMULATE_COMPLETE="bash_complete") == (Exit.INTERRUPTED, "")


@pytest.mark.parametrize("words", [("quota-exact",), ("run", "quota-exact"), ("quota/quota-exact",), ("small.toml",)])
def test_a_scenario_may_stand_where_it_obviously_is_one(where: Path, words: tuple[str, ...]) -> None:
    done = simulate(where, *words)
    assert done.returncode == Exit.CONFORMANT
    assert "PASS" in done.stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("flod",), "neither a verb nor a scenario is named 'flod' (did you mean"),
        (("run",), "no scenario is named (`simulate list` shows them"),
        (("run", "flood", "--scenario", "quota-exact"), "two scenarios"),
        (("conform", "--clause", "nosuch"), "`simulate list --clauses` shows them"),
        (("conform", "--scenario", "zzzz"), "`simulate list` shows them"),
    ],
)
def test_a_hint_names_the_right_command(where: Path, words: tuple[str, ...], told: str) -> None:
    done = simulate(where, *words)
    assert done.returncode == Exit.BAD_INPUT
    assert told in done.stderr


def test_a_bug_of_the_kits_own_is_one_line_and_the_rest_for_who_asks(where: Path) -> None:
    broken = (
        "import etp_kit.simulator.cli.explain as e; from etp_kit.simulator.cli import main; e.CLAUSES = None; main()"
    )
    command = [sys.executable, "-c", broken, "explain", "quota.notice"]
    done = subprocess.run(command, cwd=where, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == Exit.KIT_BROKE
    (line,) = done.stderr.splitlines()
    assert line.startswith("simulate: the kit broke: TypeError")


def test_what_failed_is_counted_as_failed(where: Path) -> None:
    done = simulate(where, "run", "quota-exact", "--collector", "mutant:quota-raised")
    assert re.search(r"^FAIL (\d+) of \d+ clauses failed, \d+ passed", done.stdout, re.MULTILINE)


def test_ids_in_the_list_are_whole(where: Path) -> None:
    done = simulate(where, "list", COLUMNS="80")
    assert "quota/same-second-flood" in done.stdout or "quota/flood" in done.stdout
    ids = [line.split(" ")[0] for line in done.stdout.splitlines()[2:] if not line.startswith(" ")]
    from etp_kit.simulator.shipped import shipped_scenarios

    assert ids == list(shipped_scenarios())
