"""Whether the first of a program's processes lives, as /proc tells it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from etp_kit.simulator.supervisor.family import Family

#: Its first thread ends, and another reads its stdin.
_LEADERLESS = """
import ctypes, os, threading
threading.Thread(target=os.read, args=(0, 1)).start()
ctypes.CDLL(None).pthread_exit(None)
"""


def _family(leader: int) -> Family:
    family = Family()
    assert family.process_of(leader) == leader
    return family


def _await_zombie(pid: int) -> None:
    end = time.monotonic() + 60
    while Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] != "Z":
        assert time.monotonic() < end, "it goes on"
        os.sched_yield()


def test_a_process_that_runs_leads() -> None:
    assert _family(os.getpid()).is_led


@pytest.mark.parametrize("waited_for", [False, True], ids=["not waited for", "waited for"])
def test_one_that_has_ended_does_not(waited_for: bool) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL) as child:
        family = _family(child.pid)
        assert child.stdin is not None
        child.stdin.close()
        _await_zombie(child.pid)
        if waited_for:
            child.wait()
        assert not family.is_led


def test_one_whose_first_thread_alone_has_ended_leads() -> None:
    with subprocess.Popen([sys.executable, "-c", _LEADERLESS], stdin=subprocess.PIPE) as child:
        family = _family(child.pid)
        _await_zombie(child.pid)
        assert family.is_led
