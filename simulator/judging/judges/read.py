"""Family read: from bytes to events."""

from __future__ import annotations

from itertools import pairwise

from ...core import (
    MALFORMED,
    OVERSIZE_ELEMENT,
    WriterStep,
    is_in_log_dir,
)
from ..case import Case
from ..fared import is_lost
from ..notices import as_told, unsaid
from ..problems import Judge, as_tried, both, bounded_memory, dropped_for, due_of, first, lost_beside
from ..written import SOUND, Written
from .run import errors
from .waits import APART, TRIES, given_up_early
from .work import bounded


def torn(case: Case) -> list[str] | None:
    """A file that is not JSON is read three times before it is removed; completed meanwhile, it is
    collected. Beyond a limit it goes unread, whichever try it waits for.
    """
    reads: dict[tuple[str, int], list[int]] = {}
    for call in case.view.called("open"):
        reads.setdefault((call.path, call.pass_number), []).append(call.t)
    limited = {*case.full_passes, *case.limited}
    oversize = _oversize(case)
    refused = [
        event
        for event in case.ledger.events
        if event.fate == "dropped"
        and event.why == MALFORMED
        and is_in_log_dir(event.path)
        and (event.extension, event.gone_pass) not in limited
        and event.path not in oversize
    ]
    if not refused:
        return None
    if (unwaited := given_up_early(case, refused)) is not None:
        return first(unwaited)
    problems = [
        f"{event.extension}: {event.file} was given up after {len(reads.get((event.path, event.gone_pass), ()))} of {TRIES} reads"
        for event in refused
        if len(reads.get((event.path, event.gone_pass), ())) < TRIES
    ]
    problems += [
        f"{event.extension}: {event.file} {told}"
        for event in refused
        if (told := _mistimed(reads.get((event.path, event.gone_pass), [])))
    ]
    return first(list(dict.fromkeys(problems)))


def _oversize(case: Case) -> set[str]:
    """Paths of files that were once written beyond the limit of size: these go unread."""
    limit = case.ledger.run["limits"]["file_size"]
    return {step.path for step in case.view.steps if step.size > limit}


def _mistimed(moments: list[int]) -> str:
    """What is wrong with the times of its tries (virtual ns); a try may open a file more than once."""
    tries = sorted(set(moments))
    if len(tries) > TRIES:
        return f"was tried {len(tries)} times, {TRIES} are due"
    if len(moments) >= TRIES > len(tries):
        return f"was tried at {len(tries)} moments, {TRIES} are due"
    shortest = min((after - before for before, after in pairwise(tries)), default=APART)
    return f"was tried again after {shortest / 1e9:g} s, 1 s is due" if shortest < APART else ""


def malformed(case: Case) -> list[str] | None:
    """A file that is not JSON yields nothing, and operators are told of it. They are told at least
    once for each extension and pass, however many there are.
    """
    problems = dropped_for(MALFORMED)(case)
    if (read := as_tried("read.malformed")(case)) is not None:  # a hundred levels
        problems = [*(problems or []), *read]
    if problems is None or not case.gives_notices:
        return problems
    return first([*problems, *unsaid(case, "failed", MALFORMED), *as_told(case, "failed")])


def element(case: Case) -> list[str] | None:
    """An oversize element is dropped; the reference drops its whole file, and tells operators of
    that.
    """
    long = [event for event in case.ledger.events if event.reason == OVERSIZE_ELEMENT or "read.element" in event.about]
    problems = due_of(case, long, values=False)
    if problems is None or not case.words_known:
        return problems
    return first([*problems, *unsaid(case, "failed", OVERSIZE_ELEMENT)])


def vanished(case: Case) -> list[str] | None:
    if not any(step.act in {"unlink", "rename"} for step in case.view.of(WriterStep)):
        return None
    full = {extension for extension, _ in case.full_passes}
    sound = [
        event
        for event in case.ledger.events
        if is_in_log_dir(event.path) and event.due in SOUND and not (event.overdue and event.extension in full)
    ]
    return first([*(errors(case) or []), *(due_of(case, sound, values=False) or [])])


def numbers(case: Case) -> list[str] | None:
    """An odd number costs nothing beside its event; and where it stands in a field that nobody
    uses, nothing at all.
    """
    unused = [event for event in case.tried("read.numbers") if event.about == ("read.numbers",)]
    beside = lost_beside(case, case.tried("read.numbers"))
    settled = any(event.deliveries or event.fate == "dropped" for event in case.tried("read.numbers"))
    return both(due_of(case, unused, values=False), beside if settled or beside else None)


def shapes(case: Case) -> list[str] | None:
    """One object, or a list: both are read. Other values are dropped, each as one element."""
    problems = as_tried("read.shapes")(case) or []
    kinds: dict[str, list[Written]] = {"one object": [], "a list": []}
    limited = {extension for extension, _ in case.limited}
    for event in case.ledger.events:
        if event.due in SOUND and not event.about and not event.agent and event.extension not in limited:
            kinds["one object" if event.among == 1 else "a list"].append(event)
    if not any(event.deliveries for events in kinds.values() for event in events) and not any(
        event.deliveries for event in case.tried("read.shapes")
    ):
        return None
    lost = {what: [event for event in events if is_lost(event)] for what, events in kinds.items()}
    if not all(lost.values()):  # where both are lost, it is not for their shape
        problems += [
            f"{e.extension}: {e.file}, which holds {what}, was {e.fate}: {e.why}"
            for what, events in lost.items()
            for e in events
        ]
    return first(problems)


JUDGES: dict[str, Judge] = {
    "read.malformed": malformed,
    "read.torn": torn,
    "read.vanished": vanished,
    "read.element": element,
    "read.shapes": shapes,
    "read.numbers": numbers,
    "read.bounded-memory": bounded_memory,
    "read.bounded-time": bounded,
}
