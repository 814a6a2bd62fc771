"""Many runs and what they add up to: examined, exhausted, compared, selected, concluded.

May import: runner, scenario, subjects, judging and below; pydantic.
"""

from .baselines import Baseline, baseline
from .comparison import Pair, comparison_exit, comparison_report
from .conclusion import conclude
from .evidence import case_of, stuck
from .examination import supervised
from .exhaustion import exhaust, possible
from .kept_outcomes import keep_outcome, kept_outcome, kit_sha256
from .known_failures import KnownFailuresFile
from .last_failed import recall_failed, remember_failed
from .last_times import recall_times, remember_times, seconds_left
from .matrix import STEPS, Row, objects, rows
from .matrix_verdicts import verdict_of_row
from .reproduce import reproducing_line
from .request import ConformanceRequest, ConformanceRun
from .selection import Selection, narrowed, part_of, select
from .sensitivity import Outcome, difference, outcomes
from .sensitivity_page import document
from .smoke import SmokeFinding, bring_up, steps
from .suite import Kept, Suite
from .surveys import first_worlds, survey

__all__ = [
    "STEPS",
    "Baseline",
    "ConformanceRequest",
    "ConformanceRun",
    "Kept",
    "KnownFailuresFile",
    "Outcome",
    "Pair",
    "Row",
    "Selection",
    "SmokeFinding",
    "Suite",
    "baseline",
    "bring_up",
    "case_of",
    "comparison_exit",
    "comparison_report",
    "conclude",
    "difference",
    "document",
    "exhaust",
    "first_worlds",
    "keep_outcome",
    "kept_outcome",
    "kit_sha256",
    "narrowed",
    "objects",
    "outcomes",
    "part_of",
    "possible",
    "recall_failed",
    "recall_times",
    "remember_failed",
    "remember_times",
    "reproducing_line",
    "rows",
    "seconds_left",
    "select",
    "steps",
    "stuck",
    "supervised",
    "survey",
    "verdict_of_row",
]
