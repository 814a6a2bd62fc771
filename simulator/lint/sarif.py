"""The report for code scanning: SARIF 2.1.0, with paths relative to where the command ran."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import quote

from .._version import __version__
from .finding import DirectoryOutcome, FileOutcome, Finding
from .rules import RULES

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
#: GitHub shows no more of one run.
MOST_RESULTS = 5_000


class AsSarif:
    """Keeps the first findings, and writes them at the end."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._results: list[dict[str, Any]] = []
        self._more = 0

    def begin(self, directory: DirectoryOutcome) -> None:
        pass

    def entry(self, directory: DirectoryOutcome, outcome: FileOutcome) -> None:
        self._keep(os.path.join(directory.path, outcome.name), outcome.findings)

    def end(self, directory: DirectoryOutcome) -> None:
        self._keep(directory.path or ".", directory.findings)

    def _keep(self, path: str, findings: list[Finding]) -> None:
        for finding in findings:
            if len(self._results) < MOST_RESULTS:
                self._results.append(_result(path, finding))
            else:
                self._more += 1

    def close(self) -> None:
        """Write the document."""
        names = list(RULES)
        invocation: dict[str, Any] = {"executionSuccessful": True}
        if self._more:
            text = f"{self._more:,} findings more than the {MOST_RESULTS:,} of this report"
            invocation["toolExecutionNotifications"] = [{"level": "warning", "message": {"text": text}}]
        run = {
            "tool": {"driver": {"name": "simulate lint", "version": __version__, "rules": [_rule(name) for name in names]}},
            "columnKind": "unicodeCodePoints",
            "invocations": [invocation],
            "results": self._results,
        }
        json.dump({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, self._stream, indent=1)
        self._stream.write("\n")


def _rule(name: str) -> dict[str, Any]:
    rule = RULES[name]
    return {
        "id": name,
        "shortDescription": {"text": rule.about},
        "defaultConfiguration": {"level": rule.severity},
        "properties": {"clause": rule.clause or None},
    }


def _result(path: str, finding: Finding) -> dict[str, Any]:
    where: dict[str, Any] = {"artifactLocation": {"uri": _uri(path)}}
    if finding.place:
        where["region"] = {"startLine": finding.place.line, "startColumn": finding.place.column}
    told = finding.text if finding.element is None else f"[{finding.element}]{'.' * bool(finding.key)}{finding.key} {finding.text}"
    return {
        "ruleId": finding.rule,
        "level": finding.severity,
        "message": {"text": f"{told} ({finding.slug})" if finding.slug else told},
        "locations": [{"physicalLocation": where}],
    }


def _uri(path: str) -> str:
    """A relative reference where the path lies below the working directory,
    which code scanning needs, else a file URI.
    """
    whole, here = os.path.abspath(path), os.getcwd()
    if Path(whole).is_relative_to(here):
        return quote(os.fsencode(os.path.relpath(whole, here)))
    return "file://" + quote(os.fsencode(whole))
