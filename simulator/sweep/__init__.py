"""Sweeps: random scenarios without end, what they come to, and the cause of each failure.

May import: suite, testing, runner, scenario, subjects, judging and below; distributed, pydantic.
"""

from .again import Departure, departures
from .cause import Cause
from .cluster import ClusterExecutor
from .executor import LocalExecutor
from .failures import DIRECTORY, Recorded, find, keep, pasted
from .inquiry import Asked, why
from .outcome import Found, Outcome
from .replaying import data_of, replay, shrink_scenario
from .scenario_file import scenario_text
from .shrinking import REFERENCE_SPEC
from .store import Store, open_to_read
from .summary import Summary, summary_of
from .sweeping import SweepPlan, sing, sweep
from .verdict_causes import Shown, tell_causes

__all__ = [
    "DIRECTORY",
    "REFERENCE_SPEC",
    "Asked",
    "Cause",
    "ClusterExecutor",
    "Departure",
    "Found",
    "LocalExecutor",
    "Outcome",
    "Recorded",
    "Shown",
    "Store",
    "Summary",
    "SweepPlan",
    "data_of",
    "departures",
    "find",
    "keep",
    "open_to_read",
    "pasted",
    "replay",
    "scenario_text",
    "shrink_scenario",
    "sing",
    "summary_of",
    "sweep",
    "tell_causes",
    "why",
]
