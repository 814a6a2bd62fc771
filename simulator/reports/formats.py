"""The formats of a report, by the names that ``--report`` takes."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from ..judging import ScenarioVerdict
from ..safe import Destination
from .junit import junit
from .markdown import markdown
from .sarif import sarif

FORMATS = ("json", "ndjson", "junit", "markdown", "html", "sarif")


def write_report(destination: Destination, report: dict[str, Any], results: Sequence[ScenarioVerdict]) -> None:
    """Write the report, whole. Raises BadInput where the disk does not take it."""
    if destination.format == "ndjson":
        destination.write(line + "\n" for result in results for line in result.lines)
    else:
        destination.write([_RENDERED[destination.format](report)])


def _as_json(report: dict[str, Any]) -> str:
    return json.dumps(report, indent=2, ensure_ascii=True) + "\n"


def _as_html(report: dict[str, Any]) -> str:
    from .html import html  # noqa: PLC0415 - its template engine is loaded where a page is asked for

    return html(report)


_RENDERED: dict[str, Callable[[dict[str, Any]], str]] = {
    "json": _as_json, "junit": junit, "markdown": markdown, "html": _as_html, "sarif": sarif,
}  # fmt: skip
