"""The JSON report as one web page: clauses, the matrix of clauses and scenarios, victims, and the lines that show a failure again.

Rules: one file that loads nothing from anywhere, so that it can be mailed and kept. Every text may
come from an event file, a name or a subject. So each is made safe and is escaped by the template.
The page's own policy lets no script run but the one whose hash it names.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from ..base import Exit, counted
from ..judging import rank
from ..safe import safe
from .causes import causes, expected_causes, places_of
from .changes import change_lines
from .said import told_lines

#: Lines of what a collector printed and logged in one scenario.
_MOST_LINES = 40
#: Characters of one text.
_LONGEST = 100_000


@cache
def _templates() -> Environment:
    templates = Environment(
        loader=PackageLoader(__package__, "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, finalize=_shown,
    )  # fmt: skip
    templates.filters |= {"safe_text": safe, "places": places_of, "counted": counted, "told": _told}
    return templates


def html(report: dict[str, Any]) -> str:
    """The page's text."""
    environment = _templates()
    script, style = (_text(environment.get_template(name)) for name in ("report.js", "report.css"))
    ids = list(dict.fromkeys(scenario["id"] for scenario in report["scenarios"]))
    return environment.get_template("report.html").render(
        report=report, word=Exit(report["exit"]).word, ids=ids, cells=cells(report),
        causes=causes(report["scenarios"]), expected=expected_causes(report["scenarios"]), changes=change_lines(report),
        script=script, style=style, script_hash=_hash(script), style_hash=_hash(style),
    ) + "\n"  # fmt: skip


def _shown(value: Any) -> Any:
    """Whatever a template writes, made safe: no text slips through that a filter forgot."""
    return safe(value, _LONGEST) if isinstance(value, str) and not isinstance(value, Markup) else value


def _told(said: dict[str, Any]) -> Markup:
    """Lines, each of which is safe."""
    return Markup("\n").join(told_lines(said, _MOST_LINES))


def _text(template: Template) -> str:
    return template.render()


def _hash(text: str) -> str:
    """As a content security policy names what may run."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")


def cells(report: dict[str, Any]) -> dict[str, dict[str, dict[str, str]]]:
    """slug -> scenario id -> the worst verdict over its worlds, with what is told of it."""
    cells: dict[str, dict[str, dict[str, str]]] = {}
    for scenario in report["scenarios"]:
        for clause in scenario["clauses"]:
            row = cells.setdefault(clause["slug"], {})
            before = row.get(scenario["id"])
            if before is None or rank(clause["verdict"], clause["kind"]) < rank(before["verdict"], before["kind"]):
                told = f"{clause['slug']} in {scenario['id']}, {scenario['world']} world: {clause['verdict']} {clause['reason']}"
                row[scenario["id"]] = {"verdict": clause["verdict"], "kind": clause["kind"], "told": told}
    return cells
