"""The JSON report in forms that other tools read: JUnit XML for CI servers, Markdown for people.

Rules: both are made of the JSON report alone; every text in them may come from an event file, a name or a subject, so it is made safe first and then
escaped for its format.
"""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

from simulator.text import safe

_MARKED = re.compile(r"([\\`*_{}\[\]<>|#])")
_SIGN = {"pass": "pass", "fail": "**FAIL**", "error": "**ERROR**", "skip": "skip"}


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
                ElementTree.SubElement(case, tag, message=reason).text = "\n".join([reason, *_lines_again(report, row)])
        suite.set("failures", str(tally["failure"]))
        suite.set("errors", str(tally["error"]))
        suite.set("skipped", str(tally["skipped"]))
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _junit_tag(row: dict[str, Any]) -> str:
    if row["verdict"] == "fail" and row["kind"] not in {"known", "difference"}:
        return "failure"
    if row["verdict"] == "error":
        return "error"
    return "" if row["verdict"] == "pass" else "skipped"


def _lines_again(report: dict[str, Any], row: dict[str, Any]) -> list[str]:
    """The lines that reproduce the scenarios of a clause which failed."""
    return [
        safe(scenario["reproduce"], 400)
        for scenario in report["scenarios"]
        if scenario["id"] in row["scenarios"] and scenario["verdict"] in {"fail", "error"}
    ]


def markdown(report: dict[str, Any]) -> str:
    """Markdown: the sum, then a table of the clauses, failures first."""
    counts = report["summary"]
    told = ", ".join(f"{count} {name}" for name, count in counts.items())
    lines = [
        f"# {_plain(report['collector'])}: {_word(report['exit'])}",
        "",
        f"{told} · seed {report['seed']} · {report['world']} · {report['kit']['name']} {report['kit']['version']}",
        "",
        "| clause | level | verdict | reason |",
        "| --- | --- | --- | --- |",
    ]
    for row in sorted(report["clauses"], key=lambda row: row["verdict"] not in {"fail", "error"}):
        sign = _SIGN[row["verdict"]] + (f" ({row['kind']})" if row["kind"] else "")
        lines.append(f"| {row['slug']} | {row['level']} | {sign} | {_plain(row['reason'], 400)} |")
    failed = [s for s in report["scenarios"] if s["verdict"] in {"fail", "error"}]
    if failed:
        lines += ["", "Again:", "", *(f"    {safe(scenario['reproduce'], 400)}" for scenario in failed)]
    return "\n".join(lines) + "\n"


def _word(code: int) -> str:
    return {0: "conformant", 1: "not conformant", 3: "the kit broke", 5: "nothing selected", 10: "inconclusive"}.get(code, "ended")


def _plain(text: str, limit: int = 200) -> str:
    return _MARKED.sub(r"\\\1", safe(text, limit))
