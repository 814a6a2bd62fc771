"""Family discover: directories that never end, and those that are somebody else's."""

from __future__ import annotations

import sys

from ...contract import LIMITS
from ...core import COLLECTOR, ENTRIES_A_CALL, WriterStep, handler_of, is_below
from ..case import Case
from ..notices import is_told_as
from ..problems import first

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


def _until_gone(case: Case, mounted: WriterStep) -> int:
    """The record with which what was mounted there goes."""
    gone = (step.i for step in case.view.steps if step.i > mounted.i and step.path == mounted.path)
    return min(gone, default=sys.maxsize)


def mount(case: Case) -> list[str] | None:
    """What is mounted in the place of a handler dir or events dir is neither read nor removed."""
    mounted = [step for step in case.view.steps if step.act == "mount"]
    if not mounted:
        return None
    spans = [(step.path, step.i, _until_gone(case, step)) for step in mounted]
    problems = [
        f"{call.name} {call.path}, which is mounted there"
        for call in case.view.done("unlink")
        if any(is_below(call.path, path) and begin < call.i < end for path, begin, end in spans)
    ]
    problems += [
        f"{event.extension}: {event.file} is mounted there, and was "
        + ("handed over" if event.deliveries else "removed")
        for event in case.ledger.events
        if event.due == "leave"
        and any(is_below(event.path, step.path) for step in mounted)
        and (event.deliveries or event.gone == COLLECTOR)
    ]
    problems += _ended_otherwise(case)
    if case.gives_notices:
        for step in mounted:
            if not step.is_within:
                problems += _notices(case, "not-a-directory", step.pass_number, handler_of(step.path))
    return first(problems)
