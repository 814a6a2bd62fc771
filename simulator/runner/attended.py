"""A run with somebody at its terminal: what the collector prints is seen at once, and a debugger
can stop in it.

Rules: a debugger's own calls go past the seam, and it steps into no frame of the kit. The clock
stands still while it waits, and no watchdog looks. Where nobody attends, ``breakpoint()`` says so:
it has no terminal to ask.
"""

from __future__ import annotations

import bdb
import os
import pdb
import signal
import sys
import types
from typing import Any, NamedTuple, TextIO

from ..core import Line
from ..safe import safe
from ..subjects import is_kits, is_own, told_error
from ..world import aside
from .ear import LIVE

_KITS = ["etp_kit.simulator*", "pyfakefs*", "contextlib"]


class Terminal(NamedTuple):
    """Descriptors of the user's terminal, for a worker. ``stops``: whether an error opens the
    debugger."""

    stdin: int
    stdout: int
    stderr: int
    stops: bool

    def close(self) -> None:
        for descriptor in self[:3]:
            os.close(descriptor)


def terminal(*, stops: bool) -> Terminal:
    """That of this process."""
    return Terminal(os.dup(0), os.dup(1), os.dup(2), stops)


def attend(given: Terminal) -> None:
    """Have this worker's collector speak and listen there."""
    for place, descriptor in enumerate(given[:3]):
        os.dup2(descriptor, place)
    sys.stdin = open(0, closefd=False)  # noqa: SIM115 - for the process's life
    sys.stdout, sys.stderr = _writable(1), _writable(2)
    LIVE.show = _show
    if given.stops:
        LIVE.look_at = _look_at
    sys.breakpointhook = _stop_here
    pdb.set_trace = _stop_here


def _writable(descriptor: int) -> TextIO:
    return open(descriptor, "w", buffering=1, closefd=False, errors="backslashreplace")


def be_unattended() -> None:
    """Have ``breakpoint()`` say what it would take."""
    sys.breakpointhook = _refuse
    pdb.set_trace = _refuse


def _show(line: Line) -> None:
    print(f"{line.source}: {safe(line.text, 2_000)}", file=sys.stderr)


def _refuse(*_: Any, **__: Any) -> None:
    if os.environ.get("PYTHONBREAKPOINT") != "0":
        raise RuntimeError("breakpoint() has no terminal in this run: `simulate run -s` gives it one")


def _stop_here(*_: Any, **__: Any) -> None:
    if os.environ.get("PYTHONBREAKPOINT") == "0":
        return
    with aside():
        debugger = _Debugger()
    debugger.set_trace(sys._getframe(1))


def _look_at(error: BaseException) -> None:
    """The debugger at an error, in the frames of the collector."""
    LIVE.look_at = None  # the first; the same comes again in every pass
    told = told_error(error)
    print(*(safe(line, 2_000) for line in told.traceback), sep="\n", file=sys.stderr)
    trace = _own(error.__traceback__)
    if trace is None:
        print("no frame of it is the collector's", file=sys.stderr)
        return
    with aside():
        debugger = _Debugger()
        debugger.reset()
        debugger.interaction(None, trace)


def _own(trace: types.TracebackType | None) -> types.TracebackType | None:
    """The traceback without the kit's frames."""
    if trace is None:
        return None
    rest = _own(trace.tb_next)
    if is_kits(trace.tb_frame.f_code.co_filename):
        return rest
    return types.TracebackType(rest, trace.tb_frame, trace.tb_lasti, trace.tb_lineno)


class _Debugger(pdb.Pdb):
    def __init__(self) -> None:
        super().__init__(nosigint=True, readrc=False, skip=_KITS)

    def set_trace(self, frame: types.FrameType | None = None, **more: Any) -> None:
        with aside():
            self.reset()
        bdb.Bdb.set_trace(self, frame, **more)

    def stop_here(self, frame: types.FrameType) -> bool:
        caller = frame.f_back
        inside = is_own(frame.f_code.co_filename) or (caller is not None and not is_kits(caller.f_code.co_filename))
        return inside and super().stop_here(frame)

    def do_quit(self, arg: str) -> bool | None:  # noqa: ARG002 - pdb's form
        """The run ends, as by an interrupt: a collector that is left in the middle proves
        nothing."""
        os.kill(os.getppid(), signal.SIGINT)
        signal.pause()
        return True

    do_q = do_exit = do_EOF = do_quit  # noqa: N815 - pdb's names

    def trace_dispatch(self, frame: types.FrameType, event: str, arg: Any) -> Any:
        with aside():
            return super().trace_dispatch(frame, event, arg)
