"""All that a page shows, as data: the report, the contract's words for it, causes, and stories.

Rules: a page stays small whatever it tells. Stories are told of failures, and of a single run; they
share the records that a page may keep.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ..base import Exit
from ..contract import CLAUSES, HARMS
from ..judging import ScenarioVerdict
from ..safe import safe
from .causes import causes, expected_causes
from .changes import change_lines
from .failing import needs_someone
from .said import told_lines
from .scene import scene

#: Records that all stories of a page keep together.
MOST_RECORDS = 120_000
#: Records of one story, and the fewest that one is worth telling with.
_MOST_OF_ONE, _FEWEST = 25_000, 2_000
#: Characters of one text: a line that is copied is never cut within what anybody types.
_LONGEST = 8_000
#: Lines of what a collector printed and logged in one scenario.
_MOST_LINES = 40
#: What of a scenario stands in no page: it is told in another form.
_LEFT_OUT = {"said"}


def page_data(report: dict[str, Any], results: Sequence[ScenarioVerdict] = ()) -> dict[str, Any]:
    """What the page unpacks. Every text in it is safe to show."""
    runs = report["scenarios"]
    numbers = {id(run): number for number, run in enumerate(runs)}
    data = {
        "word": Exit(report["exit"]).word,
        "report": {**report, "scenarios": [_without(run) for run in runs]},
        "clauses": {row["slug"]: _clause(row["slug"]) for row in report["clauses"]},
        "causes": [_cause(cause, numbers) for cause in causes(runs)],
        "expected": [
            {"kind": one.kind, "by": one.by, "why": one.why, "places": [list(place) for place in one.places]}
            for one in expected_causes(runs)
        ],
        "changes": change_lines(report),
        "said": {
            str(number): told_lines(run["said"], _MOST_LINES) for number, run in enumerate(runs) if needs_someone(run)
        },
    }
    return {**_safe(data), "scenes": dict(_scenes(runs, results))}


def _without(run: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in run.items() if name not in _LEFT_OUT}


def _clause(slug: str) -> dict[str, str]:
    clause = CLAUSES[slug]
    return {"statement": clause.statement, "harm": HARMS[clause.harm], "effect": clause.effect}


def _cause(cause: Any, numbers: dict[int, int]) -> dict[str, Any]:
    return {
        "title": cause.title,
        "runs": [numbers[id(run)] for run in cause.scenarios],
        "clauses": cause.clauses,
        "stories": {slug: story for slug, story in cause.stories.items() if story},
        "said": told_lines(cause.said, _MOST_LINES),
    }


def _scenes(runs: Sequence[dict[str, Any]], results: Sequence[ScenarioVerdict]) -> Iterator[tuple[str, Any]]:
    """Number of a run -> its story, as far as there is room."""
    asked = [number for number, run in enumerate(runs) if needs_someone(run) or len(runs) == 1]
    told = [number for number in asked if number < len(results) and results[number].lines]
    room = min(_MOST_OF_ONE, max(_FEWEST, MOST_RECORDS // max(1, len(told))))
    for number in told[: MOST_RECORDS // room]:
        yield str(number), scene(results[number], room)


def _safe(value: Any) -> Any:
    """The same with every text made safe, names of keys as well."""
    if isinstance(value, str):
        return safe(value, _LONGEST)
    if isinstance(value, dict):
        return {safe(str(key), _LONGEST): _safe(one) for key, one in value.items()}
    return [_safe(one) for one in value] if isinstance(value, (list, tuple)) else value
