"""What a judge is given."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from simulator.costs import Cost
from simulator.history import COLLECTOR, History
from simulator.ledger import Delivered, Ledger, Written


@dataclass(frozen=True)
class Case:
    """One run: its history, its ledger, and the ledger of the same run without its attackers (None: it has none)."""

    history: History
    ledger: Ledger
    without: Ledger | None
    costs: tuple[Cost, ...] = ()

    @property
    def quota(self) -> int:
        return int(self.ledger.run["limits"]["quota"])

    def handlers(self, role: str) -> list[str]:
        return [actor["handler"] for actor in self.ledger.run["actors"] if actor["role"] == role]

    def calls(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """(label, path, result) of each call of the collector."""
        for record in self.history:
            if record.op == "call" and record.actor == COLLECTOR:
                yield record.result["call"], record.path, record.result

    def pass_deliveries(self) -> Iterator[tuple[str, int, list[Delivered]]]:
        """(extension, pass, deliveries in order), of extension events."""
        ordered = sorted((d for d in self.ledger.deliveries if d.extension), key=lambda d: (d.extension, d.pass_number, d.i))
        for (extension, number), group in groupby(ordered, key=lambda d: (d.extension, d.pass_number)):
            yield extension, number, list(group)

    def full_passes(self) -> list[tuple[str, int]]:
        """(extension, pass) in which at least the quota was handed over."""
        return [place for place, count in self.ledger.accepted.items() if count >= self.quota and place[0]]


Judge = Callable[[Case], list[str] | None]


def first(problems: list[str], most: int = 3) -> list[str]:
    """At most so many problems, and how many more there are."""
    return problems if len(problems) <= most else [*problems[:most], f"and {len(problems) - most} more"]


def dropped_for(prefix: str) -> Judge:
    """Elements labelled with this reason are never handed over, and never stay."""

    def judge(case: Case) -> list[str] | None:
        labelled = [event for event in case.ledger.events if event.due == "drop" and event.reason.startswith(prefix)]
        if not labelled:
            return None
        wrong = [event for event in labelled if event.deliveries or event.overdue]
        return first([f"{event.extension}: {event.file} ({event.reason}) was {event.fate}" for event in wrong])

    return judge


_CAME = {"delivered", "cut"}
_OPEN = {"withdrawn", "kept", "lost-in-crash"}


def as_due(case: Case) -> list[str] | None:
    """What became of the attackers' events (of all, where there are none) is what their labels say.

    For clauses about content: their scenarios hold nothing but what the clause is about.
    """
    hostile = set(case.handlers("attacker"))
    return due_of([event for event in case.ledger.events if not hostile or event.extension in hostile])


def due_of(events: list[Written]) -> list[str] | None:
    """The same for these events alone."""
    problems = [problem for event in events if (problem := _not_as_due(event))]
    settled = any(event.fate in {*_CAME, "dropped"} or (event.due == "leave" and event.path) for event in events)
    return first(problems) if settled or problems else None


def _not_as_due(event: Written) -> str:
    told = f"{event.extension}: {event.token or event.file} ({event.due}{event.reason and ', '}{event.reason}) was {event.fate}"
    if event.due in {"collect", "cut"}:
        over_quota = event.fate == "discarded" and event.why in {"quota", "rejects", "work", "overlap", "stop"}
        good = event.fate in _CAME | _OPEN or over_quota or (event.fate == "waiting" and not event.overdue)
        return "" if good else f"{told}: {event.why}"
    return told if event.deliveries or (event.due == "drop" and event.overdue) else ""


#: What no file within the size limit may cost: seconds of processor (read.bounded-time), bytes of growth (read.bounded-memory).
MOST_SECONDS, MOST_GROWTH = 2.0, 32 * 1024 * 1024


def bounded_time(case: Case) -> list[str] | None:
    """No pass of a scenario that brings one heavy file a pass takes more processor than a file may cost."""
    if not case.costs:
        return None
    return first(
        [f"pass {n} took {c.seconds:.1f} s of processor, {MOST_SECONDS:g} s are due" for n, c in enumerate(case.costs) if c.seconds > MOST_SECONDS]
    )


def bounded_memory(case: Case) -> list[str] | None:
    if not case.costs:
        return None
    mib = 1024 * 1024
    return first(
        [f"pass {n} grew by {c.grown / mib:.0f} MiB, {MOST_GROWTH // mib} are due" for n, c in enumerate(case.costs) if c.grown > MOST_GROWTH]
    )
