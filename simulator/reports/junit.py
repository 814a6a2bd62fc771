"""The JSON report as JUnit XML, as GitHub, GitLab and Jenkins read it: a test suite a family of the
contract, a test case a clause.

Rules: names are unique over the whole file (GitLab drops a second one). A file is small enough for
every reader; what was cut is said where it was cut. Expected failures are skipped, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

from ..core import STARVED
from ..judging import FAILING
from ..safe import safe
from .failing import fails
from .said import LONGEST_COMMAND, cause_of, story_lines, told_lines

#: Lines of what a collector printed and logged in one scenario.
_MOST_LINES = 20
#: Characters beside one case, and beside all of them: GitLab reads 30 MB, and shows far less.
_MOST_OF_ONE, _MOST_OF_ALL = 60_000, 8_000_000
#: Child of a case -> the attribute that counts it.
_SUMS = {"failure": "failures", "error": "errors", "skipped": "skipped"}


def junit(report: dict[str, Any]) -> str:
    """The document's text."""
    made = report["made"]
    root = ElementTree.Element(
        "testsuites", name=f"etp-kit {safe(report['collector'])}", time=f"{made['seconds']:.3f}"
    )  # fmt: skip
    families: dict[str, list[dict[str, Any]]] = {}
    for row in report["clauses"]:
        families.setdefault(row["slug"].partition(".")[0], []).append(row)
    left = _MOST_OF_ALL
    totals = {"tests": len(report["clauses"]), "failure": 0, "error": 0, "skipped": 0}
    for family, rows in families.items():
        suite = ElementTree.SubElement(root, "testsuite", name=family, tests=str(len(rows)), time="0.000")
        if made["at"]:
            suite.set("timestamp", made["at"].partition("+")[0])
        tally = {"failure": 0, "error": 0, "skipped": 0}
        for row in rows:
            case = _case(suite, report, row)
            tag = _tag(row)
            if tag:
                tally[tag] += 1
                reason = safe(row["reason"], 2_000)
                beside = _bounded([reason, *_beside(report, row)], min(left, _MOST_OF_ONE))
                left -= len(beside)
                ElementTree.SubElement(case, tag, message=reason).text = beside
        _count(suite, tally)
        for tag, count in tally.items():
            totals[tag] += count
    root.set("tests", str(totals.pop("tests")))
    totals.pop("skipped")  # no published schema has it here
    _count(root, totals)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _case(suite: ElementTree.Element, report: dict[str, Any], row: dict[str, Any]) -> ElementTree.Element:
    """A clause; ``file`` is the scenario to look into, where one failed."""
    named = {"classname": f"contract.{row['slug'].partition('.')[0]}", "name": row["slug"], "time": "0.000"}
    failed = next((one for one in report["scenarios"] if _failed_in(one, row["slug"])), None)
    return ElementTree.SubElement(suite, "testcase", named | ({"file": safe(failed["file"], 400)} if failed else {}))


def _failed_in(scenario: dict[str, Any], slug: str) -> bool:
    return any(clause["slug"] == slug and clause["verdict"] in FAILING for clause in scenario["clauses"])


def _count(element: ElementTree.Element, tally: dict[str, int]) -> None:
    for name, count in tally.items():
        element.set(_SUMS[name], str(count))


def _bounded(lines: list[str], most: int) -> str:
    """The lines, as many as fit; what was cut is counted."""
    told: list[str] = []
    for place, line in enumerate(lines):
        most -= len(line) + 1
        if most < 0 and place:
            return "\n".join([*told, f"... {len(lines) - place} more lines were cut: the JSON report has them"])
        told.append(line)
    return "\n".join(told)


def _tag(row: dict[str, Any]) -> str:
    if row["verdict"] == "fail" and fails(row):
        return "failure"
    if row["verdict"] == "error" or row["kind"] == STARVED:
        return "error"
    return "" if row["verdict"] == "pass" else "skipped"


def _beside(report: dict[str, Any], row: dict[str, Any]) -> Iterator[str]:
    """The lines that reproduce the scenarios in which the clause failed, why these fail, and what
    the collector said there."""
    told: set[str] = set()
    for scenario in report["scenarios"]:
        its = [clause for clause in scenario["clauses"] if clause["slug"] == row["slug"]]
        failed = [clause for clause in its if clause["verdict"] in FAILING]
        if failed:
            yield safe(scenario["reproduce"], LONGEST_COMMAND)
            for clause in failed:
                yield from story_lines(clause["slug"], clause["story"])
            said = [*cause_of(scenario), *told_lines(scenario["said"], _MOST_LINES)]
            if said and "\n".join(said) not in told:
                told.add("\n".join(said))
                yield from said
