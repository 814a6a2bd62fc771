"""Clause report.ledger: the pass report, which whoever called the pass gets.

It adds up, it agrees with what was handed over and with what is left, and no event vanished without
a trace.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from ...core import (
    IRREGULAR,
    MALFORMED,
    OVERSIZE_ELEMENT,
    OVERSIZE_FILE,
    PassReport,
    is_agent_event,
)
from ..case import Case
from ..notices import is_hosted
from ..places import Place, Places
from ..problems import Judge, first
from ..written import Written

if TYPE_CHECKING:
    from ...core import LedgerEntry


class _Entry(NamedTuple):
    """What a pass's report tells of one extension; "" for the agent's own events."""

    extension: str
    number: int
    counts: LedgerEntry

    @property
    def place(self) -> Place:
        return self.extension, self.number

    def total(self, name: str) -> int:
        value = self.counts.get(name, 0)
        return sum(value.values()) if isinstance(value, dict) else int(value)


def ledger(case: Case) -> list[str] | None:
    """The pass report adds up, agrees with what was handed over and with what is left, and no event
    vanished without a trace.
    """
    reports = case.view.of(PassReport)
    if not reports:
        return None  # a service gives nobody its reports
    told = [_Entry(name, report.pass_number, counts) for report in reports for name, counts in report.counts.items()]
    places = Places(case)
    problems = [*_silent(case, told)]
    for entry in told:
        problems += [f"{entry.extension}: {text} in pass {entry.number}" for text in [*_sums(entry), *_unnamed(entry)]]
    problems += _untold(told, {report.pass_number for report in reports}, places)
    for entry in told:
        problems += _miscounted(entry, places)
    return first([*problems, *_uncollected(case, told)])


def _silent(case: Case, told: list[_Entry]) -> Iterator[str]:
    """Events that went, and that no count of the pass's report can stand for: what a collector
    drops and tells of is not lost silently.
    """
    lost: dict[str, list[Written]] = {}
    known: Counter[str] = Counter()
    for event in case.ledger.events:
        extension = "" if is_agent_event(event.path) else event.extension
        # No report is due of a pass that crashed; beyond a limit that is told, a file goes unread.
        excused = event.gone_pass in case.view.crashed or (extension, event.gone_pass) in case.limited
        if event.fate == "vanished" and not excused:
            lost.setdefault(extension, []).append(event)
        elif event.fate in {"dropped", "discarded"} and event.reason not in _OF_FILES:
            known[extension] += 1
    for extension, events in lost.items():  # over all passes: what was dropped may be removed in a later one
        entries = [entry for entry in told if entry.extension == extension]
        told_of = sum(entry.total("dropped") + entry.total("discarded") for entry in entries) - known[extension]
        files = sum(entry.total("files_discarded") for entry in entries)
        if told_of < len(events) and not files and not _fell_whole(case, extension):
            yield from (f"{event.extension}: {event.token or event.file} {event.why}" for event in events)


#: Reasons for which a file falls as a whole: what it held is no event that was read.
_OF_FILES = {MALFORMED, OVERSIZE_FILE, OVERSIZE_ELEMENT, IRREGULAR}


def _fell_whole(case: Case, extension: str) -> bool:
    """Whether the collector tells of files that fell as a whole, more than were due to."""
    kinds = {"failed", "size", "irregular"}
    said = sum(n["count"] for _, n in case.ledger.notices if (n["extension"] or "") == extension and n["kind"] in kinds)
    due = {
        e.path for e in case.ledger.events if e.extension == extension and e.fate == "dropped" and e.why in _OF_FILES
    }
    return said > len(due)


def _unnamed(entry: _Entry) -> list[str]:
    """Counts by reason of which one stands under no reason."""
    return [
        f"{name} has a count without a reason"
        for name, value in entry.counts.items()
        if isinstance(value, dict) and value.get("")
    ]


def _sums(entry: _Entry) -> list[str]:
    """What does not add up; and no count is below zero, which would make any sum come true."""
    total = entry.total
    events = sum(total(name) for name in ("handed_over", "dropped", "discarded"))
    files = sum(total(name) for name in ("processed", "files_discarded", "spared", "kept", "vanished"))
    problems = [] if total("read") == events else [f"{total('read')} events read, {events} accounted for"]
    if total("listed") != files:
        problems.append(f"{total('listed')} files listed, {files} accounted for")
    return problems + [f"{name} is {total(name)}" for name in entry.counts if total(name) < 0]


def _untold(told: list[_Entry], reported: set[int], places: Places) -> list[str]:
    """Extensions of which events came or files were removed in a pass whose report has no entry for
    them.
    """
    busy = {*places.delivered, *places.removed} - {entry.place for entry in told}
    return [
        f"{extension}: the report of pass {number} has no entry for it"
        for extension, number in sorted(busy)
        if extension and number in reported - places.troubled
    ]


def _miscounted(entry: _Entry, places: Places) -> Iterator[str]:
    """Where the report tells other numbers than the history: of deliveries, of removals, and of
    what is left in the end. What a trouble stopped nobody can count.
    """
    if entry.number in places.troubled:
        return
    yield from _departed(entry, places)
    yield from _left(entry, places)
    if entry.number not in places.moving and entry.place not in places.uncertain:
        yield from _of_quiet(entry, places)


def _departed(entry: _Entry, places: Places) -> Iterator[str]:
    """Other numbers of what was handed over and of what was removed."""
    here, there = entry.total("handed_over"), places.delivered[entry.place]
    if here != there:
        yield f"{entry.extension}: {there} handed over in pass {entry.number}, the report tells of {here}"
    gone, removed = entry.total("processed") + entry.total("files_discarded"), places.removed[entry.place]
    if not 0 <= gone - removed <= places.exchanged[entry.place] and entry.place not in places.refused:
        yield f"{entry.extension}: {removed} files removed in pass {entry.number}, the report tells of {gone}"


def _kept(entry: _Entry, places: Places) -> int:
    """How many files it tells as kept. A directory stays; whoever lists it among the files may tell
    it as spared, or as kept.
    """
    return max(0, entry.total("kept") - places.directories[entry.extension])


def _left(entry: _Entry, places: Places) -> Iterator[str]:
    """What it tells as kept or spared, where nothing can be."""
    kept, spared, place = _kept(entry, places), entry.total("spared"), entry.place
    if kept and place not in places.erring and places.is_quota_alone(place) and places.only_goes(place):
        yield (
            f"{entry.extension}: kept is {kept} in pass {entry.number}, in which files went, "
            "and nothing stopped or failed"
        )
    if spared and place not in places.refused and entry.extension in places.plain:
        yield (
            f"{entry.extension}: spared is {spared} in pass {entry.number}, and nothing but event files was ever there"
        )


def _of_quiet(entry: _Entry, places: Places) -> Iterator[str]:
    """What it tells of a pass in which nothing stopped, failed or moved, and which moves cause."""
    counts = {"vanished": entry.total("vanished"), "discarded": entry.total("discarded"), "kept": _kept(entry, places)}
    for name, count in counts.items():
        if count:
            yield (
                f"{entry.extension}: {name} is {count} in pass {entry.number}, "
                "in which nothing stopped, failed or moved"
            )


def _uncollected(case: Case, told: list[_Entry]) -> list[str]:
    """Passes that tell operators another number of collected events than they report, where the
    collector gives notices of its own.
    """
    if not is_hosted(case) or not case.gives_notices:
        return []
    said = {
        (n["extension"], number): n["count"]
        for number, n in case.ledger.notices
        if n["kind"] == "collected" and "reworded" not in n
    }
    return [
        f"{entry.extension}: {entry.counts.get('handed_over')} events collected in pass {entry.number}, "
        f"the notice tells of {said.get(entry.place, 0)}"
        for entry in told
        if entry.extension and entry.counts.get("handed_over") != said.get(entry.place, 0)
    ]


JUDGES: dict[str, Judge] = {"report.ledger": ledger}
