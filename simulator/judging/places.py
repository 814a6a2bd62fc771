"""What happened at each place, an extension in a pass: what a pass report is compared with."""

from __future__ import annotations

from collections import Counter
from functools import cached_property

from ..core import (
    WriterStep,
    handler_of,
    is_agent_event,
    is_entry,
    is_entry_or_below,
    is_event_file,
    is_in_log_dir,
    is_json,
    is_tld,
)
from .case import Case
from .readings import exchanged_later

#: (extension, pass); the extension is "" for the agent's own events.
Place = tuple[str, int]


class Places:
    """The places of one case."""

    def __init__(self, case: Case) -> None:
        self._case = case

    @cached_property
    def delivered(self) -> Counter[Place]:
        """How many events the sender took."""
        return Counter((one.extension, one.pass_number) for one in self._case.ledger.deliveries)

    @cached_property
    def removed(self) -> Counter[Place]:
        """How many files the collector removed."""
        return Counter((handler_of(call.path), call.pass_number) for call in self._case.view.removals)

    @cached_property
    def exchanged(self) -> Counter[Place]:
        """Files that writers replaced or removed during the pass after they were opened: what was
        read is not there to be removed any more. They count where removal waits for the sender, or
        follows the hand-over. The agent's own events follow it in either mode.
        """
        ledger = self._case.ledger
        exchanged = exchanged_later(
            self._case.view, ledger.deliveries, waits=ledger.run["delivery"] == "at-least-once"
        )
        changed = {(one.extension, one.file, one.pass_number) for one in ledger.deliveries if exchanged(one)}
        return Counter((extension, number) for extension, _, number in changed)

    @cached_property
    def refused(self) -> frozenset[Place]:
        """Where a removal failed, though something was there."""
        return frozenset((handler_of(call.path), call.pass_number) for call in self._case.view.refused_removals)

    def is_quota_alone(self, place: Place) -> bool:
        """Whether no other limit than the quota was told there."""
        return self._case.limited.get(place, "quota") == "quota"

    @cached_property
    def erring(self) -> frozenset[Place]:
        """Where the collector told of an error of its own."""
        return frozenset(
            (n["extension"] or "", number) for number, n in self._case.ledger.notices if n["kind"] == "error"
        )

    @cached_property
    def uncertain(self) -> frozenset[Place]:
        """Where the collector told of such an error, or of a limit beyond which files go unread."""
        return self.erring | frozenset(self._case.limited)

    @cached_property
    def troubled(self) -> frozenset[int]:
        """Passes in which a fault struck, the process was ended, or nothing was confirmed."""
        return self._case.view.disturbed | self._case.view.unconfirmed

    @cached_property
    def moving(self) -> frozenset[int]:
        """Passes during which a writer took a step."""
        return frozenset(step.pass_number for step in self._case.view.of(WriterStep) if step.is_within)

    @cached_property
    def directories(self) -> Counter[str]:
        """How many directories an extension has under the names of event files."""
        made = {step.path for step in self._case.view.steps if step.act == "mkdir"}
        return Counter(
            handler_of(path)
            for path in made
            if is_event_file(path) or (is_agent_event(path) and is_tld(path))
        )

    @cached_property
    def plain(self) -> frozenset[str]:
        """Extensions in whose events dirs nothing but event files ever was, and all of them could
        be removed.
        """
        odd: set[str] = set()
        for step in self._case.view.of(WriterStep):
            if is_entry_or_below(step.path) and not (
                step.act in _OF_FILES and is_entry(step.path) and is_json(step.path)
            ):
                odd.add(handler_of(step.path))
        return frozenset(self._case.handlers("attacker") + self._case.handlers("bystander")) - odd

    def only_goes(self, place: Place) -> bool:
        """Whether all that writers did there is that files went: one by one, or with their
        directory.
        """
        done = self._acts.get(place, set())
        return "away" in done or done == {"gone"}

    @cached_property
    def _acts(self) -> dict[Place, set[str]]:
        """What writers did in its events dir during the pass:

        * ``gone``: a name went, by removal or renaming to a new one;
        * ``away``: the directory itself was moved, or replaced;
        * ``other``.
        """
        acts: dict[Place, set[str]] = {}
        known: set[str] = set()
        for step in self._case.view.steps:
            if not is_in_log_dir(step.path):
                continue
            gone = step.act == "unlink" or (step.act == "rename" and step.to not in known)
            known |= {step.path, step.to}
            if step.is_within:
                what = "away" if not is_entry_or_below(step.path) else "gone" if gone else "other"
                acts.setdefault((handler_of(step.path), step.pass_number), set()).add(what)
        return acts


#: Acts after which what stands under a name is a file that can be removed.
_OF_FILES = {"write", "append", "unlink", "truncate", "touch"}
