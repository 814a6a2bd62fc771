"""What a judge is given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

from ..core import (
    AGENT,
    COLLECTOR,
    Cost,
    Held,
    History,
    Record,
    events_dir,
    is_in_log_dir,
    is_of_the_kit,
)
from .agreement import HOST
from .fared import SOUND, fared, is_lost
from .ledger import Ledger
from .written import Delivered, Written


@dataclass(frozen=True)
class Case:
    """One run: its history, its ledger, and the ledger of the same run without its attackers (None:
    it has none).
    """

    history: History
    ledger: Ledger
    without: Ledger | None
    costs: tuple[Cost, ...] = ()
    #: What was left after each of many passes, where the scenario is about that.
    held: Held | None = None

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

    @cached_property
    def opened(self) -> frozenset[str]:
        """The files that the collector opened; of a program nothing is known of that."""
        return frozenset(path for call, path, result in self.calls() if call == "open" and "errno" not in result)

    def was_read(self, event: Written) -> bool:
        """Whether its file was opened, as far as that is known:
        one that is removed unread is not counted.
        """
        return not self.opened or event.path in self.opened

    def last_pass(self) -> int:
        """The number of the last pass, -1 where none was made.

        A pass over agent events and one over extension events share a number.
        """
        return max((record.pass_number for record in self.history if record.op == "pass-begin"), default=-1)

    def pass_deliveries(self) -> Iterator[tuple[str, int, list[Delivered]]]:
        """(extension, pass, deliveries in order), of extension events."""
        ordered = sorted(
            (d for d in self.ledger.deliveries if d.extension), key=lambda d: (d.extension, d.pass_number, d.i)
        )
        for (extension, number), group in groupby(ordered, key=lambda d: (d.extension, d.pass_number)):
            yield extension, number, list(group)

    def full_passes(self) -> list[tuple[str, int]]:
        """(extension, pass) in which at least the quota was handed over."""
        return [place for place, count in self.ledger.accepted.items() if count >= self.quota and place[0]]

    @cached_property
    def ordinary(self) -> list[Written]:
        """The control group: events of extensions that did nothing but write sound files, once
        each, as any extension does on any day.

        What befalls them befalls everybody, and is no sign of what a scenario is about.
        """
        odd = set(self.handlers("attacker"))
        written: set[str] = set()
        for record in self.history:
            if record.op != "step" or record.actor == AGENT or not is_in_log_dir(record.path):
                continue
            labels = record.result.get("labels")
            plain = (
                record.result["act"] == "write"
                and record.path.count("/") == _DEPTH
                and record.path not in written
                and bool(labels)
            )
            if not plain or any(label[1] not in SOUND or len(label) > _LABEL or not all(label[2]) for label in labels):
                odd.add(record.path.split("/")[1])
                odd.update(str(record.result.get("to", "")).split("/")[1:2])
            written.add(record.path)
        return [event for event in self.ledger.events if is_in_log_dir(event.path) and event.extension not in odd]

    @cached_property
    def is_losing(self) -> bool:
        """Whether events of the control group were lost: of other lost ones nobody can tell what
        for.
        """
        return any(is_lost(event) for event in self.ordinary)

    @cached_property
    def is_losing_plain_files(self) -> bool:
        """The same of files, whoever wrote them, in which nothing stands but what any extension
        writes.
        """
        return any(
            all(not e.about and e.due in SOUND and e.agent is None for e in events) and any(map(is_lost, events))
            for events in self.by_path.values()
        )

    @cached_property
    def is_idle(self) -> bool:
        """Whether events were due and none came at all: what such a collector leaves alone, or does
        not say, is no sign that it keeps any clause.
        """
        return not self.ledger.deliveries and bool(self.uncollected)

    @cached_property
    def uncollected(self) -> list[Written]:
        """Events that were due and are lost, or lay there when the last pass began, which nothing
        disturbed and which did not even look.
        """
        last = max((record.pass_number for record in self.history if record.op == "pass-end"), default=-1)
        begin = max(
            (
                i
                for i, record in enumerate(self.history)
                if record.op == "pass-begin" and record.result["kind"] == "extension"
            ),
            default=-1,
        )
        disturbed = any(
            record.op in {"fault", "crash", "service"} and record.pass_number == last for record in self.history
        )
        looked = {extension for extension, number in self.ledger.listed if number == last}
        return [
            event
            for event in self.ledger.events
            if is_lost(event)
            or (
                event.due in SOUND
                and event.fate == "waiting"
                and event.since < begin
                and not disturbed
                and event.extension not in looked
                and event.path.startswith(f"{events_dir(event.extension)}/")
            )
        ]

    @cached_property
    def astray(self) -> frozenset[str]:
        """In what events of the control group differ from what is due: that others do as well is no
        sign of what they are about.
        """
        return frozenset(aspect for event in self.ordinary for aspect in event.differs)

    @cached_property
    def by_path(self) -> dict[str, list[Written]]:
        """The events of each file, as it was last written."""
        found: dict[str, list[Written]] = {}
        for event in self.ledger.events:
            found.setdefault(event.path, []).append(event)
        return found

    @cached_property
    def extension_passes(self) -> dict[int, list[Record]]:
        """The records of each pass over extension events, by its number, its beginning and its end
        among them.
        """
        found: dict[int, list[Record]] = {}
        inside = False
        for record in self.history:
            inside = inside or (record.op == "pass-begin" and record.result["kind"] == "extension")
            if inside:
                found.setdefault(record.pass_number, []).append(record)
            inside = inside and record.op != "pass-end"
        return found

    def beside(self, event: Written) -> list[Written]:
        """The sound events that any extension might have written into the same file."""
        return [
            other for other in self.by_path[event.path] if other is not event and not other.about and other.due in SOUND
        ]

    def tried(self, slug: str) -> list[Written]:
        """The events that were written to try a clause."""
        return [event for event in self.ledger.events if slug in event.about]

    def departure(self, event: Written, *, values: bool | frozenset[str] = True) -> str:
        """How it fared otherwise than it should, or "". ``values``: what it says counts as well,
        and not only whether it came; of these parameters or ASPECTS, where they are named.

        Left out is what befell the control group too, and the loss of an event with which its
        neighbours were lost.
        """
        told = fared(event)
        if event.due not in SOUND:
            return told if event.deliveries else ""
        if is_lost(event):
            general = (
                self.is_losing_plain_files or any(map(is_lost, self.beside(event)))
                if event.about
                else self.is_losing and event.agent is None
            )
            return "" if general or event.refused else f"{told}: {event.why}"
        looked_at = set(event.differs) if values is True else set(event.differs) & (values or frozenset())
        if event.fate != "altered" or not looked_at - self.astray - {HOST}:
            return ""
        neighbours = {aspect for other in self.beside(event) for aspect in other.differs}
        return f"{told}: {event.why}" if looked_at - self.astray - neighbours - {HOST} else ""

    def limited(self) -> dict[tuple[str, int], str]:
        """(extension, pass) -> the limit that was reached,
        of those beyond which files go unread.
        """
        return {(n["extension"], number): n["kind"] for number, n in self.ledger.notices if n["kind"] in LIMIT_NOTICES}

    def removals(self) -> Iterator[tuple[int, str, int]]:
        """(index of its record, path, pass) of each name that the collector removed."""
        for i, record in enumerate(self.history):
            if record.op == "call" and record.result["call"] == "unlink" and "errno" not in record.result:
                yield i, record.path, record.pass_number

    @cached_property
    def words_known(self) -> bool:
        """Whether the collector's reasons come in the kit's own texts: of others the contract
        leaves those of hardened reasons open.
        """
        return is_of_the_kit(self.ledger.run.get("subject", ""))


#: Kinds of notices that tell of a limit beyond which an extension's files go unread.
LIMIT_NOTICES = {"quota", "rejects", "work"}

#: Acts that put something else than a file where a file should be, and what that is.
ODD = {"mkfifo": "fifo", "socket": "socket", "device": "device", "symlink": "link"}

#: Fields of a label in the history that is about nothing and plants no secret; how deep an event
#: file lies.
_LABEL, _DEPTH = 3, 3
