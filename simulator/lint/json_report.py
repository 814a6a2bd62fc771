"""The JSON report: one document, written as it is heard,
so that a directory of any size costs no memory.

Its shape is that of the typed dictionaries in ``report_shape``.
Text is ASCII: whatever a name holds is escaped.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TextIO

from .._version import __version__
from ..contract import CLAUSES
from .finding import DirectoryOutcome, EventOutcome, FileOutcome, Finding
from .profile import Terms
from .summary import Summary

if TYPE_CHECKING:
    from .report_shape import ToldEntry, ToldEvent, ToldFinding

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
        told: ToldEntry = {
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


def _event(event: EventOutcome) -> ToldEvent:
    line, column = event.place or (1, 1)
    return {"element": event.element, "fate": event.fate, "reason": event.reason or None, "line": line, "column": column}


def _finding(finding: Finding) -> ToldFinding:
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
