"""The order of the rules by which an event has its fate: a table of conditions, fates and reasons.

Rules: every event has exactly one fate. The first section that applies decides, and in it the
first rule that holds; the last one of each section always does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, cast

from ..core import COLLECTOR, is_agent_event
from .agreement import alteration
from .written import NEVER, Delivered, Written

if TYPE_CHECKING:
    from ..core import NoticeResult, RunResult

FATES = (
    "delivered",
    "cut",
    "dropped",
    "discarded",
    "spared",
    "kept",
    "waiting",
    "withdrawn",
    "lost-in-crash",
    "duplicated",
    "altered",
    "vanished",
)
RED = ("altered", "vanished")

#: Why an event waits that a pass could have taken.
OVERDUE = "overdue"


@dataclass(slots=True)
class Passes:
    """What a history tells of passes, whichever event it is about."""

    run: RunResult = field(default_factory=lambda: cast("RunResult", {}))
    #: (extension, pass) -> index of the record with which the pass first listed that events dir.
    listed: dict[tuple[str, int], int] = field(default_factory=dict)
    #: The same, extension by extension.
    listed_of: dict[str, dict[int, int]] = field(default_factory=dict)
    #: pass -> the same of the agent's events dir.
    agent_listed: dict[int, int] = field(default_factory=dict)
    #: (extension, pass) -> how many events the sender took.
    accepted: Counter[tuple[str, int]] = field(default_factory=Counter)
    notices: list[tuple[int, NoticeResult]] = field(default_factory=list)
    crashed: set[int] = field(default_factory=set)
    stopped: set[int] = field(default_factory=set)
    #: Passes in which the sender refused events of which nobody can say which.
    mute: set[int] = field(default_factory=set)
    #: Passes in which a service was stopped: what they had not begun they keep.
    halted: set[int] = field(default_factory=set)
    #: (path, pass) of calls that the environment made fail: what the file held may be lost with a
    #: reason.
    struck: set[tuple[str, int]] = field(default_factory=set)
    #: pass -> how many of the agent's files were given up after their tries.
    given_up: Counter[int] = field(default_factory=Counter)
    #: pass -> index of the last record with which it ended.
    ended: dict[int, int] = field(default_factory=dict)

    def note_listing(self, extension: str, number: int, i: int) -> None:
        """The pass listed that events dir with this record; it counts once."""
        self.listed.setdefault((extension, number), i)
        self.listed_of.setdefault(extension, {}).setdefault(number, i)


class Evidence:
    """One event and the passes it lived through, as the rules ask of them."""

    def __init__(self, event: Written, passes: Passes) -> None:
        self.event = event
        self.passes = passes
        self.number = event.gone_pass
        self.confirmed: list[Delivered] = [delivered for delivered in event.deliveries if delivered.confirmed]

    @property
    def at_most_once(self) -> bool:
        return bool(self.passes.run["delivery"] == "at-most-once")

    @property
    def is_duplicated(self) -> bool:
        """More often than it was written, where neither a crash nor another pass excuses it."""
        event = self.event
        return len(self.confirmed) > 1 + event.rewritten and event.agent is None and self.at_most_once

    @cached_property
    def alteration(self) -> tuple[str, tuple[str, ...]]:
        hosted = "common_parameters" in self.passes.run.get("hosted", ())
        return alteration(self.event, self.confirmed[0], hosted=hosted)

    @property
    def is_beyond_quota(self) -> bool:
        """Beyond the quota a file goes unread, whatever it holds."""
        return self._is_full(self.number)

    def _is_full(self, number: int) -> bool:
        return bool(self.passes.accepted[self.event.extension, number] >= self.passes.run["limits"]["quota"])

    @property
    def is_struck(self) -> bool:
        return (self.event.path, self.number) in self.passes.struck

    @cached_property
    def limit(self) -> str:
        """The kind of the first notice that explains the removal, of the pass that removed it; ""
        for none. It tells of a limit beyond which files of its directory go unread. Or it tells
        that the sender refused something unknown.
        """
        told = self._told(self.number)
        return next((kind for kind in told if kind in _LIMITS or self.number in self.passes.mute), "")

    def _told(self, number: int) -> list[str]:
        directory = None if is_agent_event(self.event.path) else self.event.extension
        return [
            notice["kind"]
            for told, notice in self.passes.notices
            if told == number and notice["extension"] == directory and notice["kind"] in _TELLING
        ]

    @property
    def is_overwritten(self) -> bool:
        """Written over its file between the collector's last look and the removal."""
        since, passes = self.event.since, self.passes
        if is_agent_event(self.event.path):
            return since > passes.agent_listed.get(self.number, since)
        return since > passes.listed.get((self.event.extension, self.number), since)

    @cached_property
    def due_passes(self) -> list[int]:
        """The passes that listed its directory after it was complete, in order.

        Another actor of an agent event's name may have an events dir of its own.
        """
        since, extension = self.event.since, self.event.extension
        if is_agent_event(self.event.path):
            return sorted(number for number, i in self.passes.agent_listed.items() if i > since)
        return sorted(number for number, i in self.passes.listed_of.get(extension, {}).items() if i > since)

    @property
    def is_kept(self) -> bool:
        """The sender stopped in a pass that could have taken it, or in a later one."""
        due = self.due_passes
        return bool(due) and any(number >= due[0] for number in self.passes.stopped)

    @property
    def is_overdue(self) -> bool:
        """A pass could have taken it that nothing ended, and of whose calls on it and on the
        directories above it none failed.
        """
        ended = self.passes.crashed | self.passes.halted
        return any(
            number not in ended
            and not self._is_out_of_reach(number)
            and not self._is_left_beyond_a_limit(number)
            and not self._is_one_too_many(number)
            and not self._was_moved_away(number)
            for number in self.due_passes
        )

    def _is_out_of_reach(self, number: int) -> bool:
        """Whether a call failed on its file, or on a directory that leads to it."""
        path = self.event.path
        return any(
            struck == number and (path == where or path.startswith(f"{where}/")) for where, struck in self.passes.struck
        )

    def _is_left_beyond_a_limit(self, number: int) -> bool:
        """Whether it lay beyond a limit and could not be removed: it stays, unread. It was thrown
        away all the same, and who remembers that tries no more than to remove it.
        """
        return number in self.event.stuck and number >= self.thrown_away_in

    @cached_property
    def thrown_away_in(self) -> int:
        """The first pass that gave it up and could not remove it; NEVER where there is none.

        A pass gives up what lies beyond a limit, and the file in which a stop came.
        """
        stopped = self.event.stopped if self.at_most_once else ()
        return min(
            (
                number
                for number in self.event.stuck.intersection(self.due_passes)
                if number in stopped or self._is_full(number) or not _LIMITS.isdisjoint(self._told(number))
            ),
            default=NEVER,
        )

    def _is_one_too_many(self, number: int) -> bool:
        """Whether so many of the agent's files waited for their next try that one more of them is
        left for the next pass.
        """
        bad = self.event.due == "drop" and is_agent_event(self.event.path)
        return bad and self.passes.given_up[number] > self.passes.run["limits"]["rejects"]

    def _was_moved_away(self, number: int) -> bool:
        """Whether it stood in no events dir at some time between its listing and the end of that
        pass. Passes of a service tell no end: there the time of the listing counts.
        """
        listed = self.passes.listed.get((self.event.extension, number), self.passes.agent_listed.get(number, 0))
        ended = self.passes.ended.get(number, listed)
        return any(begin <= ended and back > listed for begin, back in self.event.away)


