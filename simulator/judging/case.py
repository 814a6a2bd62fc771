"""What a judge is given."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from ..core import (
    AGENT,
    Cost,
    Held,
    History,
    PassBegun,
    PassEnded,
    ServiceAsked,
    View,
    WriterStep,
    events_dir,
    handler_of,
    is_below,
    is_entry,
    is_in_log_dir,
    is_of_the_kit,
)
from .agreement import HOST
from .fared import fared, is_lost
from .ledger import Ledger
from .written import SOUND, Delivered, Written


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
    def view(self) -> View:
        """The history by its kinds of records: built once for all judges."""
        return self.ledger.view

    def limit(self, name: str) -> int:
        """A limit of the contract, as the subject declares it."""
        return int(self.ledger.run["limits"][name])

    @property
    def quota(self) -> int:
        return self.limit("quota")

    @property
    def gives_notices(self) -> bool:
        """Whether the collector declares that it tells operators what it does."""
        return bool(self.ledger.run["capabilities"].get("notices"))

    def handlers(self, role: str) -> list[str]:
        return [actor["handler"] for actor in self.ledger.run["actors"] if actor["role"] == role]

    @cached_property
    def opened(self) -> frozenset[str]:
        """The files that the collector opened; of a program nothing is known of that."""
        return frozenset(call.path for call in self.view.done("open"))

    def was_read(self, event: Written) -> bool:
        """Whether its file was opened, as far as that is known:
        one that is removed unread is not counted.
        """
        return not self.opened or event.path in self.opened

    @cached_property
    def refused_removals(self) -> frozenset[str]:
        """Paths of which a removal failed, though something was there."""
        return frozenset(call.path for call in self.view.refused_removals)

    @cached_property
    def pass_deliveries(self) -> list[tuple[str, int, list[Delivered]]]:
        """(extension, pass, deliveries in order), of extension events."""
        ordered = sorted(
            (d for d in self.ledger.deliveries if d.extension), key=lambda d: (d.extension, d.pass_number, d.i)
        )
        groups = groupby(ordered, key=lambda d: (d.extension, d.pass_number))
        return [(extension, number, list(group)) for (extension, number), group in groups]

    @cached_property
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
        for step in self.view.of(WriterStep):
            if step.actor == AGENT or not is_in_log_dir(step.path):
                continue
            if step.path in written or not _is_plain(step):
                odd |= {handler_of(step.path), handler_of(step.to)}
            written.add(step.path)
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
        """Whether events were due and none came at all. What such a collector leaves alone, or does
        not say, is no sign that it keeps any clause.
        """
        return not self.ledger.deliveries and bool(self.uncollected)

    @cached_property
    def uncollected(self) -> list[Written]:
        """Events that were due and are lost, or lay there when the last pass began, which nothing
        disturbed and which did not even look.
        """
        last = max((ended.pass_number for ended in self.view.of(PassEnded)), default=-1)
        begin = max((begun.i for begun in self.view.of(PassBegun) if begun.kind == "extension"), default=-1)
        asked = {asked.pass_number for asked in self.view.of(ServiceAsked)}
        disturbed = last in self.view.disturbed or last in asked
        looked = {extension for extension, number in self.ledger.listed if number == last}
        return [
            event
            for event in self.ledger.events
            if is_lost(event)
            or (
                event.due in SOUND
                and event.fate == "waiting"
                and max(event.since, event.stands) < begin
                and not disturbed
                and event.extension not in looked
                and is_below(event.path, events_dir(event.extension))
            )
        ]

    @cached_property
    def last_listed(self) -> dict[str, int]:
        """Extension -> the last record with which a pass first listed its events dir."""
        found: dict[str, int] = {}
        for (extension, _), i in self.ledger.listed.items():
            found[extension] = max(i, found.get(extension, i))
        return found

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

    def beside(self, event: Written) -> list[Written]:
        """The sound events that any extension might have written into the same file."""
        return [
            other for other in self.by_path[event.path] if other is not event and not other.about and other.due in SOUND
        ]

    @cached_property
    def _tried(self) -> dict[str, list[Written]]:
        found: dict[str, list[Written]] = {}
        for event in self.ledger.events:
            for slug in dict.fromkeys(event.about):
                found.setdefault(slug, []).append(event)
        return found

    def tried(self, slug: str) -> list[Written]:
        """The events that were written to try a clause."""
        return list(self._tried.get(slug, ()))

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

    @cached_property
    def limited(self) -> dict[tuple[str, int], str]:
        """(extension, pass) -> the limit that was reached,
        of those beyond which files go unread.
        """
        return {
            (n["extension"] or "", number): n["kind"] for number, n in self.ledger.notices if n["kind"] in LIMIT_NOTICES
        }

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

#: Fields of a label in the history that is about nothing and plants no secret.
_LABEL = 3


def _is_plain(step: WriterStep) -> bool:
    """Whether it writes a file of sound events, as any extension does on any day."""
    return (
        step.act == "write"
        and is_entry(step.path)
        and bool(step.labels)
        and all(label[1] in SOUND and len(label) <= _LABEL and all(label[2]) for label in step.labels or ())
    )
