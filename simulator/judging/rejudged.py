"""A history that was saved, judged anew by today's judges.

Rules: what takes further runs beside the one (the same without its attackers, with its cost
measured) is skipped and says so. A history that contradicts itself is bad input, and no fault of
the kit: no run makes one.
"""

from __future__ import annotations

import traceback
from collections.abc import Collection
from dataclasses import replace

from ..base import BadInput, uncollected
from ..core import History
from .case import Case
from .ledger import Ledger
from .told import verdict_told
from .verdict import NOTHING_SHOWN, ClauseVerdict, ScenarioVerdict, judge

#: The world of a saved history: it has the same bytes in any.
NO_WORLD = "saved"
_ALONE = "one history shows nothing of it: run the scenario again"


def recheck(history: History, named: Collection[str], where: str) -> ScenarioVerdict:
    """The verdict of today's judges. ``named``: the clauses that its scenario names.

    Raises BadInput where no run can have gone so.
    """
    try:
        with uncollected():
            return _judged(history, named)
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        what = f"the history contradicts itself ({type(error).__name__}): no run goes so"
        raise BadInput(what, where=where, below=tuple(traceback.format_exc().splitlines())) from None


def _judged(history: History, named: Collection[str]) -> ScenarioVerdict:
    ledger = Ledger(history)
    case = Case(history, ledger, None)
    clauses = [_apart(clause) for clause in judge(named, case)]
    name = (str(ledger.run.get("scenario", "unnamed")), int(ledger.run.get("seed", 0)), NO_WORLD)
    return verdict_told(name, history, case, clauses, keep_lines=True)


def _apart(clause: ClauseVerdict) -> ClauseVerdict:
    """What shows nothing here may well have shown it in the run."""
    if clause.verdict == "error" and clause.reason == NOTHING_SHOWN:
        return replace(clause, verdict="skip", reason=_ALONE)
    return clause
