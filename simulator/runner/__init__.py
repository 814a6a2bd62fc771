"""One run of a scenario against a subject in a world, in a worker process; its value is a history.

May import: scenario, subjects, world, writers, contract, core and below; never judging.
"""

from .growth import CLAUSE, GrowthRun
from .program_run import ProgramRun, unreachable
from .run import Run, step_result
from .schedule import OneStep, Schedule
from .service_run import ServiceRun
from .worker import WATCHDOG, Died, Job, result_of, results_of

__all__ = [
    "CLAUSE",
    "WATCHDOG",
    "Died",
    "GrowthRun",
    "Job",
    "OneStep",
    "ProgramRun",
    "Run",
    "Schedule",
    "ServiceRun",
    "result_of",
    "results_of",
    "step_result",
    "unreachable",
]
