"""Sweeps: random scenarios without end, what they come to, and the cause of each failure.

May import: suite, testing, runner, scenario, subjects, judging and below; pydantic.
"""

from .again import Departure, departures
from .executor import LocalExecutor
from .outcome import Outcome
from .store import Store, open_to_read
from .summary import Summary, summary_of
from .sweeping import SweepPlan, sing, sweep

__all__ = [
    "Departure",
    "LocalExecutor",
    "Outcome",
    "Store",
    "Summary",
    "SweepPlan",
    "departures",
    "open_to_read",
    "sing",
    "summary_of",
    "sweep",
]
