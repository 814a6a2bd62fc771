"""What the JSON report of lint holds, as typed dictionaries.

``lint_schema()`` is their JSON Schema. They stand apart from what writes the report, which does
without pydantic.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import ConfigDict, TypeAdapter, with_config
from typing_extensions import TypedDict  # pydantic needs it before Python 3.12

from ..base import DIALECT, Exit
from ..contract import Level
from .finding import EventFate, FileFate
from .rules import Severity

_STRICT = ConfigDict(extra="forbid")


@with_config(_STRICT)
class ToldFinding(TypedDict):
    """``element``: the number in the file, from 0; ``key``: as documented;
    ``line``, ``column``: from 1, in characters of the decoded text.
    """

    rule: str
    severity: Severity
    clause: str | None
    level: Level | None
    text: str
    element: int | None
    key: str | None
    line: int | None
    column: int | None


@with_config(_STRICT)
class ToldEvent(TypedDict):
    """``reason``: as the collector counts it, for what is dropped."""

    element: int
    fate: EventFate
    reason: str | None
    line: int
    column: int


@with_config(_STRICT)
class ToldEntry(TypedDict):
    """``unread``: elements follow the last of ``events``, and nobody reads them."""

    name: str
    fate: FileFate
    reason: str | None
    unread: bool
    events: list[ToldEvent]
    findings: list[ToldFinding]


@with_config(_STRICT)
class _Directory(TypedDict):
    """``kept``: files that the pass leaves for the next, unread."""

    path: str
    kind: Literal["extension", "agent", "other"]
    handler: str
    entries: list[ToldEntry]
    findings: list[ToldFinding]
    kept: int


@with_config(_STRICT)
class _Kit(TypedDict):
    name: str
    version: str


@with_config(_STRICT)
class _Summary(TypedDict):
    directories: int
    files: dict[str, int]
    events: dict[str, int]
    findings: dict[Severity, int]
    rules: dict[str, int]


@with_config(_STRICT)
class _Report(TypedDict):
    schema: Literal[1]
    kit: _Kit
    profile: str
    quota: int
    directories: list[_Directory]
    summary: _Summary
    exit: Literal[Exit.CONFORMANT, Exit.NOT_CONFORMANT, Exit.NOTHING_SELECTED]


def lint_schema() -> dict[str, Any]:
    """The JSON Schema of the report, in the dialect 2020-12."""
    schema = TypeAdapter(_Report).json_schema(ref_template="#/$defs/{model}")
    return {"$schema": DIALECT, **schema, "title": "A report of simulate lint"}
