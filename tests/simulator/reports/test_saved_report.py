"""A report that was saved is whoever's: whatever stands in it, it is refused in one line, or every
format takes it."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest

from etp_kit.simulator.base.errors import BadInput
from etp_kit.simulator.reports.changes import change_lines, exit_on_new, with_changes
from etp_kit.simulator.reports.formats import _PARTS, FROM_HISTORIES
from etp_kit.simulator.reports.saved_report import read_report
from tests.simulator.pages import unpacked
from tests.simulator.reports.test_dialects import report

#: What may stand at any place; a text of JSON each.
VALUES = ["null", "true", "-1", "77", "1e999", "-1e999", "1e300", "1" * 400, '"soon"', '""', "[]", "{}", "[[]]"]
SOON = ["2026-99-01T00:00:00+00:00", "2026-01-05T00:00:00", "0001-01-01T00:00:00+00:00"]


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Each place below it, of lists the first alone."""
    below = value.items() if isinstance(value, dict) else list(enumerate(value))[:1] if isinstance(value, list) else ()
    for name, one in below:
        yield (*path, name)
        yield from places(one, (*path, name))


def whole() -> dict[str, Any]:
    """A report with all that there can be, beside an earlier one."""
    found = with_changes(report(), report())
    said = {"error": "KeyError", "file": "mine.py", "line": 7, "function": "f", "passes": [0], "traceback": ["x"]}
    for run in found["scenarios"]:
        run["said"] = {"raised": [said], "lines": [{"pass": 0, "source": "log", "text": "x"}], "left_out": 1}
        run["variants"] = {"crash": {"tried": 1, "failed": 0}}
    return found


def changed(path: tuple[Any, ...], value: str) -> bytes:
    """The whole report with another value at a place."""
    document = copy.deepcopy(whole())
    at = document
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = "HERE"
    return json.dumps(document).replace('"HERE"', value).encode()


def told(data: bytes) -> str:
    """``refused``, in one line, or ``taken`` by every format that a report has."""
    try:
        found = read_report(data, "old.json")
    except BadInput as refusal:
        return "refused in many lines" if "\n" in str(refusal) else "refused"
    for name, parts in _PARTS.items():
        if name not in FROM_HISTORIES:
            text = "".join(parts(found, []))
            if name in {"json", "sarif", "ctrf"}:
                json.loads(text, parse_constant=pytest.fail)
            if name == "html":
                assert "NaN" not in json.dumps(unpacked(text))
    change_lines(found)
    exit_on_new(with_changes(found, found))
    with_changes(report(), found)
    return "taken"


@pytest.mark.parametrize("value", VALUES)
def test_whatever_stands_somewhere_is_refused_or_taken_by_every_format(value: str) -> None:
    ended = {path: told(changed(path, value)) for path in places(whole())}
    assert set(ended.values()) <= {"refused", "taken"}
    assert "refused" in ended.values()
    if value in {'"soon"', "1e999", "77", "-1"}:
        assert ended["exit",] == ended["made", "at"] == "refused"
    if value in {"1e999", "-1", "1e300"}:
        assert ended["made", "seconds"] == ended["scenarios", 0, "wall_seconds"] == "refused"


def test_what_was_not_changed_is_taken() -> None:
    assert told(json.dumps(whole()).encode()) == "taken"


@pytest.mark.parametrize("at", SOON)
def test_a_moment_that_no_clock_tells_is_refused(at: str) -> None:
    assert told(changed(("made", "at"), json.dumps(at))) == "refused"
    assert told(changed(("baseline", "at"), json.dumps(at))) == "refused"


@pytest.mark.parametrize("depth", [30, 60, 900, 100_000])
def test_what_is_nested_is_taken_or_refused(depth: int) -> None:
    deep = "[" * depth + "]" * depth
    assert told(changed(("basis", "capabilities"), f'{{"x": {deep}}}')) == ("taken" if depth == 30 else "refused")


def test_a_baseline_without_changes_is_taken() -> None:
    found = whole()
    for row in (*found["clauses"], *found["scenarios"]):
        del row["change"]
    assert told(json.dumps(found).encode()) == "taken"
