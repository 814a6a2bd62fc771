"""A command's report beside an earlier one: ``--baseline`` and ``--fail-on``."""

from __future__ import annotations

from typing import Any

from ..base import BadInput, Exit
from ..reports import exit_on_new, read_report, with_changes
from ..safe import safe
from .saved import saved_bytes


class Against:
    """The earlier report, read before anything runs; none where none is named."""

    def __init__(self, baseline: str, fail_on: str) -> None:
        """Raises BadInput."""
        if fail_on == "new" and not baseline:
            raise BadInput("new goes with a report of before", where="--fail-on", hint="--baseline JSON")
        self._before = read_report(saved_bytes(baseline), safe(baseline)) if baseline else None
        self._only_new = fail_on == "new"

    def compared(self, report: dict[str, Any]) -> dict[str, Any]:
        """The report with what changed, and with the exit code that follows."""
        if self._before is None:
            return report
        found = with_changes(report, self._before)
        return {**found, "exit": int(exit_on_new(found))} if self._only_new else found


def exit_of(report: dict[str, Any]) -> Exit:
    """What a command ends with that made it."""
    return Exit(report["exit"])
