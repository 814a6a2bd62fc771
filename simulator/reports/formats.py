"""The formats of a report, by the names that ``--report`` takes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from ..judging import ScenarioVerdict
from ..safe import Destination
from .ctrf import ctrf
from .junit import junit
from .markdown import markdown
from .sarif import sarif
from .trace import trace

_Report = dict[str, Any]
_Results = Sequence[ScenarioVerdict]


def _json(report: _Report, _: _Results) -> Iterable[str]:
    return [json.dumps(report, indent=2, ensure_ascii=True) + "\n"]


def _ndjson(_: _Report, results: _Results) -> Iterable[str]:
    return (f"{line}\n" for result in results for line in result.lines)


def _html(report: _Report, results: _Results) -> Iterable[str]:
    from .html import html  # noqa: PLC0415 - its template engine is loaded where a page is asked for

    return [html(report, results)]


_PARTS: dict[str, Callable[[_Report, _Results], Iterable[str]]] = {
    "json": _json,
    "ndjson": _ndjson,
    "junit": lambda report, _: [junit(report)],
    "markdown": lambda report, _: [markdown(report)],
    "html": _html,
    "sarif": lambda report, _: [sarif(report)],
    "ctrf": lambda report, _: [ctrf(report)],
    "trace": lambda _, results: trace(results),
}

FORMATS = tuple(_PARTS)

#: Formats that are made of histories, and not of the JSON report alone.
FROM_HISTORIES = frozenset({"ndjson", "trace"})

#: Formats that tell the histories of failures, where they are there.
OF_FAILURES = frozenset({"html"})


def write_report(destination: Destination, report: _Report, results: _Results) -> None:
    """Write the report, whole. Raises BadInput where the disk does not take it."""
    destination.write(_PARTS[destination.format](report, results))
