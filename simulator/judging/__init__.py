"""From a history to fates and verdicts, and from nothing else: no world, no run, no scenario.

May import: contract, core and below.
"""

from .case import Case, as_labelled, first
from .conformance import EXPECTED, ClauseRow, Conformance, needs_someone
from .judges import UNIVERSAL
from .judges.isolate import victims
from .ledger import FATES, RED, Ledger, Written
from .verdict import (
    NOTHING_SHOWN,
    UNSEEN,
    ClauseVerdict,
    ScenarioVerdict,
    judge,
    lacking_capabilities,
    overall,
    with_failures,
)

__all__ = [
    "EXPECTED",
    "FATES",
    "NOTHING_SHOWN",
    "RED",
    "UNIVERSAL",
    "UNSEEN",
    "Case",
    "ClauseRow",
    "ClauseVerdict",
    "Conformance",
    "Ledger",
    "ScenarioVerdict",
    "Written",
    "as_labelled",
    "first",
    "judge",
    "lacking_capabilities",
    "needs_someone",
    "overall",
    "victims",
    "with_failures",
]
