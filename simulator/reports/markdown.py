"""The JSON report as Markdown, worst first."""

from __future__ import annotations

import re
from typing import Any

from ..base import Exit
from ..judging import FAILING
from ..safe import safe

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
    failed = [s for s in report["scenarios"] if s["verdict"] in FAILING]
    if failed:
        lines += ["", "Again:", "", *(f"    {safe(scenario['reproduce'], 400)}" for scenario in failed)]
    return "\n".join(lines) + "\n"


def _plain(text: str, limit: int = 200) -> str:
    return _MARKED.sub(r"\\\1", safe(text, limit))
