"""Problems that many judges look for.

A judge has one form: a case in, problems out, None where nothing was seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType

from ..contract import LIMITS
from .case import Case
from .fared import SETTLED, is_lost, not_as_labelled
from .notices import as_told
from .written import Written

Judge = Callable[[Case], list[str] | None]


def first(problems: list[str], most: int = 3) -> list[str]:
    """At most so many problems, each once, and how many more there are."""
    told = list(dict.fromkeys(problems))
    return told if len(told) <= most else [*told[:most], f"and {len(told) - most} more"]


def dropped_for(prefix: str) -> Judge:
    """Elements labelled with this reason are never handed over."""

    def judge(case: Case) -> list[str] | None:
        labelled = [event for event in case.ledger.events if event.due == "drop" and event.reason.startswith(prefix)]
        return due_of(case, labelled, values=False)

    return judge


def as_tried(slug: str, *, values: bool | frozenset[str] = True, alone: bool = False) -> Judge:
    """The elements that were written to try the clause fare as they should; ``alone``: and cost
    nothing beside them.
    """

    def judge(case: Case) -> list[str] | None:
        events = case.tried(slug)
        problems = due_of(case, events, values=values)
        return both(problems, lost_beside(case, events) or None) if alone else problems

    return judge


def lost_beside(case: Case, events: Sequence[Written]) -> list[str]:
    """What was lost in the files of such elements, of files that were begun, though extensions that
    have none lost nothing.
    """
    if case.is_losing:
        return []
    opened = {path for call, path, result in case.calls() if call == "open" and "errno" not in result}
    begun = [event for event in events if event.path in opened or not opened]
    lost = {id(other): other for event in begun for other in case.beside(event) if is_lost(other)}
    return [f"{other.extension}: {other.token}, beside such an element, was {other.fate}" for other in lost.values()]


def came_as_due(case: Case) -> list[str] | None:
    """Whether the attackers' events (all, where there are none) came or not is what their labels
    say; what they say is for others to judge.

    For clauses about files: their scenarios hold nothing but what the clause is about.
    """
    hostile = set(case.handlers("attacker"))
    return due_of(
        case,
        [
            e
            for e in case.ledger.events
            if (not hostile or e.extension in hostile) and not e.path.startswith("outside/")
        ],
        values=False,
    )


def both(one: list[str] | None, other: list[str] | None) -> list[str] | None:
    """The problems of two judgements together; None where neither had anything to judge."""
    return None if one is None and other is None else first([*(one or []), *(other or [])])


def as_labelled(events: Sequence[Written]) -> list[str] | None:
    """Whether each of these events fared to the letter of its label, whichever clause that is
    about: for worlds that name none.
    """
    problems = [problem for event in events if (problem := not_as_labelled(event))]
    settled = any(
        event.fate in {"delivered", "cut", "dropped"} or (event.due == "leave" and event.path) for event in events
    )
    return first(problems) if settled or problems else None


def due_of(case: Case, events: Iterable[Written], *, values: bool | frozenset[str] = True) -> list[str] | None:
    """The same for these events alone; ``values``: and what they say is what is due."""
    listed = list(events)
    problems = [problem for event in listed if (problem := case.departure(event, values=values))]
    settled = any(event.fate in SETTLED or (event.due == "leave" and event.path) for event in listed)
    return first(problems) if settled or problems else None


#: What no file within the size limit may cost: seconds of processor (read.bounded-time), bytes of
#: growth (read.bounded-memory).
MOST_SECONDS, MOST_GROWTH = LIMITS["max_cpu"].value, LIMITS["max_memory_growth"].value


def bounded_time(case: Case, heavy: Mapping[int, int] = MappingProxyType({})) -> list[str] | None:
    """No pass takes more processor than its heavy files may cost, and what goes unread for its cost
    is told.

    ``heavy``: pass -> how many, of more than one.
    """
    if not case.costs:
        return None
    slow = [
        f"pass {n} took {c.seconds:.1f} s of processor, {most:g} s are due"
        for n, c in enumerate(case.costs)
        if c.seconds > (most := MOST_SECONDS * max(1, heavy.get(n, 1)))
    ]
    return first([*slow, *as_told(case, "work")])


def bounded_memory(case: Case) -> list[str] | None:
    if not case.costs:
        return None
    mib = 1024 * 1024
    return first(
        [
            f"pass {n} grew by {c.grown / mib:.0f} MiB, {MOST_GROWTH // mib} are due"
            for n, c in enumerate(case.costs)
            if c.grown > MOST_GROWTH
        ]
    )
