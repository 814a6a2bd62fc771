"""The standard streams of a command, and the signals that end it.

Rules: what a stream's encoding does not know is written as escapes, our own signs as ASCII. A
stream that is closed is told before anything runs, since a report that is opened later would get
its descriptor. SIGTERM and SIGHUP end a command like SIGINT: workers and files that are half
written go, and the exit code says so.
"""

from __future__ import annotations

import codecs
import io
import os
import signal
import sys
from types import FrameType
from typing import NoReturn

from ..base import BadInput

_ENDING = (signal.SIGTERM, signal.SIGHUP)
#: The error handler of our streams, and what it writes for signs of our own tables.
_PLAIN = "etp-kit-plain"
_SIGNS = {"·": "-", "…": "...", "→": "->"}
_interrupted = False


def prepare() -> None:
    """Make streams and signals as they have to be. Raises BadInput for a closed standard output."""
    for descriptor in (0, 2):
        if _is_closed(descriptor):
            os.open(os.devnull, os.O_RDWR)  # the lowest that is free: this one
    if sys.stdout is None:
        os.open(os.devnull, os.O_RDWR)
        raise BadInput("standard output is closed", hint="to see nothing, write to /dev/null")
    codecs.register_error(_PLAIN, _plain)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_PLAIN)
    for number in _ENDING:
        if signal.getsignal(number) == signal.SIG_DFL:  # whoever has it ignored, such as nohup, means it
            signal.signal(number, _end)
    if signal.getsignal(signal.SIGINT) == signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupt)


def was_interrupted() -> bool:
    """Whether a signal asked for the end. A library may have made an error of its own of that."""
    return _interrupted


def flush() -> None:
    """Have everything written that was said. Raises OSError."""
    sys.stdout.flush()


def silence() -> None:
    """What is still to be written goes nowhere: the interpreter would complain of it at its end,
    with an exit code of its own."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)


def _plain(error: UnicodeError) -> tuple[str | bytes, int]:
    """What stands for a character that a stream cannot write."""
    if isinstance(error, UnicodeEncodeError) and error.object[error.start] in _SIGNS:
        return _SIGNS[error.object[error.start]], error.start + 1
    return codecs.backslashreplace_errors(error)


def _end(number: int, frame: FrameType | None) -> NoReturn:
    for other in (*_ENDING, signal.SIGINT):
        signal.signal(other, signal.SIG_IGN)  # a second one would interrupt the cleaning up
    _interrupt(number, frame)


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:  # noqa: ARG001 - a handler's form
    global _interrupted  # noqa: PLW0603 - one a process, as signals are
    _interrupted = True
    raise KeyboardInterrupt


def _is_closed(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return True
    return False
