"""Family isolate: what one extension can do to the others."""

from __future__ import annotations

from collections import Counter
from typing import Any

from ...base import SECOND
from ...contract import LIMITS
from ...core import WriterStep, handler_of, is_entry_or_below, is_in_log_dir
from ..case import ODD, Case
from ..fared import has_empty, is_lost
from ..ledger import Ledger
from ..problems import Judge, first
from ..written import SOUND, Delivered, Written
from .waits import waits

#: The most waiting that a pass may add up to (read.torn-budget, isolate.time).
MOST_WAITING = LIMITS["max_wait"].value * SECOND


def victims(case: Case) -> dict[str, int]:
    """Bystander -> how many events it got otherwise than in the run without attackers."""
    if case.without is None:
        return {}
    found = {}
    chance = _by_chance(case.ledger, case.without)
    for handler in dict.fromkeys(case.handlers("bystander")):
        here, there = (_sequence(ledger, handler, chance) for ledger in (case.ledger, case.without))
        if here != there:
            same = sum(a == b for a, b in zip(here, there, strict=False))
            found[handler] = max(len(here), len(there)) - same
    return found


def _by_chance(*ledgers: Ledger) -> set[str]:
    """What was handed over in passes during which its directory came or went: whether such a pass
    meets it is a matter of moments, and those are others where other extensions are.
    """
    moving = {
        (handler_of(path), step.pass_number)
        for ledger in ledgers
        for step in ledger.view.steps
        if step.is_within
        for path in (step.path, step.to)
        if not is_entry_or_below(path)
    }
    return {
        _identity(one)
        for ledger in ledgers
        for one in ledger.deliveries
        if moving and (one.extension, one.pass_number) in moving
    }


def _identity(delivered: Delivered) -> str:
    """What says which event it is, wherever its directory stood."""
    return delivered.token or repr(delivered.values)


def _sequence(ledger: Ledger, handler: str, chance: set[str]) -> list[list[Any]]:
    """What the sender got of an extension, in order, but for what came by chance."""
    if not chance:
        return ledger.sequence(handler)
    return [one.values for one in ledger.deliveries if one.extension == handler and _identity(one) not in chance]


def extension(case: Case) -> list[str] | None:
    if case.without is None or not case.handlers("bystander"):
        return None
    if not any(case.without.sequence(handler) for handler in case.handlers("bystander")):
        return None  # nothing came with no attacker there: what one does to the others cannot be seen
    return first(
        [f"{handler}: {count} events differ from the run without attackers" for handler, count in victims(case).items()]
    )


def waiting(case: Case) -> list[str] | None:
    """No pass waits longer for what is half written than all extensions together may make it."""
    if not case.handlers("attacker"):
        return None
    return first(
        [
            f"pass {n} waited {ns / SECOND:g} s, at most 2 s are due"
            for n, ns in waits(case).items()
            if ns > MOST_WAITING
        ]
    )


def time(case: Case) -> list[str] | None:
    """Neither waits nor removals of one extension's files keep the others from their turn."""
    slow = waiting(case)
    return None if slow is None else first([*slow, *_removed_early(case)])


def _removed_early(case: Case) -> list[str]:
    """Passes in which more of an extension's files were removed than may be before every other
    extension was read.
    """
    most = case.limit("removals")
    begun: dict[int, int] = {}
    for (_, number), i in case.ledger.listed.items():
        begun[number] = max(i, begun.get(number, 0))
    early = Counter(
        (handler_of(call.path), call.pass_number)
        for call in case.view.removals
        if is_in_log_dir(call.path) and call.i < begun.get(call.pass_number, 0)
    )
    return [
        f"{extension}: {count} files were removed in pass {number} before every other extension was read, at most {most} are due"
        for (extension, number), count in early.items()
        if count > most
    ]


def file(case: Case) -> list[str] | None:
    """The sound files beside a bad one are collected as if it were not there."""
    bad = {event.extension for event in case.ledger.events if event.due == "drop"}
    bad |= {handler_of(step.path) for step in case.view.of(WriterStep) if step.act in ODD and is_in_log_dir(step.path)}
    beside = [event for event in case.ledger.events if event.extension in bad and event.due in SOUND]
    if not any(event.deliveries for event in beside) and not any(map(is_lost, beside)):
        return None
    if case.is_losing:
        return None  # so do extensions without a bad file
    return first(
        [
            f"{event.extension}: {event.file}, sound beside a bad one, was {event.fate}: {event.why}"
            for event in beside
            if _is_harmed(event) and not event.about and not has_empty(event) and not _shares(case, event)
        ]
    )


def _is_harmed(event: Written) -> bool:
    return is_lost(event) or (event.due in SOUND and event.fate == "discarded" and event.why in {"rejects", "work"})


def _shares(case: Case, event: Written) -> bool:
    """Whether it stands in one file with what a clause is about: what the one costs the other is
    for that clause to judge.
    """
    return any(other.about for other in case.by_path[event.path])


JUDGES: dict[str, Judge] = {
    "isolate.file": file,
    "isolate.extension": extension,
    "isolate.time": time,
    "read.torn-budget": waiting,
}
