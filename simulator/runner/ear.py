"""The ear for what a collector says: errors, prints and log records, kept for who mends it.

A worker's standard streams are not the user's: what a collector prints must not stand in a report.
So it is kept, as much as somebody reads. The last of it is also put where the parent finds it when
the worker has died.
"""

from __future__ import annotations

import io
import logging
import mmap
import struct
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, cast

from ..core import Line, Raised, Said, without_secrets
from ..subjects import told_error

#: Lines of one run that are kept from its beginning, and as many from its end.
_MOST = 100
_LONGEST = 1_000
_MOST_ERRORS = 5
_HEAD = struct.Struct("=I")
_ROOM = 8 << 10


class Ear:
    """What is heard in one run. ``pass_number`` is the runner's to set; ``told``: a text as people
    read it."""

    def __init__(self, told: Callable[[str], str] = str) -> None:
        self._as_told = told
        self.pass_number = 0
        self._raised: dict[tuple[str, str, int], Raised] = {}
        self._first: list[Line] = []
        self._last: deque[Line] = deque(maxlen=_MOST)
        self._count = 0

    def hear(self, source: str, text: str) -> None:
        """Keep a text, line by line."""
        for one in without_secrets(self._as_told(text)).splitlines():
            self._count += 1
            line = Line(self.pass_number, source, one[:_LONGEST])
            if len(self._first) < _MOST:
                self._first.append(line)
            else:
                self._last.append(line)
            LAST_WORDS.add(line)
            if LIVE.show is not None:
                LIVE.show(line)

    def hear_record(self, record: logging.LogRecord, text: str) -> None:
        """Keep a log record, with the frames of its error that are the collector's."""
        error = record.exc_info[1] if record.exc_info else None
        below = told_error(error).traceback if error is not None and self._count < _MOST else ()
        self.hear("log", "\n".join([f"{record.levelname} {record.name}: {text}", *below]))

    def catch(self, error: BaseException, *, in_pass: bool = True) -> None:
        """Keep an error that left the collector; one that comes again is counted."""
        told = self._readable(told_error(error))
        key = (told.error, told.file, told.line)
        passes = (self.pass_number,) if in_pass else ()
        if key in self._raised:
            self._raised[key] = self._raised[key]._replace(passes=(*self._raised[key].passes, *passes))
        elif len(self._raised) < _MOST_ERRORS:
            self._raised[key] = told._replace(passes=passes)
        if LIVE.look_at is not None:
            LIVE.look_at(error)

    def _readable(self, raised: Raised) -> Raised:
        lines = tuple(without_secrets(self._as_told(line)) for line in raised.traceback)
        return raised._replace(error=without_secrets(self._as_told(raised.error)), traceback=lines)

    def said(self) -> Said:
        """What was kept."""
        kept = (*self._first, *self._last)
        return Said(tuple(self._raised.values()), kept, self._count - len(kept))


class Live:
    """What somebody who watches the run wants at once: ``show`` each line, ``look_at`` each error.
    None: nobody does."""

    def __init__(self) -> None:
        self.show: Callable[[Line], None] | None = None
        self.look_at: Callable[[BaseException], None] | None = None


class LastWords:
    """Memory shared with the parent: the last lines, which it reads when the worker can tell
    nothing any more."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, _HEAD.size + _ROOM)

    def add(self, line: Line) -> None:
        data = f"{line.pass_number} {line.source} {line.text}\n".encode("utf-8", "backslashreplace")[-_ROOM:]
        (length,) = _HEAD.unpack_from(self._memory)
        kept = self._memory[_HEAD.size : _HEAD.size + length]
        whole = (kept + data)[-_ROOM:]
        self._memory[_HEAD.size : _HEAD.size + len(whole)] = whole
        _HEAD.pack_into(self._memory, 0, len(whole))

    def begin(self) -> None:
        """A new run: what was said before is not its."""
        _HEAD.pack_into(self._memory, 0, 0)

    def lines(self) -> tuple[Line, ...]:
        (length,) = _HEAD.unpack_from(self._memory)
        data = self._memory[_HEAD.size : _HEAD.size + length].decode("utf-8", "replace")
        whole = data if length < _ROOM else data.partition("\n")[2]  # the first may be half a line
        found = [line.split(" ", 2) for line in whole.split("\n")]
        return tuple(
            Line(int(n), source, text) for n, source, text in (f for f in found if len(f) == 3 and f[0].isdecimal())
        )

    def share(self, other: LastWords) -> None:
        """From now on tell where the other one tells."""
        self._memory = other._memory

    def close(self) -> None:
        self._memory.close()


LIVE = Live()
#: Those of this process, where it is a worker.
LAST_WORDS = LastWords()


class _Stream(io.RawIOBase):
    """Stands for a standard stream of the worker: whole lines go to the ear of the run."""

    def __init__(self, source: str, descriptor: int) -> None:
        super().__init__()
        self._source = source
        self._descriptor = descriptor
        self._half = b""
        self.ear: Ear | None = None

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._descriptor

    def write(self, data: Any) -> int:
        taken = bytes(data)
        *lines, self._half = (self._half + taken).split(b"\n")
        if len(self._half) > _LONGEST:
            lines, self._half = [*lines, self._half], b""
        for line in lines:
            self._tell(line)
        return len(taken)

    def turn(self, ear: Ear | None) -> None:
        """From now on to this ear; half a line was the end of what was said to the last one."""
        if self._half:
            self._tell(self._half)
        self._half, self.ear = b"", ear

    def _tell(self, line: bytes) -> None:
        if self.ear is not None:
            self.ear.hear(self._source, line.decode("utf-8", "replace") or " ")


_STREAMS = (_Stream("stdout", 1), _Stream("stderr", 2))


def replace_streams() -> None:
    """From now on what this process prints is heard."""
    sys.stdout, sys.stderr = (
        io.TextIOWrapper(cast(BinaryIO, stream), encoding="utf-8", errors="backslashreplace", write_through=True)
        for stream in _STREAMS
    )


@contextmanager
def listening(ear: Ear) -> Iterator[None]:
    """What is printed within this belongs to one run."""
    LAST_WORDS.begin()
    for stream in _STREAMS:
        stream.turn(ear)
    usual, threading.excepthook = threading.excepthook, lambda args: ear.catch(args.exc_value or args.exc_type())
    try:
        yield
    finally:
        threading.excepthook = usual
        for stream in _STREAMS:
            stream.turn(None)


def text_of(record: logging.LogRecord) -> str:
    """A log record's text with that of its error; "" where its arguments do not fit it."""
    try:
        text = record.getMessage()
    except Exception:
        text = ""
    return f"{text} {record.exc_info[1]}" if record.exc_info else text


def last_words() -> Said:
    """What the run that ended last said at its end, where it gave no history."""
    return Said((), LAST_WORDS.lines())
