"""A report beside an earlier one: which failures are new, which are fixed, which are still there.

Rules: a failure that somebody expects is none. What the earlier report does not know and fails now
is new. What failed then and was not judged now is unseen, and never fixed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..base import Exit
from ..core import STARVED
from ..judging import NO_WORLD, rank
from ..safe import safe
from .failing import fails

_Told = Mapping[str, Any]
_WORDS = {"new": "new", "fixed": "fixed", "still": "still failing", "unseen": "not judged this time"}


def with_changes(report: dict[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """The report with ``change`` at each clause and scenario, and the sum as ``baseline``."""
    clauses = {row["slug"]: row for row in before["clauses"]}
    earlier = _Earlier(before["scenarios"])
    rows = [{**row, "change": _change(row, clauses.get(row["slug"]))} for row in report["clauses"]]
    scenarios = [{**run, "change": _change(run, earlier.of(run))} for run in report["scenarios"]]
    missing = [run["id"] for run in earlier.unasked() if fails(run)]
    told = [*rows, *scenarios]
    counts = {change: sum(one["change"] == change for one in told) for change in _WORDS}
    counts["unseen"] += len(missing)
    baseline = {"collector": before["collector"], "at": before["made"]["at"], **counts, "missing": missing}
    return {**report, "baseline": baseline, "clauses": rows, "scenarios": scenarios}


def exit_on_new(report: Mapping[str, Any]) -> Exit:
    """What a command ends with that fails on new failures alone: what else is in doubt stays so."""
    code = Exit(report["exit"])
    if code is not Exit.NOT_CONFORMANT or report["baseline"]["new"]:
        return code
    # A failure hides what is in doubt beside it: that ranks lower, and the code has room for one.
    doubtful = report["basis"]["stopped"] or any(run["kind"] == STARVED for run in report["scenarios"])
    return Exit.INCONCLUSIVE if doubtful else Exit.CONFORMANT


def change_lines(report: Mapping[str, Any]) -> list[str]:
    """What changed, for who reads it: the sum, then what is new, fixed and unseen by its name."""
    baseline = report.get("baseline")
    if baseline is None:
        return []
    at = f" of {baseline['at']}" if baseline["at"] else ""
    sums = ", ".join(f"{baseline[change]} {word}" for change, word in _WORDS.items())
    return [safe(f"against the report of {baseline['collector']}{at}: {sums}", 1_000), *_names(report)]


def _names(report: Mapping[str, Any]) -> Iterator[str]:
    for change in ("new", "fixed", "unseen"):
        for row in report["clauses"]:
            if row.get("change") == change:
                yield f"{_WORDS[change]}: {row['slug']}"
        for run in report["scenarios"]:
            if run.get("change") == change:
                yield safe(f"{_WORDS[change]}: {run['id']} in the {run['world']} world", 400)
    for name in report["baseline"]["missing"]:
        yield safe(f"{_WORDS['unseen']}: {name}", 400)


class _Earlier:
    """The scenario runs of the earlier report, by what they are of.

    A history that was saved does not say in which world it was made. So it stands beside the
    scenario's runs in any.
    """

    def __init__(self, runs: Sequence[_Told]) -> None:
        self._runs: dict[str, list[_Told]] = {}
        for run in runs:
            self._runs.setdefault(run["id"], []).append(run)
        self._asked: set[int] = set()

    def of(self, now: _Told) -> _Told | None:
        """The worst of those that are nearest to a run of now."""
        its = self._runs.get(now["id"], [])
        same = [run for run in its if run["world"] == now["world"] or NO_WORLD in {run["world"], now["world"]}]
        alike = [run for run in same if run["seed"] == now["seed"]] or same
        self._asked |= {id(run) for run in alike}
        return min(alike, key=lambda run: rank(run["verdict"], run["kind"]), default=None)

    def unasked(self) -> list[_Told]:
        """Those that no run of now stood beside."""
        return [run for its in self._runs.values() for run in its if id(run) not in self._asked]


def _change(now: Mapping[str, Any], before: Mapping[str, Any] | None) -> str:
    failed = before is not None and fails(before)
    if fails(now):
        return "still" if failed else "new"
    if not failed:
        return ""
    return "unseen" if now["verdict"] == "skip" else "fixed"
