"""Family discover: directories that never end, and those that are somebody else's."""

from __future__ import annotations

import sys
from typing import NamedTuple

from ...contract import LIMITS
from ...core import COLLECTOR, ENTRIES_A_CALL, Call, handler_of, is_below
from ..case import Case
from ..notices import is_told_as
from ..problems import first
from ..written import Delivered

#: Entries of a directory that a pass lists, those that it may have at hand besides, and those that
#: it may list after a stop.
_MOST, _AT_HAND, _AFTER_STOP = LIMITS["max_entries"].value, 1_000, LIMITS["max_entries_stopped"].value


def endless(case: Case) -> list[str] | None:
    """A listing that never ends is ended by the collector: in time, with a notice, at a stop."""
    struck = [fault for fault in case.view.faults if fault.kind == "endless"]
    if not struck:
        return None
    reads = [(call.i, call.pass_number, call.path) for call in case.view.called("readdir")]
    starts = [(call.i, call.path) for call in case.view.called("scandir", "listdir")]
    stops = {fault.pass_number: fault.i for fault in case.view.faults if fault.kind == "sender-stop"}
    problems = []
    for fault in struck:
        if (fault.i - 1, fault.path) in {(call.i, call.path) for call in case.view.called("listdir")}:
            problems.append(f"pass {fault.pass_number} had all of {fault.path} listed at once, which never ends")
            continue
        end = min((i for i, path in starts if i > fault.i and path == fault.path), default=sys.maxsize)
        listed = sum(path == fault.path and fault.i < i < end for i, _, path in reads) * ENTRIES_A_CALL
        if listed > _MOST + _AT_HAND + ENTRIES_A_CALL:
            what = f"{listed} entries of {fault.path}"
            problems.append(f"pass {fault.pass_number} listed {what}, at most {_MOST} are due")
    for number, at in stops.items():
        listed = sum(passed == number and i > at for i, passed, _ in reads) * ENTRIES_A_CALL
        if listed > _AFTER_STOP + ENTRIES_A_CALL:
            problems.append(f"pass {number} listed {listed} entries after the stop, at most {_AFTER_STOP} are due")
    problems += _ended_otherwise(case)
    if case.gives_notices:
        for number, extension in dict.fromkeys((fault.pass_number, handler_of(fault.path)) for fault in struck):
            if number not in stops:
                problems += _notices(case, "entries", number, extension)
    return first(problems)


def _notices(case: Case, kind: str, number: int, extension: str) -> list[str]:
    """A problem, unless the pass told once of this."""
    told = [n for passed, n in case.ledger.notices if passed == number and is_told_as(n, kind, extension)]
    return [] if len(told) == 1 else [f"{extension}: {len(told)} notices ({kind}) in pass {number}, expected 1"]


def _ended_otherwise(case: Case) -> list[str]:
    return [f"a pass ended: {end['end']}" for end in case.ledger.ends if end["end"] not in {"returned", "crash"}]


class _Mount(NamedTuple):
    """What is mounted in a place, from the first pass that begins with it until it goes."""

    path: str
    is_within: bool
    first_pass: int
    until: int

    def holds(self, path: str, one: Call | Delivered) -> bool:
        """Whether it stood there before the pass of this call or delivery began.

        What is mounted in a pass comes too late for who looked before, and holds what was there.
        """
        return is_below(path, self.path) and one.pass_number >= self.first_pass and one.i < self.until


def _mounts(case: Case) -> list[_Mount]:
    found = []
    for step in case.view.steps:
        if step.act == "mount":
            gone = (other.i for other in case.view.steps if other.i > step.i and other.path == step.path)
            first = step.pass_number + step.is_within
            found.append(_Mount(step.path, step.is_within, first, min(gone, default=sys.maxsize)))
    return found


def mount(case: Case) -> list[str] | None:
    """Nothing of what is mounted in the place of a handler dir or events dir is read or removed."""
    mounts = _mounts(case)
    if not mounts:
        return None
    problems = [
        f"{call.name} {call.path}, which is mounted there"
        for call in case.view.done("read", "unlink")
        if any(mounted.holds(call.path, call) for mounted in mounts)
    ]
    for event in case.ledger.events:
        if event.due != "leave":
            continue
        for mounted in (mounted for mounted in mounts if is_below(event.path, mounted.path)):
            if any(mounted.holds(event.path, delivered) for delivered in event.deliveries):
                problems.append(f"{event.extension}: {event.file} is mounted there, and was handed over")
            elif event.gone == COLLECTOR and event.gone_pass >= mounted.first_pass:
                problems.append(f"{event.extension}: {event.file} is mounted there, and was removed")
    problems += _ended_otherwise(case)
    if case.gives_notices:
        for mounted in mounts:
            if not mounted.is_within:
                problems += _notices(case, "not-a-directory", mounted.first_pass, handler_of(mounted.path))
    return first(problems)
