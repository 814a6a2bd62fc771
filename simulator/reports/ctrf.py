"""The JSON report in the Common Test Report Format (CTRF): a test a clause in a scenario."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from ..judging import is_expected
from ..safe import safe
from .failing import fails
from .said import LONGEST_COMMAND, cause_of, story_lines, told_lines

_MOST_LINES = 20
_STATUS = {"pass": "passed", "fail": "failed", "skip": "skipped", "error": "other"}


def ctrf(report: dict[str, Any]) -> str:
    """The document's text."""
    tests = [test for scenario in report["scenarios"] for test in _tests(scenario)]
    counts = {status: sum(test["status"] == status for test in tests) for status in dict.fromkeys(_STATUS.values())}
    start = _milliseconds(report["made"]["at"])
    summary = {
        "tests": len(tests), **counts, "pending": 0, "suites": len(report["scenarios"]), "start": start,
        "stop": start + round(report["made"]["seconds"] * 1_000),
    }  # fmt: skip
    results = {
        "tool": {"name": report["kit"]["name"], "version": report["kit"]["version"]},
        "summary": summary,
        "tests": tests,
        "extra": {"collector": safe(report["collector"]), "seed": report["seed"], "exit": report["exit"]},
    }
    document: dict[str, Any] = {"reportFormat": "CTRF", "specVersion": "0.0.0", "generatedBy": "etp-kit"}
    if report["made"]["at"]:
        document["timestamp"] = report["made"]["at"]
    return json.dumps({**document, "results": results}, indent=1, ensure_ascii=True) + "\n"


def _milliseconds(at: str) -> int:
    return round(datetime.fromisoformat(at).timestamp() * 1_000) if at else 0


def _tests(scenario: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A share of the scenario's time for each: a clause has none of its own."""
    share = round(scenario["wall_seconds"] * 1_000 / max(len(scenario["clauses"]), 1))
    for clause in scenario["clauses"]:
        expected = is_expected(clause["verdict"], clause["kind"])
        test: dict[str, Any] = {
            "name": f"{clause['slug']} in {safe(scenario['id'])}, {safe(scenario['world'])} world",
            "status": "skipped" if expected else _STATUS[clause["verdict"]],
            "rawStatus": f"{clause['verdict']} {safe(clause['kind'])}".rstrip(),
            "duration": share,
            "suite": [safe(scenario["id"]) or "unnamed", clause["slug"].partition(".")[0]],
            "filePath": safe(scenario["file"], 400),
        }
        if clause["reason"]:
            test["message"] = safe(clause["reason"], 2_000)
        if fails(clause):
            beside = [*story_lines(clause["slug"], clause["story"]), *cause_of(scenario)]
            said = told_lines(scenario["said"], _MOST_LINES)
            test["trace"] = "\n".join([*beside, *said, f"again: {safe(scenario['reproduce'], LONGEST_COMMAND)}"])
        yield test
