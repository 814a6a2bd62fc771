"""Where in a collector's own code an error comes from: its frames, without the kit's.

The kit stands on both sides of a collector: it calls it, and its hooks answer what it asks of
``os``. Who mends a collector reads the frames between.
"""

from __future__ import annotations

import os
import re
import sysconfig
import traceback
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from ..core import STOOD, Raised

_LONGEST = 1_000
_MOST_LINES = 60
_KIT = str(Path(__file__).resolve().parents[1]) + os.sep
_HELPERS = tuple(f"{os.sep}{name}{os.sep}" for name in ("importlib", "pyfakefs"))
_STANDARD = sysconfig.get_path("stdlib") + os.sep
_FRAME = re.compile(r'  File "(?P<file>.*)", line (?P<line>[0-9]+) in (?P<function>.*)')


@cache
def is_kits(file: str) -> bool:
    """Whether a frame of this file is the kit's, or of what its world is made of."""
    real = os.path.realpath(file)
    return real.startswith(_KIT) or file.startswith("<frozen importlib") or any(name in real for name in _HELPERS)


def is_own(file: str) -> bool:
    """Whether a file is one that somebody may mend: neither the kit's nor Python's."""
    return (
        not is_kits(file) and not file.startswith("<") and (not file.startswith(_STANDARD) or "site-packages" in file)
    )


def told_error(error: BaseException) -> Raised:
    """The error with its message, its place and the traceback of the collector's frames."""
    told = traceback.TracebackException.from_exception(error)
    _leave_out_kit(told)
    text = _text(error)
    lines = [line[:_LONGEST] for part in told.format() for line in part.rstrip("\n").split("\n")]
    if len(lines) > _MOST_LINES:  # an endless recursion
        half = _MOST_LINES // 2
        lines = [*lines[:half], f"  ... {len(lines) - 2 * half} more lines ...", *lines[-half:]]
    if isinstance(error, SyntaxError) and error.filename and is_own(error.filename):
        return Raised(text, error.filename, error.lineno or 0, "", tuple(lines))
    place = _innermost((frame.filename, frame.lineno or 0, frame.name) for frame in reversed(told.stack))
    return Raised(text, *place, tuple(lines))


def told_place(dump: str) -> Raised | None:
    """Where a collector stands, from what faulthandler tells of its threads; None where none of
    them is in its code."""
    for thread in dump.split("\n\n"):
        frames = [(m["file"], int(m["line"]), m["function"]) for m in map(_FRAME.fullmatch, thread.splitlines()) if m]
        own = _called(frames)
        place = _innermost(own)
        if place[0]:
            lines = [f'  File "{file}", line {line}, in {function}' for file, line, function in reversed(own)]
            return Raised(
                STOOD, *place, ("Where it stood (most recent call last):", *lines[-_MOST_LINES:])
            )
    return None


def _called(frames: list[tuple[str, int, str]]) -> list[tuple[str, int, str]]:
    """Of a whole stack, from within outwards, what the kit called: its hooks within are left out,
    and so is what called the kit."""
    called: list[tuple[str, int, str]] = []
    for frame in frames:
        if not is_kits(frame[0]):
            called.append(frame)
        elif called:
            break
    return called


def _innermost(frames: Iterable[tuple[str, int, str]]) -> tuple[str, int, str]:
    """The first place of the collector's own, of frames from within outwards."""
    return next(((file, line, name) for file, line, name in frames if is_own(file)), ("", 0, ""))


def _leave_out_kit(told: traceback.TracebackException) -> None:
    seen: set[int] = set()
    pending: list[traceback.TracebackException | None] = [told]
    while pending:
        one = pending.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        one.stack = traceback.StackSummary.from_list([frame for frame in one.stack if not is_kits(frame.filename)])
        pending += [one.__cause__, one.__context__]


def _text(error: BaseException) -> str:
    """``KeyError: 'name'``; its own ``__str__`` may fail."""
    try:
        text = error.msg if isinstance(error, SyntaxError) else str(error)
    except Exception:
        text = "(its text cannot be had)"
    name = type(error).__name__
    return f"{name}: {text}"[:_LONGEST] if text else name
