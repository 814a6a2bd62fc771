"""What a judge is given."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from simulator.history import COLLECTOR, History
from simulator.ledger import Delivered, Ledger


@dataclass(frozen=True)
class Case:
    """One run: its history, its ledger, and the ledger of the same run without its attackers (None: it has none)."""

    history: History
    ledger: Ledger
    without: Ledger | None

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
        """(extension, pass, deliveries in order)."""
        ordered = sorted(self.ledger.deliveries, key=lambda d: (d.extension, d.pass_number, d.i))
        for (extension, number), group in groupby(ordered, key=lambda d: (d.extension, d.pass_number)):
            yield extension, number, list(group)

    def full_passes(self) -> list[tuple[str, int]]:
        """(extension, pass) in which at least the quota was handed over."""
        return [place for place, count in self.ledger.accepted.items() if count >= self.quota]


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
