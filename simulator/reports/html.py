"""The JSON report as one web page: clauses, the matrix of clauses and scenarios, victims, and the lines that show a failure again.

Rules: one file that loads nothing from anywhere, so that it can be mailed and kept; every text may come from an event file, a name or a subject: it is made
safe, escaped by the template, and the page's own policy lets no script run but the one whose hash it names.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from ..safe import safe

_WORDS = {0: "conformant", 1: "not conformant", 3: "the kit broke", 5: "nothing selected", 10: "inconclusive"}
#: What a cell shows where worlds differ: the worst of them.
_RANK = {"fail": 0, "error": 1, "skip": 2, "pass": 3}


@cache
def _templates() -> Environment:
    templates = Environment(loader=PackageLoader("simulator", "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    templates.filters["safe_text"] = safe
    return templates


def html(report: dict[str, Any]) -> str:
    """The page's text."""
    environment = _templates()
    script, style = (_text(environment.get_template(name)) for name in ("report.js", "report.css"))
    failed = [s for s in report["scenarios"] if s["verdict"] in {"fail", "error"}]
    ids = list(dict.fromkeys(scenario["id"] for scenario in report["scenarios"]))
    return environment.get_template("report.html").render(
        report=report, word=_WORDS.get(report["exit"], "ended"), failed=failed, ids=ids, cells=_cells(report),
        script=script, style=style, script_hash=_hash(script), style_hash=_hash(style),
    ) + "\n"  # fmt: skip


def _text(template: Template) -> str:
    return template.render()


def _hash(text: str) -> str:
    """As a content security policy names what may run."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")


def _cells(report: dict[str, Any]) -> dict[str, dict[str, dict[str, str]]]:
    """slug -> scenario id -> the worst verdict over its worlds, with what is told of it."""
    cells: dict[str, dict[str, dict[str, str]]] = {}
    for scenario in report["scenarios"]:
        for clause in scenario["clauses"]:
            row = cells.setdefault(clause["slug"], {})
            before = row.get(scenario["id"])
            if before is None or _RANK[clause["verdict"]] < _RANK[before["verdict"]]:
                told = f"{clause['slug']} in {scenario['id']}, {scenario['world']} world: {clause['verdict']} {clause['reason']}"
                row[scenario["id"]] = {"verdict": clause["verdict"], "kind": clause["kind"], "told": told}
    return cells
