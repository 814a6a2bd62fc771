"""One directory, put through a pass that only looks:
its entries' outcomes one by one, then that of the directory.

Each directory is a pass of its own:
extensions do not touch one another (isolate.extension), so memory is that of one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from ..safe import safe
from .agent_inspection import AgentInspection
from .finding import DirectoryOutcome, FileOutcome, Finding
from .inspection import Inspection
from .other_entries import agent_stranger
from .profile import Terms
from .readonly import Chosen
from .reference import directory, errors, listing, outlet, part, report, sweep

#: Digits of Unix time in its units, from 2001 to 2286.
UNITS = {10: "s", 13: "ms", 16: "µs", 19: "ns"}
_LIMITS = {report.QUOTA: "quota", report.REJECTS: "rejects", errors.WorkLimit.reason: "work-limit"}


class _Sender:
    """Takes every event, and keeps none."""

    def enqueue_event(self, event: Any) -> None:
        pass

    def stopped(self) -> bool:
        return False

    def get_thread_name(self) -> str:
        return "lint"


class Look:
    """A directory to look at.

    ``outcome``: what is known of it before. ``enter``: opens it anew, as ReadOnly. ``shown``: what
    files are called in messages, where that is not their name.
    """

    def __init__(
        self, outcome: DirectoryOutcome, enter: Callable[[], directory.Directory], shown: Mapping[str, str] | None = None
    ) -> None:
        self.outcome = outcome
        self._enter = enter
        self._shown = dict(shown or {})
        self._names: dict[str, str] | None = None
        self._told = 0

    def run(self, terms: Terms, now: float, tell: Callable[[FileOutcome], None]) -> None:
        """Tells the outcome of each entry, newest first (``now`` in Unix seconds),
        and completes that of the directory.
        """
        out = outlet.Outlet(_Sender(), lambda: False)

        def told(outcome: FileOutcome) -> None:
            self._told += bool(listing.is_event_file(outcome.name))
            tell(self._as_named(outcome))

        def make(place: directory.Directory, tally: report.Tally) -> Any:
            if isinstance(place, Chosen):
                self._names = dict(place.files)
            if self.outcome.kind == "agent":
                return AgentInspection(place, tally, out, terms, told, now)
            return Inspection(self.outcome.handler, place, tally, out, terms, told, now)

        only = part.Part(self.outcome.handler, self.outcome.path, self._enter, make)
        part.play_turns([only])
        if self.outcome.kind == "agent":
            part.discard_rests([only])
            part.play_rounds([only], terms.config, out, lambda _: None)
        else:
            sweep.settle([only], terms.config, out, lambda _: None)
        only.play(lambda _, place: self._others(place, only.inbox, tell))
        self._conclude(only)

    def _as_named(self, outcome: FileOutcome) -> FileOutcome:
        """The outcome under the name that the user gave."""
        if outcome.name in self._shown:
            outcome.name = self._shown[outcome.name]
            return outcome
        if self._names is None:
            return outcome
        alias, outcome.name = outcome.name, self._names[outcome.name]
        if alias != outcome.name:
            text = "a file given by name is looked into; of this name, no collector reads it"
            outcome.findings.append(Finding("sample-name", text))
        return outcome

    def _others(self, place: directory.Directory, inbox: Any, tell: Callable[[FileOutcome], None]) -> bool:
        """What is no event file, and what all names together say."""
        if self.outcome.kind == "agent":
            for name in place.names():
                if not listing.is_agent_event_file(name):
                    tell(agent_stranger(place, name))
            return False
        inbox.spared(place)
        names = self._names.values() if self._names is not None else place.names()
        widths = Counter(len(name) - len(".json") for name in names if listing.is_event_file(name))
        if len(widths) > 1:
            told = ", ".join(f"{count:,} in {UNITS.get(width, f'{width} digits')}" for width, count in sorted(widths.items()))
            self.outcome.findings.append(Finding("name-units", f"{told}: names sort as text, whatever their unit"))
        return False

    def _conclude(self, only: part.Part) -> None:
        """What is to be said of the directory as a whole."""
        findings = self.outcome.findings
        for (kind, _), example in only.tally.examples.items():
            if kind == "not-a-directory":
                findings.append(Finding("no-directory", f"it cannot be entered: {safe(example.why)}"))
            elif kind == "error":
                findings.append(Finding("changed", f"it could not be looked through: {safe(example.why)}"))
        if only.inbox is None:
            return
        for reason, rule in _LIMITS.items():
            count = only.tally.discarded.get(reason, 0)
            if count:
                findings.append(Finding(rule, f"{_said(rule, only.inbox.config)}: {count:,} files are discarded unread, the oldest by their names"))
        if self.outcome.kind == "extension":
            self.outcome.kept = max(0, only.inbox.listing.files - self._told)


def _said(rule: str, config: Any) -> str:
    if rule == "quota":
        return f"more than the {config.quota:,} events of a pass"
    if rule == "rejects":
        return f"more than {config.max_rejects:,} rejected events and files"
    return f"more than the {config.max_parse:,} bytes that a pass parses"
