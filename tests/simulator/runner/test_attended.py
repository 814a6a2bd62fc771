"""A run that somebody attends: prints at once, a debugger in the collector's frames, and a plain
word where neither can be."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.simulator.signals import heard

COLLECTOR = """
class Collector:
    def __init__(self, *places, **settings): ...
    def collect(self):
        here = 41
        print("printed at once")
        breakpoint()
        here += 1
        return None

class Raising(Collector):
    def collect(self):
        here = 43
        raise KeyError("missing-key")
"""
WORDS = ("run", "--scenario", "quota-exact", "--collector")


def run(where: Path, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    (where / "mine.py").write_text(COLLECTOR)
    command = [sys.executable, "-m", "etp_kit", *WORDS, *words]
    with heard(signal.SIGINT):
        return subprocess.run(command, cwd=where, input=typed, capture_output=True, text=True, timeout=120, check=False)


def test_breakpoint_without_a_terminal_says_what_it_takes(tmp_path: Path) -> None:
    done = run(tmp_path, "py:mine:Collector")
    assert done.returncode == 1
    told = " ".join(done.stdout.split())  # lines are broken at the width
    assert "breakpoint() has no terminal in this run: `simulate run -s` gives it one" in told
    assert "BdbQuit" not in done.stdout


def test_breakpoint_stops_in_the_collector_and_raises_nothing_there(tmp_path: Path) -> None:
    done = run(tmp_path, "py:mine:Collector", "-s", typed="p here\nn\np here\nc\np here + 100\nc\n")
    assert "printed at once" in done.stdout
    assert "(Pdb) 41" in done.stdout
    assert "42" in done.stdout
    assert "(Pdb) 141" in done.stdout, "the second pass stops as well"
    assert "raised" not in done.stdout, "no error of the debugger's is the collector's"


def test_an_error_opens_the_debugger_in_the_frame_that_raised(tmp_path: Path) -> None:
    done = run(tmp_path, "py:mine:Raising", "--pdb", typed="p here\nw\nc\n")
    assert "(Pdb) 43" in done.stdout
    assert "simulator/" not in done.stdout.partition("quota/quota-exact")[0], "no frame of the kit"
    assert done.returncode == 1


def test_whoever_leaves_the_debugger_ends_the_run(tmp_path: Path) -> None:
    assert run(tmp_path, "py:mine:Collector", "-s", typed="q\n").returncode == 2


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("cmd:cat", "--pdb"), "cannot stop in a program"),
        (("py:mine:Collector", "-s", "--exhaust", "crash"), "--exhaust makes many"),
    ],
)
def test_where_nobody_can_attend_it_is_said(tmp_path: Path, words: tuple[str, ...], told: str) -> None:
    done = run(tmp_path, *words)
    assert done.returncode == 4
    assert told in done.stderr
