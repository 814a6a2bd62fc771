"""The outcome of a conformance run: a row a clause, the results, stale expectations, the exit code."""

from __future__ import annotations

from dataclasses import dataclass

from ..base import Exit
from ..core import STARVED
from .ranks import is_failure
from .verdict import ScenarioVerdict


@dataclass(frozen=True, slots=True)
class ClauseRow:
    """One clause over all that ran."""

    slug: str
    level: str
    verdict: str
    kind: str = ""
    reason: str = ""
    scenarios: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Conformance:
    """The whole: a row for every selected clause, the results with expected failures marked, stale
    entries, the exit code.
    """

    rows: tuple[ClauseRow, ...]
    results: tuple[ScenarioVerdict, ...]
    stale: tuple[tuple[str, str, str], ...]
    exit: Exit

    @property
    def failures(self) -> list[ScenarioVerdict]:
        """Results that need someone: failures that nobody expected, and errors."""
        return [result for result in self.results if needs_someone(result)]

    @property
    def starved(self) -> list[ScenarioVerdict]:
        """Results that the machine did not let come to an end."""
        return [result for result in self.results if result.kind == STARVED]


def needs_someone(result: ScenarioVerdict) -> bool:
    """Whether it failed unexpectedly, or the kit did."""
    return is_failure(result.verdict, result.kind)
