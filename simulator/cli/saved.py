"""Histories and reports that were saved, as a command is given them."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..base import BadInput, worst
from ..core import History, read_histories
from ..judging import EXITS, UNIVERSAL, ScenarioVerdict, recheck
from ..reports import Origin, read_report, report_data
from ..safe import read_given, safe
from ..scenario import Scenario, load_scenario
from ..shipped import shipped_scenarios

#: Bytes of a saved file: a history of a million records has 300 MB.
_LARGEST = 1 << 31
#: Of it what shows whether it is a report: neither the first line of a history nor the head of a
#: report is longer than this without a word that tells.
_HEAD = 1 << 16


@dataclass(frozen=True, slots=True)
class Saved:
    """What a saved file tells. ``results``: nothing of one that is a report itself."""

    results: Sequence[ScenarioVerdict]
    report: dict[str, Any]


def saved_bytes(path: str) -> bytes:
    """What a file holds. Raises BadInput."""
    try:
        return read_given(path, _LARGEST)
    except OSError as error:
        raise BadInput(f"cannot be read: {error.strerror}", where=safe(path)) from None


def is_report(data: bytes) -> bool:
    """Whether it begins as a report does: a line of a history says what it is of."""
    first = data[:_HEAD].lstrip().partition(b"\n")[0]
    return first == b"{" or (b'"schema"' in first and b'"op"' not in first)


def from_report(data: bytes, path: str) -> Saved:
    """A report as it was written. Raises BadInput."""
    return Saved((), read_report(data, safe(path)))


def from_history(data: bytes, path: str, scenario: str, origin: Origin) -> Saved:
    """Each history of the file, judged anew. ``scenario``: whose clauses are judged, "" for those
    that the histories name. Raises BadInput.
    """
    histories = read_histories(data, safe(path))
    given = load_scenario(scenario) if scenario else None
    results = [_judged(history, scenario, given, path) for history in histories]
    run = histories[0].records[0].result
    code = worst(EXITS[result.verdict] for result in results)
    report = report_data(run.get("subject", "unnamed"), run.get("seed", 0), results, code, origin=origin)
    return Saved(results, report)


def _judged(history: History, named: str, given: Scenario | None, path: str) -> ScenarioVerdict:
    name = history.records[0].result.get("scenario", "")
    known = given or (load_scenario(name) if name in shipped_scenarios() else None)
    verdict = recheck(history, known.clauses if known else UNIVERSAL, safe(path))
    verdict.title = known.title if known else "its scenario does not ship: clauses that any run shows"
    again = ("simulate", "recheck", path)
    verdict.reproduce = shlex.join((*again, "--scenario", named) if named else again)
    return verdict
