"""A history that was saved, judged anew by today's judges.

Rules: what takes further runs beside the one is skipped and says so: the same without its
attackers, with its cost measured, or healed. A history that contradicts itself is bad input, and no
fault of the kit: no run makes one. It shows where its ledger is kept. What breaks a judge after
that is the kit's own fault.
"""

from __future__ import annotations

import traceback
from collections.abc import Collection
from dataclasses import replace

from ..base import BadInput, uncollected
from ..core import History, Limits, ServiceAsked
from .case import Case
from .ledger import Ledger
from .told import verdict_told
from .verdict import NOTHING_SHOWN, ClauseVerdict, ScenarioVerdict, judge

#: The world of a saved history: it has the same bytes in any.
NO_WORLD = "saved"
#: The clauses that a backlog breaks which nobody takes up once the faults are over: of extension
#: events, and of agent events. Whether one stays takes a run that goes on.
LIVENESS = ("discover.layout", "agent.pickup")
_ALONE = "one history shows nothing of it: run the scenario again"


def recheck(history: History, named: Collection[str], where: str) -> ScenarioVerdict:
    """The verdict of today's judges. ``named``: the clauses that its scenario names.

    Raises BadInput where no run can have gone so.
    """
    with uncollected():
        return _judged(history, _ledger(history, where), named)


def _ledger(history: History, where: str) -> Ledger:
    """What became of its events, by limits that are all there."""
    try:
        ledger = Ledger(history)
        for name in Limits.__dataclass_fields__:
            int(ledger.run["limits"][name])
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        what = f"the history contradicts itself ({type(error).__name__}): no run goes so"
        raise BadInput(what, where=where, below=tuple(traceback.format_exc().splitlines())) from None
    return ledger


def _judged(history: History, ledger: Ledger, named: Collection[str]) -> ScenarioVerdict:
    case = Case(history, ledger, None)
    healed = bool(case.view.disturbed | case.view.unconfirmed) and not case.view.of(ServiceAsked)
    clauses = [_apart(clause, healed=healed) for clause in judge(named, case)]
    name = (str(ledger.run.get("scenario", "unnamed")), int(ledger.run.get("seed", 0)), NO_WORLD)
    return verdict_told(name, history, case, clauses, keep_lines=True)


def _apart(clause: ClauseVerdict, *, healed: bool) -> ClauseVerdict:
    """What shows nothing here may well have shown it in the run.

    ``healed``: the run went on after its faults, and what holds here may have failed there.
    """
    unseen = clause.verdict == "error" and clause.reason == NOTHING_SHOWN
    if unseen or (healed and clause.verdict == "pass" and clause.slug in LIVENESS):
        return replace(clause, verdict="skip", reason=_ALONE)
    return clause
