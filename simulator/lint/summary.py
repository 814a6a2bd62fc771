"""Counts of all that was looked at."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from .finding import DirectoryOutcome, FileOutcome, Finding


@dataclass(slots=True)
class Summary:
    """``unpromised``: findings by clauses that the profile's collector does not promise."""

    directories: int = 0
    files: Counter[str] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)
    severities: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    unpromised: int = 0

    def add(self, outcome: FileOutcome, level: str) -> None:
        self.files[outcome.fate] += 1
        for event in outcome.events:
            self.events[event.fate] += 1
        self._find(outcome.findings, level)

    def add_directory(self, outcome: DirectoryOutcome, level: str) -> None:
        self.directories += 1
        self.files["kept"] += outcome.kept
        self._find(outcome.findings, level)

    def _find(self, findings: list[Finding], level: str) -> None:
        for finding in findings:
            self.severities[finding.severity] += 1
            self.rules[finding.rule] += 1
            self.unpromised += level == "core" and finding.hardened and finding.severity == "error"

    @property
    def looked_at(self) -> int:
        """Entries, and directories of which something is to be said."""
        return self.files.total() + self.severities.total()

    def as_json(self) -> dict[str, Any]:
        return {
            "directories": self.directories,
            "files": dict(sorted((+self.files).items())),
            "events": dict(sorted(self.events.items())),
            "findings": {"error": self.severities["error"], "warning": self.severities["warning"]},
            "rules": dict(sorted(self.rules.items())),
        }
