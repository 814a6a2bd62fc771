"""From a history to fates and verdicts, and from nothing else: no world, no run, no scenario.

May import: contract, core and below.
"""

from .case import Case, due_of, first
from .conformance import EXPECTED, ClauseRow, Conformance, needs_someone
from .judges import UNIVERSAL
from .judges.isolate import victims
from .ledger import FATES, RED, Ledger, Written
from .verdict import ClauseVerdict, ScenarioVerdict, judge, lacking_capabilities, overall, with_failures

__all__ = [
    "EXPECTED",
    "FATES",
    "RED",
    "UNIVERSAL",
    "Case",
    "ClauseRow",
    "ClauseVerdict",
    "Conformance",
    "Ledger",
    "ScenarioVerdict",
    "Written",
    "due_of",
    "first",
    "judge",
    "lacking_capabilities",
    "needs_someone",
    "overall",
    "victims",
    "with_failures",
]
