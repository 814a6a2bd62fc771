"""One run of a scenario against a subject in a world, in a worker process; its value is a history.

May import: scenario, subjects, hazards, supervisor and below; pydantic.
"""

from .attended import Terminal, terminal
from .ear import last_words
from .growth import GROWTH, held_of
from .job import Died, Job, cage_for
from .placed import Placed
from .run import Run
from .runnable import hindrance
from .schedule import OneStep
from .spec import RunSpec
from .told import step_result
from .visit import Visit
from .watchdog import PROGRESS, WATCHDOG
from .worker import result_of, results_of

__all__ = [
    "GROWTH",
    "PROGRESS",
    "WATCHDOG",
    "Died",
    "Job",
    "OneStep",
    "Placed",
    "Run",
    "RunSpec",
    "Terminal",
    "Visit",
    "cage_for",
    "held_of",
    "hindrance",
    "last_words",
    "result_of",
    "results_of",
    "step_result",
    "terminal",
]
