"""The JSON report as Markdown, worst first."""

from __future__ import annotations

import re
from typing import Any

from ..base import Exit, counted
from ..judging import FAILING
from ..safe import safe
from .causes import Cause, ExpectedCause, causes, expected_causes, places_of
from .said import LONGEST_COMMAND, story_lines, told_lines

#: Lines of what a collector printed and logged in one scenario.
_MOST_LINES = 20

_MARKED = re.compile(r"([\\`*_{}\[\]<>|#])")
_SIGN = {"pass": "pass", "fail": "**FAIL**", "error": "**ERROR**", "skip": "skip"}


def markdown(report: dict[str, Any]) -> str:
    """Markdown: the sum, then a table of the clauses, failures first."""
    counts = report["summary"]
    told = ", ".join(f"{count} {name}" for name, count in counts.items())
    lines = [
        f"# {_plain(report['collector'])}: {Exit(report['exit']).word}",
        "",
        f"{told} · seed {report['seed']} · {report['world']} · {report['kit']['name']} {report['kit']['version']}",
        "",
        "| clause | level | verdict | reason |",
        "| --- | --- | --- | --- |",
    ]
    for row in sorted(report["clauses"], key=lambda row: row["verdict"] not in FAILING):
        sign = _SIGN[row["verdict"]] + (f" ({row['kind']})" if row["kind"] else "")
        lines.append(f"| {row['slug']} | {row['level']} | {sign} | {_plain(row['reason'], 400)} |")
    for cause in causes(report["scenarios"]):
        lines += ["", *_cause(cause)]
    for expected in expected_causes(report["scenarios"]):
        lines += ["", *_expected(expected)]
    return "\n".join(lines) + "\n"


def _cause(cause: Cause) -> list[str]:
    """A section: where it fails, what was found, what the collector said, and the line that shows
    it again."""
    said = told_lines(cause.said, _MOST_LINES)
    return [
        f"## Failed: {_plain(cause.title, 400)}",
        "",
        f"In {counted(len(cause.scenarios), 'scenario run')}: {_plain(places_of(cause), 100_000)}.",
        "",
        *(f"* {slug}: {_plain(reason, 400)}" for slug, reason in cause.clauses.items()),
        "",
        "```text",  # no line of it begins with another fence
        *(line for slug, story in cause.stories.items() for line in story_lines(slug, story)),
        *said,
        f"again: {safe(cause.scenarios[0]['reproduce'], LONGEST_COMMAND)}",
        "```",
    ]


def _expected(cause: ExpectedCause) -> list[str]:
    """What nobody has to look at, folded."""
    told = f"Expected by {cause.by} ({cause.kind}): {cause.why}"
    return [
        f"<details><summary>{_plain(told, 1_000)}</summary>",
        "",
        *(f"* {_plain(name)} ({world} world), {slug}: {_plain(why, 400)}" for name, world, slug, why in cause.places),
        "",
        "</details>",
    ]


def _plain(text: str, limit: int = 200) -> str:
    return _MARKED.sub(r"\\\1", safe(text, limit))
