"""What one actor of a scenario is asked to do, with every amount already a number.

An assignment is all that producers and hazards know of a scenario. Their code is a pure
function of it and of a random stream: no clock, no file system, no other actor.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from ..base import Draw
from ..core import Limits, Step, Window


@dataclass(frozen=True, slots=True)
class Assignment:
    """One actor's work.

    * ``actor``: its position in the scenario, which names its tokens.
    * ``directory``: where its event files belong, relative to the world's root.
    * ``events``: how many in each window.
    * ``per_file``: how many share a file, at most.
    * ``traffic``: the shape of arrivals (``simulator.writers.traffic``).
    * ``epoch``: Unix time of the run's start in ns (a multiple of a second).
    """

    actor: int
    handler: str
    directory: str
    windows: tuple[Window, ...]
    events: int
    per_file: int
    traffic: str
    limits: Limits
    epoch: int


class Producer(Protocol):
    """Plans the writing of valid events, as one real extension (or the plain one) does it."""

    name: str
    about: str

    def plan(self, assignment: Assignment, draw: Draw) -> Iterator[Step]:
        """Steps in order of time, every ``at`` inside a window;
        tokens ``token(assignment.actor, 0..)`` in order.
        """
        ...


class Hazard(Protocol):
    """Turns an actor's plan into a hostile or clumsy one:
    changes steps, adds some, takes some away.
    """

    name: str
    about: str

    def apply(self, steps: Sequence[Step], assignment: Assignment, draw: Draw) -> list[Step]:
        """The new plan, in order of time.
        New tokens are numbered from ``first_free_token(steps)`` on.
        """
        ...
