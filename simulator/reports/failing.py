"""What of a report failed: asked by everything that tells of failures, and answered here alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..judging import is_failure

_Told = Mapping[str, Any]


def fails(one: _Told) -> bool:
    """Whether a clause or a scenario needs someone: an expected failure does not."""
    return is_failure(one["verdict"], one["kind"])


def failed_clauses(run: _Told) -> list[dict[str, Any]]:
    """The clauses of a scenario that need someone."""
    return [clause for clause in run["clauses"] if fails(clause)]


def needs_someone(run: _Told) -> bool:
    """Whether somebody has to look at the scenario: it failed as a whole, or a clause in it."""
    return fails(run) or bool(failed_clauses(run))
