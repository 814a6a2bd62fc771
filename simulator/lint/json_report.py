"""The JSON report: one document, written as it is heard,
so that a directory of any size costs no memory.

Its shape is that of the typed dictionaries here; ``lint_schema()`` is their JSON Schema.
Text is ASCII: whatever a name holds is escaped.
"""

from __future__ import annotations

import json
from typing import Any, Literal, TextIO

from pydantic import ConfigDict, TypeAdapter, with_config
from typing_extensions import TypedDict  # pydantic needs it before Python 3.12

from .._version import __version__
from ..base import DIALECT, Exit
from ..contract import CLAUSES, Level
from .finding import DirectoryOutcome, EventFate, EventOutcome, FileFate, FileOutcome, Finding
from .profile import Terms
from .rules import Severity
from .summary import Summary

_STRICT = ConfigDict(extra="forbid")


@with_config(_STRICT)
class _Finding(TypedDict):
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
class _Event(TypedDict):
    """``reason``: as the collector counts it, for what is dropped."""

    element: int
    fate: EventFate
    reason: str | None
    line: int
    column: int


@with_config(_STRICT)
class _Entry(TypedDict):
    """``unread``: elements follow the last of ``events``, and nobody reads them."""

    name: str
    fate: FileFate
    reason: str | None
    unread: bool
    events: list[_Event]
    findings: list[_Finding]


@with_config(_STRICT)
class _Directory(TypedDict):
    """``kept``: files that the pass leaves for the next, unread."""

    path: str
    kind: Literal["extension", "agent", "other"]
    handler: str
    entries: list[_Entry]
    findings: list[_Finding]
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


class AsJson:
    """Writes the document to the stream, part by part."""

    def __init__(self, stream: TextIO, terms: Terms) -> None:
        self._stream = stream
        head = {"schema": 1, "kit": {"name": "etp-kit", "version": __version__}, "profile": terms.profile.name, "quota": terms.config.quota}
        self._head = json.dumps(head)[:-1] + ', "directories": ['  # written once something is to be told: bad usage tells nothing
        self._directories = 0
        self._entries = 0

    def begin(self, directory: DirectoryOutcome) -> None:
        head = {"path": directory.path, "kind": directory.kind, "handler": directory.handler}
        self._stream.write((",\n" if self._directories else self._head + "\n") + json.dumps(head)[:-1] + ', "entries": [')
        self._directories += 1
        self._entries = 0

    def entry(self, directory: DirectoryOutcome, outcome: FileOutcome) -> None:  # noqa: ARG002 - a reporter's form
        told: _Entry = {
            "name": outcome.name,
            "fate": outcome.fate,
            "reason": outcome.reason or None,
            "unread": outcome.unread,
            "events": [_event(event) for event in outcome.events],
            "findings": [_finding(finding) for finding in outcome.findings],
        }
        self._stream.write((",\n  " if self._entries else "\n  ") + json.dumps(told))
        self._entries += 1

    def end(self, directory: DirectoryOutcome) -> None:
        findings = [_finding(finding) for finding in directory.findings]
        self._stream.write(f'], "findings": {json.dumps(findings)}, "kept": {directory.kept}}}')

    def close(self, summary: Summary, code: int) -> None:
        """Write the rest."""
        if not self._directories:
            self._stream.write(self._head)
        self._stream.write(f'\n], "summary": {json.dumps(summary.as_json())}, "exit": {code}}}\n')


def _event(event: EventOutcome) -> _Event:
    line, column = event.place or (1, 1)
    return {"element": event.element, "fate": event.fate, "reason": event.reason or None, "line": line, "column": column}


def _finding(finding: Finding) -> _Finding:
    line, column = finding.place or (None, None)
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "clause": finding.slug or None,
        "level": CLAUSES[finding.slug].level if finding.slug else None,
        "text": finding.text,
        "element": finding.element,
        "key": finding.key or None,
        "line": line,
        "column": column,
    }
