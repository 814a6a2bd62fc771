"""A program of a test, heard: its calls as they were told, with what a test has happen at them."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from etp_kit.simulator.base.units import EPOCH
from etp_kit.simulator.subjects.program import messages
from etp_kit.simulator.subjects.program.conversation import Program
from etp_kit.simulator.supervisor.start import unsupervisable

needs_kernel = pytest.mark.skipif(bool(unsupervisable()), reason=unsupervisable() or "-")

#: What every program here does around the code of its test: the protocol, and `root`, `say`.
_FRAME = """
import errno, json, os, sys, threading, time
def say(text): os.write(1, (json.dumps({{"type": "notice", "kind": "x-said", "text": str(text)}}) + "\\n").encode())
root = ""
for line in sys.stdin:
    request = json.loads(line)
    if request["type"] == "hello": os.write(1, b'{{"type":"hello","protocol":1,"capabilities":{{}}}}\\n')
    elif request["type"] == "start":
        root = request["log_dir"]
        os.write(1, b'{{"type":"started"}}\\n')
    elif request["type"] == "collect":
        try:
{code}
        except OSError as error:
            say(errno.errorcode[error.errno])
        os.write(1, b'{{"type":"done"}}\\n')
    else: os._exit(0)
"""


class Recorder:
    """A listener that keeps what it is told.

    ``strikes`` may raise at a call, with its label, its path and "before" or "after".
    """

    def __init__(self, strikes: Callable[[str, str, str], None] = lambda *_: None) -> None:
        self.calls: list[tuple[str, str, int]] = []
        self.escapes: list[tuple[str, str]] = []
        self.strikes = strikes
        self.now = 0
        self.most = sys.maxsize
        #: Directories whose listing never ends.
        self.endless: tuple[str, ...] = ()

    def before(self, label: str, path: str) -> None:
        self.strikes(label, path, "before")

    def after(self, label: str, path: str, errno: int) -> None:
        self.calls.append((label, path, errno))
        self.strikes(label, path, "after")

    def order(self, names: list[Any]) -> list[Any]:
        return names[::-1]

    def is_endless(self, label: str, path: str) -> bool:
        return path in self.endless

    def shorten(self, path: str, wanted: int) -> int:
        return min(wanted, self.most)

    def asleep(self, nanoseconds: int) -> None:
        self.now += nanoseconds

    def escaped(self, call: str, path: str) -> None:
        self.escapes.append((call, path))

    def clock(self, number: int) -> int:
        return self.now + (EPOCH if number in {0, 5, 11} else 1_000_000_000_000)


@contextmanager
def running(code: str, root: Path, listener: Recorder) -> Iterator[Program]:
    """A program whose pass does this, and whose calls below the root are told."""
    body = "\n".join("            " + line for line in code.strip().splitlines())
    program = Program([sys.executable, "-I", "-S", "-c", _FRAME.format(code=body)], heard=True)
    try:
        program.hello()
        program.listened_by(listener, str(root))
        program.start(str(root), str(root), {})
        yield program
    finally:
        program.close()


def told_by(code: str, root: Path, listener: Recorder) -> list[str]:
    """What a pass of this code said."""
    with running(code, root, listener) as program:
        said = [
            answer.text
            for answer in program.collect("extension", messages.Script())
            if isinstance(answer, messages.Notice)
        ]
        program.settle()
        return said


def seconds_of(work: Callable[[], Any]) -> float:
    begin = time.monotonic()
    work()
    return time.monotonic() - begin
