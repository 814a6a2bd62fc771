"""What is read of a program, within bounds: lines of its stdout, and the last of its stderr.

Rules: a line and a pass have a most; what goes beyond it is a verdict, not memory. stderr is a log: each line is a record; what a pass writes beyond
its bound is a verdict too, and only the end of it all is kept for the report.
"""

from __future__ import annotations

from collections import deque

#: Bytes: the longest line (a 4 MiB agent event, its text escaped), and all lines of one answer.
MOST_LINE, MOST_ANSWER = 16 << 20, 64 << 20
#: Lines of one answer: a pass over 4,000 extensions hands over fewer events.
MOST_LINES = 100_000
#: Of stderr: bytes in one pass, the longest line that is kept whole, and how much of the end is kept for the report.
MOST_LOG, MOST_LOG_LINE, KEPT = 16 << 20, 16 << 10, 4 << 10


class Overflow(Exception):
    """More than any sound program writes. The text says of what."""


class Lines:
    """Bytes into lines. ``begin`` starts the count of a new answer."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._length = 0
        self._whole: deque[bytes] = deque()
        self._seen = 0
        self._taken = 0

    def begin(self) -> None:
        self._seen = self._taken = 0

    def feed(self, data: bytes) -> None:
        """Take what was read. Raises Overflow."""
        self._seen += len(data)
        if self._seen > MOST_ANSWER:
            raise Overflow(f"more than {MOST_ANSWER >> 20} MiB on stdout in one answer")
        first, *rest = data.split(b"\n")
        self._add(first)
        for part in rest:
            self._whole.append(b"".join(self._parts))
            self._parts, self._length = [], 0
            self._add(part)

    def _add(self, part: bytes) -> None:
        self._length += len(part)
        if self._length > MOST_LINE:
            raise Overflow(f"a line of more than {MOST_LINE >> 20} MiB on stdout")
        if part:
            self._parts.append(part)

    def next(self) -> bytes | None:
        """The next whole line, without its end; None where there is none yet. Raises Overflow."""
        if not self._whole:
            return None
        self._taken += 1
        if self._taken > MOST_LINES:
            raise Overflow(f"more than {MOST_LINES:,} lines on stdout in one answer")
        return self._whole.popleft()

    @property
    def has_whole(self) -> bool:
        """Whether there is a whole line that was not taken yet."""
        return bool(self._whole)

    @property
    def half(self) -> bytes:
        """The beginning of a line whose end never came."""
        return b"".join(self._parts)


class Log:
    """stderr: lines for the history, taken pass by pass, and the end of it for the report."""

    def __init__(self) -> None:
        self._tail = b""
        self._partial = b""
        self._lines: list[bytes] = []
        self._seen = 0

    def feed(self, data: bytes) -> None:
        """Take what was read. Raises Overflow."""
        self._tail = (self._tail + data)[-KEPT:]
        self._seen += len(data)
        if self._seen > MOST_LOG:
            raise Overflow(f"more than {MOST_LOG >> 20} MiB on stderr in one pass")
        *whole, partial = (self._partial + data).split(b"\n")
        self._lines += [line[:MOST_LOG_LINE] for line in whole]
        self._partial = partial[:MOST_LOG_LINE]

    def take(self, *, last: bool = False) -> list[str]:
        """The lines since the last taking. ``last``: with one whose end will not come."""
        lines, self._lines, self._seen = self._lines, [], 0
        if last and self._partial:
            lines, self._partial = [*lines, self._partial], b""
        return [line.decode("utf-8", "surrogateescape") for line in lines]

    @property
    def tail(self) -> str:
        """The end of all that was written."""
        return self._tail.decode("utf-8", "replace").strip()
