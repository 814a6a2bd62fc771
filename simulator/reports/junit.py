"""The JSON report as JUnit XML, a test case a clause and scenario."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

from ..core import STARVED
from ..judging import EXPECTED, FAILING
from ..safe import safe
from .said import LONGEST_COMMAND, story_lines, told_lines

#: Lines of what a collector printed and logged in one scenario.
_MOST_LINES = 20


def junit(report: dict[str, Any]) -> str:
    """JUnit XML: a test suite a contract family, a test case a clause; expected failures are skipped, with the reason."""
    root = ElementTree.Element("testsuites", name=f"etp-kit {safe(report['collector'])}")
    families: dict[str, list[dict[str, Any]]] = {}
    for row in report["clauses"]:
        families.setdefault(row["slug"].partition(".")[0], []).append(row)
    for family, rows in families.items():
        suite = ElementTree.SubElement(root, "testsuite", name=family, tests=str(len(rows)))
        tally = {"failure": 0, "error": 0, "skipped": 0}
        for row in rows:
            case = ElementTree.SubElement(suite, "testcase", classname=f"contract.{family}", name=row["slug"])
            tag = _junit_tag(row)
            if tag:
                tally[tag] += 1
                reason = safe(row["reason"], 2_000)
                ElementTree.SubElement(case, tag, message=reason).text = "\n".join([reason, *_beside(report, row)])
        suite.set("failures", str(tally["failure"]))
        suite.set("errors", str(tally["error"]))
        suite.set("skipped", str(tally["skipped"]))
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _junit_tag(row: dict[str, Any]) -> str:
    if row["verdict"] == "fail" and row["kind"] not in EXPECTED:
        return "failure"
    if row["verdict"] == "error" or row["kind"] == STARVED:
        return "error"
    return "" if row["verdict"] == "pass" else "skipped"


def _beside(report: dict[str, Any], row: dict[str, Any]) -> Iterator[str]:
    """The lines that reproduce the scenarios in which the clause failed, and what the collector
    said there."""
    told: set[str] = set()
    for scenario in report["scenarios"]:
        its = [clause for clause in scenario["clauses"] if clause["slug"] == row["slug"]]
        failed = [clause for clause in its if clause["verdict"] in FAILING]
        if failed:
            yield safe(scenario["reproduce"], LONGEST_COMMAND)
            for clause in failed:
                yield from story_lines(row["slug"], clause["story"])
            said = told_lines(scenario["said"], _MOST_LINES)
            if said and "\n".join(said) not in told:
                told.add("\n".join(said))
                yield from said
