"""From a history to fates and verdicts, and from nothing else: no world, no run, no scenario.

May import: contract, core and below.
"""

from .case import Case, due_of, first
from .conformance import ClauseRow, Conformance, needs_someone
from .judges import UNIVERSAL
from .judges.isolate import victims
from .ledger import FATES, RED, Ledger, Written
from .ranks import DIFFERENCE, EXPECTED, FAILING, KNOWN, STYLES, rank
from .verdict import ClauseVerdict, ScenarioVerdict, judge, lacking_capabilities, overall, with_failures

__all__ = [
    "DIFFERENCE",
    "EXPECTED",
    "FAILING",
    "FATES",
    "KNOWN",
    "RED",
    "STYLES",
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
    "rank",
    "victims",
    "with_failures",
]
