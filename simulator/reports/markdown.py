"""The JSON report as Markdown, worst first."""

from __future__ import annotations

import re
from typing import Any

from ..base import Exit, counted
from ..judging import FAILING
from ..safe import safe
from .causes import Cause, ExpectedCause, causes, expected_causes, places_of
from .changes import change_lines
from .said import LONGEST_COMMAND, cause_of, story_lines, told_lines

#: Lines of what a collector printed and logged in one scenario.
_MOST_LINES = 20

#: Bytes of the whole: GitHub takes 1 MiB for a step, and nothing of what is larger.
_LARGEST = 1_000_000

_MARKED = re.compile(r"([\\`*_{}\[\]<>|#&])")
_SIGN = {"pass": "pass", "fail": "**FAIL**", "error": "**ERROR**", "skip": "skip"}


def markdown(report: dict[str, Any]) -> str:
    """Markdown: the sum, what failed by its causes, then a table of the clauses, failures first.

    A step's summary holds 1 MiB. What does not fit is cut, the best first, and counted.
    """
    counts = report["summary"]
    told = ", ".join(f"{count} {name}" for name, count in counts.items())
    kit = _plain(f"{report['kit']['name']} {report['kit']['version']}")
    head = [
        f"# {_plain(report['collector'])}: {Exit(report['exit']).word}",
        "",
        f"{told} · seed {report['seed']} · {_plain(report['world'])} · {kit}",
    ]
    told_changes = [f"* {_plain(line, 1_000)}" for line in change_lines(report)]
    head += ["", *told_changes] if told_changes else []
    sections = [_cause(cause) for cause in causes(report["scenarios"])]
    sections.append(_table(report["clauses"]))
    sections += [_expected(expected) for expected in expected_causes(report["scenarios"])]
    return _within(head, sections)


def _within(head: list[str], sections: list[list[str]]) -> str:
    """The text, with as many sections as fit."""
    text, cut = "\n".join(head) + "\n", 0
    for section in sections:
        more = "\n" + "\n".join(section) + "\n"
        if cut or len(text.encode()) + len(more.encode()) > _LARGEST:
            cut += 1
        else:
            text += more
    return text + (f"\n{counted(cut, 'section')} cut: the JSON report has all.\n" if cut else "")


def _table(rows: list[dict[str, Any]]) -> list[str]:
    lines = ["| clause | level | verdict | reason |", "| --- | --- | --- | --- |"]
    for row in sorted(rows, key=lambda row: row["verdict"] not in FAILING):
        sign = _SIGN[row["verdict"]] + (f" ({_plain(row['kind'])})" if row["kind"] else "")
        lines.append(f"| {row['slug']} | {_plain(row['level'])} | {sign} | {_plain(row['reason'], 400)} |")
    return lines


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
        *cause_of(cause.scenarios[0]),
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
        *(
            f"* {_plain(name)} ({_plain(world)} world), {slug}: {_plain(why, 400)}"
            for name, world, slug, why in cause.places
        ),
        "",
        "</details>",
    ]


def _plain(text: str, limit: int = 200) -> str:
    return _MARKED.sub(r"\\\1", safe(text, limit))
