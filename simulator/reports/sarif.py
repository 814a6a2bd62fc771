"""The JSON report as SARIF 2.1.0, for tools that gather security findings: what a collector lets others do to it.

Rules: a rule is a clause of level hardened, or one with a CWE; a result is such a clause that failed.
An expected failure is suppressed with its reason, never left out. Made of the JSON report alone;
every text in it may be hostile and is made safe. What failed is a collector, by its name. Its place
is where an error left it, or else the scenario's file.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from ..base import Exit
from ..contract import CLAUSES, HARMS
from ..judging import is_expected
from ..safe import safe
from .said import LONGEST_COMMAND, cause_of, heading, story_lines

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LONGEST = 2_000
#: Steps of a flow: code scanning takes 10,000, and nobody reads them. A run has a result a clause.
_MOST_STEPS = 1_000


def sarif(report: dict[str, Any]) -> str:
    """The document's text."""
    rows = [row for row in report["clauses"] if _is_about_security(row["slug"])]
    rules = [_rule(row["slug"]) for row in rows]
    run = {
        "tool": {"driver": {"name": report["kit"]["name"], "semanticVersion": report["kit"]["version"], "rules": rules}},
        "automationDetails": {"id": f"etp-kit/{safe(report['collector'])}/"},
        "invocations": [
            {
                "executionSuccessful": report["exit"] != Exit.KIT_BROKE,
                "exitCode": report["exit"],
                "toolExecutionNotifications": [_notification(row) for row in report["clauses"] if row["verdict"] == "error"],
            }
        ],
        "columnKind": "unicodeCodePoints",
        "results": [_result(report, row, place) for place, row in enumerate(rows) if row["verdict"] == "fail"],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1, ensure_ascii=True) + "\n"


def _is_about_security(slug: str) -> bool:
    return CLAUSES[slug].level == "hardened" or bool(CLAUSES[slug].cwe)


def _rule(slug: str) -> dict[str, Any]:
    clause = CLAUSES[slug]
    tags = ["security", clause.level, *(f"external/cwe/{cwe.lower()}" for cwe in clause.cwe)]
    return {
        "id": slug,
        "shortDescription": {"text": clause.statement},
        "fullDescription": {"text": clause.effect},
        "help": {"text": f"simulate explain {slug}"},
        "defaultConfiguration": {"level": "error"},
        "properties": {"tags": tags, "harm": HARMS[clause.harm]},
    }


def _result(report: dict[str, Any], row: dict[str, Any], place: int) -> dict[str, Any]:
    collector = safe(report["collector"])
    effect = f"Effect: {CLAUSES[row['slug']].effect}"
    parts = (_raised, _victims, _story, _why, _again)
    beside = [line for part in parts for line in part(report, row)]
    told = [f"{safe(row['reason'], _LONGEST)}.", effect, *beside]
    name = {"fullyQualifiedName": collector, "kind": "module"}
    result: dict[str, Any] = {
        "ruleId": row["slug"],
        "ruleIndex": place,
        "level": "error",
        "message": {"text": "\n".join(told)},
        "locations": [{**_place(report, row), "logicalLocations": [name]}],
        "partialFingerprints": {"clause/v1": hashlib.sha256(f"{row['slug']} {collector}".encode()).hexdigest()},
        "properties": {"scenarios": list(row["scenarios"]), "kind": row["kind"]},
    }
    if flows := _flows(report, row):
        result["codeFlows"] = flows
    if is_expected(row["verdict"], row["kind"]):
        why = safe(row["reason"], _LONGEST)
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": why}]
    return result


def _errors(report: dict[str, Any], row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What left the collector in the scenarios in which the clause failed."""
    for scenario in _failed(report, row):
        yield from scenario["said"]["raised"]


def _raised(report: dict[str, Any], row: dict[str, Any]) -> list[str]:
    return [f"Raised: {line}" for line in dict.fromkeys(heading(one) for one in _errors(report, row))][:3]


def _place(report: dict[str, Any], row: dict[str, Any]) -> dict[str, Any]:
    """Where the first of them came from, if that is a file below the working directory; else the
    scenario's file: code scanning shows no result without one."""
    for one in _errors(report, row):
        if one["file"] and not one["file"].startswith("/") and one["line"] > 0:
            return _physical(one["file"], one["line"])
    failed = next(_failed(report, row), None)
    return _physical(failed["file"].lstrip("/"), 1) if failed else {}


def _physical(file: str, line: int) -> dict[str, Any]:
    uri = quote(file.encode("utf-8", "surrogateescape") if _is_bytes(file) else safe(file, _LONGEST))
    return {"physicalLocation": {"artifactLocation": {"uri": uri}, "region": {"startLine": line}}}


def _is_bytes(file: str) -> bool:
    """Whether the name is one that a file system gave: undecodable bytes are in it as escapes."""
    return not any("\ud800" <= c < "\udc80" or "\udd00" <= c <= "\udfff" for c in file)


def _flows(report: dict[str, Any], row: dict[str, Any]) -> list[dict[str, Any]]:
    """What became of the event that it is about, step by step: a path through the history."""
    for scenario in _failed(report, row):
        for clause in scenario["clauses"]:
            if clause["slug"] == row["slug"] and clause["story"]:
                place = _physical(scenario["file"].lstrip("/"), 1)
                told = _bounded(clause["story"])
                steps = [{"location": {**place, "message": {"text": safe(line, _LONGEST) or "-"}}} for line in told]
                return [{"threadFlows": [{"locations": steps}]}]
    return []


def _bounded(lines: list[str]) -> list[str]:
    """The lines, as many as fit, and how many do not."""
    if len(lines) <= _MOST_STEPS:
        return lines
    left = len(lines) - _MOST_STEPS + 1
    return [*lines[: _MOST_STEPS - 1], f"{left:,} more steps were cut: the JSON report has them"]


def _victims(report: dict[str, Any], row: dict[str, Any]) -> list[str]:
    """Whose events it cost, over the scenarios in which it failed."""
    victims: dict[str, int] = {}
    for scenario in _failed(report, row):
        for name, count in scenario["victims"].items():
            victims[name] = victims.get(name, 0) + count
    return [f"Victims: {', '.join(f'{safe(name, 60)} ({count} events)' for name, count in victims.items())}"] if victims else []


def _story(report: dict[str, Any], row: dict[str, Any]) -> list[str]:
    """What became of the event that the failure names first."""
    for scenario in _failed(report, row):
        for clause in scenario["clauses"]:
            if clause["slug"] == row["slug"] and clause["story"]:
                return story_lines(row["slug"], clause["story"])
    return []


def _why(report: dict[str, Any], row: dict[str, Any]) -> list[str]:
    """The first cause that is known of the scenarios in which it failed."""
    return next(filter(None, map(cause_of, _failed(report, row))), [])


def _again(report: dict[str, Any], row: dict[str, Any]) -> list[str]:
    return [f"Again: {safe(scenario['reproduce'], LONGEST_COMMAND)}" for scenario in _failed(report, row)][:3]


def _failed(report: dict[str, Any], row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for scenario in report["scenarios"]:
        if any(clause["slug"] == row["slug"] and clause["verdict"] == "fail" for clause in scenario["clauses"]):
            yield scenario


def _notification(row: dict[str, Any]) -> dict[str, Any]:
    text = f"{row['slug']} was not judged: {safe(row['reason'], _LONGEST)}"
    return {"level": "error", "message": {"text": text}, "associatedRule": {"id": row["slug"]}}
