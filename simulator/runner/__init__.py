"""One run of a scenario against a subject in a world, in a worker process; its value is a history.

May import: scenario, subjects, hazards and below.
"""

from .attended import Terminal, terminal
from .ear import last_words
from .growth import GROWTH, GrowthRun
from .program_run import ProgramRun
from .run import Run, step_result
from .runnable import hindrance, run_type
from .schedule import OneStep, Schedule
from .watchdog import PROGRESS, WATCHDOG
from .worker import Died, Job, result_of, results_of

__all__ = [
    "GROWTH",
    "PROGRESS",
    "WATCHDOG",
    "Died",
    "GrowthRun",
    "Job",
    "OneStep",
    "ProgramRun",
    "Run",
    "Schedule",
    "Terminal",
    "hindrance",
    "last_words",
    "result_of",
    "results_of",
    "run_type",
    "step_result",
    "terminal",
]
