"""Failures by their causes: one cause may fail fifty scenarios, and one section tells it.

Rules: what nobody expected is grouped by the error that left the collector, by how the run ended,
or by the clauses that failed in it, the first of these that there is. What was expected is grouped
by who expects it and why.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ..base import word
from ..judging import EXPECTED, is_expected
from .failing import failed_clauses, needs_someone
from .said import place_of

#: What is told of a cause where the report of a scenario is data (docs/reports.md).
_Scenario = dict[str, Any]


@dataclass(slots=True)
class Cause:
    """Scenarios that fail alike. ``clauses``: each with the first reason that was found."""

    title: str
    scenarios: list[_Scenario] = field(default_factory=list)
    clauses: dict[str, str] = field(default_factory=dict)
    #: clause -> the story of the event that its first failure is about.
    stories: dict[str, list[str]] = field(default_factory=dict)

    @property
    def said(self) -> dict[str, Any]:
        """What the collector said in the first of them."""
        said: dict[str, Any] = self.scenarios[0]["said"]
        return said


@dataclass(slots=True)
class ExpectedCause:
    """Failures that one entry of a profile or list expects.

    ``places``: (scenario, world, clause, reason).
    """

    kind: str
    by: str
    why: str
    places: list[tuple[str, str, str, str]] = field(default_factory=list)


def causes(scenarios: Sequence[_Scenario]) -> list[Cause]:
    """The causes of what nobody expected, what fails most first."""
    found: dict[str, Cause] = {}
    for scenario in scenarios:
        failed = failed_clauses(scenario)
        if not needs_someone(scenario):
            continue
        title = _title(scenario, [clause["slug"] for clause in failed])
        cause = found.setdefault(title, Cause(title))
        cause.scenarios.append(scenario)
        for clause in failed:
            if clause["slug"] not in cause.clauses:
                cause.clauses[clause["slug"]] = clause["reason"]
                cause.stories[clause["slug"]] = clause["story"]
    return sorted(found.values(), key=lambda cause: -len(cause.scenarios))


def expected_causes(scenarios: Sequence[_Scenario]) -> list[ExpectedCause]:
    """The same of what was expected."""
    found: dict[tuple[str, str, str], ExpectedCause] = {}
    for scenario in scenarios:
        for clause in scenario["clauses"]:
            if is_expected(clause["verdict"], clause["kind"]):
                key = (clause["kind"], clause["expected_by"], clause["expected_why"])
                cause = found.setdefault(key, ExpectedCause(*key))
                cause.places.append((scenario["id"], scenario["world"], clause["slug"], clause["reason"]))
    return sorted(found.values(), key=lambda cause: -len(cause.places))


def _title(scenario: _Scenario, slugs: Sequence[str]) -> str:
    raised = scenario["said"]["raised"]
    if raised:
        ended = f"{scenario['kind']}: " if scenario["kind"] else ""
        return f"{ended}{raised[0]['error']}{place_of(raised[0])}"
    if scenario["kind"] and scenario["kind"] not in EXPECTED:
        return f"{scenario['kind']}: {scenario['detail']}"
    if any(clause["verdict"] == "error" for clause in scenario["clauses"]) and scenario["detail"]:
        return str(scenario["detail"])
    return ", ".join(slugs) or scenario["detail"] or "no clause was judged"


def places_of(cause: Cause) -> str:
    """The scenarios of a cause, with their worlds where they are not alone."""
    worlds: dict[str, list[str]] = {}
    for scenario in cause.scenarios:
        worlds.setdefault(scenario["id"], []).append(scenario["world"])
    return ", ".join(f"{name} ({' and '.join(its)} {word(len(its), 'world')})" for name, its in worlds.items())
