"""What lint tells: findings, and the fates of events, files and directories.

Fates of an event: ``collected``, ``cut``, ``dropped``, ``discarded``. A file may be
``collected``, ``dropped`` (it falls as a whole) or ``discarded``. It may be ``residue`` (no event
file, and removed), ``spared`` (left where it is, unread) or ``kept`` (for the next pass, perhaps).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from ..contract import CLAUSES
from .rules import RULES, Severity

EventFate = Literal["collected", "cut", "dropped", "discarded"]
FileFate = Literal["collected", "dropped", "discarded", "residue", "spared", "kept"]


class Place(NamedTuple):
    """Line and column of the decoded text, both from 1; a column is a character (code point)."""

    line: int
    column: int


class Finding(NamedTuple):
    """One thing that lint found.

    ``element``: its number in the file from 0, as in an event's key, or None. ``key``: as it is
    documented, or "". ``clause``: the one that applies, where a rule serves several clauses.
    """

    rule: str
    text: str
    element: int | None = None
    key: str = ""
    place: Place | None = None
    clause: str = ""

    @property
    def severity(self) -> Severity:
        return RULES[self.rule].severity

    @property
    def slug(self) -> str:
        """The clause, or "" where none speaks of it."""
        return self.clause or RULES[self.rule].clause

    @property
    def hardened(self) -> bool:
        """Whether the clause is one that collectors of level core do not promise."""
        return bool(self.slug) and CLAUSES[self.slug].level == "hardened"


class EventOutcome(NamedTuple):
    """What would become of one element.
    ``reason``: as it is counted (docs/contract.md), for what is dropped or discarded.
    """

    element: int
    fate: EventFate
    reason: str
    place: Place | None


@dataclass(slots=True)
class FileOutcome:
    """What would become of one entry of a directory.
    ``unread``: whether elements follow that nobody would read.
    """

    name: str
    fate: FileFate
    reason: str = ""
    events: list[EventOutcome] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    unread: bool = False


@dataclass(slots=True)
class DirectoryOutcome:
    """What was found of a directory as a whole. ``path``: as it was given, or below that; ``kind``:
    ``extension``, ``agent`` or ``other``; ``kept``: files that a pass leaves for the next, unread.
    """

    path: str
    kind: Literal["extension", "agent", "other"]
    handler: str = ""
    findings: list[Finding] = field(default_factory=list)
    kept: int = 0
