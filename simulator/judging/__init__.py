"""From a history to fates and verdicts, and from nothing else: no world, no run, no scenario.

May import: contract, core and below.
"""

from .case import Case
from .conformance import ClauseRow, Conformance, needs_someone
from .event_story import find_events, story
from .fates import FATES, RED
from .judges import UNIVERSAL
from .ledger import Ledger
from .problems import as_labelled, first
from .ranks import DIFFERENCE, EXITS, EXPECTED, FAILING, KNOWN, STYLES, is_expected, is_failure, rank
from .record_line import line_of
from .rejudged import LIVENESS, NO_WORLD, recheck
from .told import verdict_told
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
from .written import Delivered, Written

__all__ = [
    "DIFFERENCE",
    "EXITS",
    "EXPECTED",
    "FAILING",
    "FATES",
    "KNOWN",
    "LIVENESS",
    "NOTHING_SHOWN",
    "NO_WORLD",
    "RED",
    "STYLES",
    "UNIVERSAL",
    "UNSEEN",
    "Case",
    "ClauseRow",
    "ClauseVerdict",
    "Conformance",
    "Delivered",
    "Ledger",
    "ScenarioVerdict",
    "Written",
    "as_labelled",
    "find_events",
    "first",
    "is_expected",
    "is_failure",
    "judge",
    "lacking_capabilities",
    "line_of",
    "needs_someone",
    "overall",
    "rank",
    "recheck",
    "story",
    "verdict_told",
    "with_failures",
]