_LIMITS = {"rejects", "work"}
_TELLING = {*_LIMITS, "sender-error"}


class Rule(NamedTuple):
    """``why``: the reason, or what makes it."""

    holds: Callable[[Evidence], object]
    fate: str
    why: str | Callable[[Evidence], str] = ""

    def reason(self, evidence: Evidence) -> str:
        return self.why if isinstance(self.why, str) else self.why(evidence)


class Section(NamedTuple):
    """What befell an event, and the rules for that."""

    name: str
    applies: Callable[[Evidence], object]
    rules: tuple[Rule, ...]


def _always(_: Evidence) -> bool:
    return True


def _label(evidence: Evidence) -> str:
    return evidence.event.reason


SECTIONS = (
    Section(
        "handed over",
        lambda e: e.confirmed,
        (
            Rule(lambda e: e.is_duplicated, "duplicated", lambda e: f"{len(e.confirmed)} times"),
            Rule(lambda e: e.alteration[0], "altered", lambda e: e.alteration[0]),
            Rule(lambda e: e.event.due == "cut", "cut"),
            Rule(_always, "delivered"),
        ),
    ),
    Section("refused by the sender", lambda e: e.event.refused, (Rule(_always, "dropped", "SenderError"),)),
    Section("removed by its writer", lambda e: e.event.gone == "writer", (Rule(_always, "withdrawn"),)),
    Section(
        "removed by the collector",
        lambda e: e.event.gone == COLLECTOR,
        (
            Rule(lambda e: e.event.due == "leave", "discarded", "residue"),
            Rule(lambda e: e.event.due == "drop", "dropped", _label),
            Rule(lambda e: e.is_beyond_quota, "discarded", "quota"),
            Rule(lambda e: e.is_struck, "dropped", "fault"),
            Rule(lambda e: e.number in e.passes.crashed and e.at_most_once, "lost-in-crash"),
            Rule(lambda e: e.number in e.passes.crashed, "vanished", "in a crash"),
            Rule(lambda e: e.limit in _LIMITS, "discarded", lambda e: e.limit),
            Rule(lambda e: e.limit, "dropped", "SenderError"),
            Rule(lambda e: e.number in e.event.stopped and e.at_most_once, "discarded", "stop"),
            Rule(lambda e: e.number in e.passes.stopped, "vanished", "in a stop"),
            Rule(lambda e: e.is_overwritten, "discarded", "overlap"),
            Rule(_always, "vanished", "removed and never delivered"),
        ),
    ),
    Section(
        "still there",
        _always,
        (
            Rule(lambda e: e.event.due == "leave", "spared"),
            Rule(lambda e: e.is_kept, "kept"),
            Rule(lambda e: e.is_overdue, "waiting", OVERDUE),
            Rule(_always, "waiting"),
        ),
    ),
)


def settle_fate(event: Written, passes: Passes) -> None:
    """Give an event its fate."""
    evidence = Evidence(event, passes)
    section = next(section for section in SECTIONS if section.applies(evidence))
    rule = next(rule for rule in section.rules if rule.holds(evidence))
    event.fate, event.why = rule.fate, rule.reason(evidence)
    event.thrown_away = event.fate in {"waiting", "kept"} and evidence.thrown_away_in < NEVER
    event.overdue = event.fate == "waiting" and event.why == OVERDUE
    event.differs = evidence.alteration[1] if event.fate == "altered" else ()
