"""Looks at the events dirs: what of that which was written still stands.

Rules: a look costs what stands there, so the next one comes after ten times what the last one took, and not before a second; what a look does not find
has gone between it and the one before. Of a directory that cannot be seen, as a hostile extension put a link in its place say, nothing is known; only
when it is missing at the last look it has gone with all that was in it.
"""

from __future__ import annotations

import time

from .accounting import Books
from .directory import LoadDirectory, below

_OFTEN = 1_000_000_000
_SHARE = 10


class Scan:
    """``oldest``: the age in seconds of the oldest event file, at the last look."""

    def __init__(self, place: LoadDirectory, books: Books, start: int) -> None:
        self._place = place
        self._books = books
        self._start = start
        self._since: dict[str, int] = {}
        self._next = start
        self.oldest = 0.0

    def look(self, now: int, *, at_once: bool = False, last: bool = False) -> bool:
        """Look, if it is time to; whether it was. ``last``: there will be no other look."""
        if now < self._next and not (at_once or last):
            return False
        for directory, expected in self._books.expected().items():
            there = self._seen(below(directory) or "", last) if expected else None
            if there is not None:
                self._books.looked(expected, there, self._since.get(directory, self._start), time.monotonic_ns())
                self._since[directory] = now
        self.oldest = self._books.weigh(time.monotonic_ns())
        self._books.retry()
        took = time.monotonic_ns() - now
        self._next = now + max(_OFTEN, _SHARE * took)
        return True

    def _seen(self, path: str, last: bool) -> set[str] | None:
        names = self._place.names(path)
        if names is None:
            return set() if last and self._place.is_missing(path) else None
        return set(names)
