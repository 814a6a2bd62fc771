"""The records around a failure that names no event: the place that its reason tells of.

Rules: a place is chosen by what the reason names: a path, an extension, a pass, what was done. It
says by what it was chosen. So nothing is told that the history does not hold, and nothing of a
reason that names nothing of it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

from ..base import SECOND
from ..core import COLLECTOR, History, Record, file_name, handler_of, is_json, is_tld
from ..safe import safe
from .record_line import line_of

#: Records that are told: those before and after show how it came to that.
MOST = 5
_PASS = re.compile(r"\bpass (-?[0-9]{1,9})\b", re.ASCII)
#: Words of a reason -> the kinds of records that they tell of, by ``op`` or call. The first that
#: fits counts.
_WORDS: dict[str, frozenset[str]] = {
    "the report tells": frozenset({"ledger"}),
    "handed over": frozenset({"deliver"}),
    " events in pass ": frozenset({"deliver"}),
    "removed": frozenset({"unlink", "remove", "rmdir"}),
    "was read": frozenset({"read", "pread", "readv"}),
    "a log record": frozenset({"log"}),
    "was logged": frozenset({"log"}),
    "notice": frozenset({"notice", "emit"}),
    "tells of an error": frozenset({"notice", "log"}),
    "waited": frozenset({"sleep"}),
    "by a pass": frozenset({"changed"}),
    "left its world": frozenset({"escape"}),
    "stop()": frozenset({"service"}),
}
#: What begins and ends a history tells of no moment in it.
_FRAME = {"run", "tree"}


class _Named(NamedTuple):
    """What a problem names of a history."""

    path: str
    extension: str
    number: int | None
    kinds: frozenset[str]

    def fits(self, record: Record) -> bool:
        """Whether the record is about that, whatever was done in it."""
        if record.op in _FRAME or (self.number is not None and record.pass_number != self.number):
            return False
        if self.path:
            return record.path == self.path or _key_of(record)[1:2] == [file_name(self.path)]
        return not self.extension or self.extension in _extensions_of(record)

    def words(self) -> str:
        """After "the last record"."""
        about = f" about {safe(self.extension, 100)}" if self.extension else ""
        of = f" of {safe(self.path, 100)}" if self.path else about
        return of + (f" in pass {self.number}" if self.number is not None else "")


def around(history: History, reason: str) -> tuple[str, ...]:
    """The records around what a reason is about, below a line that says how they were chosen;
    nothing of a reason that names nothing."""
    for problem in reason.split("; "):
        i, by = _place(history.records, _named(history.records, problem))
        if by:
            begin = max(0, min(i - MOST // 2, len(history) - MOST))
            shown = range(begin, min(begin + MOST, len(history)))
            return (f"around #{i}, {by}:", *(_told(place, history.records[place]) for place in shown))
    return ()


def _told(i: int, record: Record) -> str:
    return f"#{i} {record.t / SECOND:.3f} s, pass {record.pass_number}: {record.actor} {line_of(record)}"


def _place(records: Sequence[Record], named: _Named) -> tuple[int, str]:
    """A record, and by what it was chosen; "" where the history has none that fits."""
    its = [i for i, record in enumerate(records) if named.fits(record)]
    exact = [i for i in its if _kind_of(records[i]) in named.kinds]
    if exact:
        return exact[-1], f"the last {_kind_of(records[exact[-1]])}{named.words()}"
    if not named.words():
        return 0, ""
    of_collector = [i for i in its if records[i].actor == COLLECTOR]
    if of_collector:
        return of_collector[-1], f"the collector's last record{named.words()}"
    return (its[-1], f"the last record{named.words()}") if its else (0, "")


def _named(records: Sequence[Record], problem: str) -> _Named:
    handlers = {actor["handler"] for actor in records[0].result["actors"]}
    extension = problem.partition(": ")[0]
    if extension not in handlers:
        extension = next((name for name in sorted(handlers) if f"({name})" in problem), "")
    number = _PASS.search(problem)
    kinds = next((kinds for words, kinds in _WORDS.items() if words in problem), frozenset[str]())
    path = _path({record.path for record in records}, problem, extension)
    return _Named(path, extension, int(number[1]) if number else None, kinds)


def _path(paths: Collection[str], problem: str, extension: str) -> str:
    """The longest path that the problem names, whole or by the name of an event's file."""
    whole = [path for path in paths if "/" in path and path in problem]
    files = [
        path
        for path in paths
        if (is_json(path) or is_tld(path))
        and file_name(path) in problem
        and (not extension or handler_of(path) == extension)
    ]
    return max(whole or files, key=lambda path: (len(path), path), default="")


def _kind_of(record: Record) -> str:
    return str(record.result["call"]) if record.op == "call" else record.op


def _key_of(record: Record) -> list[str]:
    return (record.result["key"] or []) if record.op == "deliver" else []


def _extensions_of(record: Record) -> Collection[str]:
    if record.path:
        return (handler_of(record.path),)
    if record.op in {"notice", "emit"}:
        return (record.result["extension"],)
    return list(record.result) if record.op == "ledger" else _key_of(record)[:1]
