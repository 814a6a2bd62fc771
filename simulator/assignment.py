"""What one actor of a scenario is asked to do, with every amount already a number.

An assignment is all that producers and hazards know of a scenario. Their code is a pure function of it and of a random
stream: no clock, no file system, no other actor.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from simulator.draw import Draw
from simulator.step import Step

SECOND = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """The subject's limits, from its capabilities; the defaults are those of CONTRACT.md section 1."""

    quota: int = 360
    file_size: int = 4_194_304
    message: int = 3_072
    event: int = 6_144
    element: int = 262_144
    rejects: int = 10_000
    parse: int = 16_777_216
    spared: int = 1_000
    removals: int = 10_000
    period: int = 300 * SECOND


@dataclass(frozen=True, slots=True)
class Window:
    """The time between two passes in which an actor may write: [begin, end) in virtual ns from the start of the run.

    ``number`` is the pass (from 0) that follows it. ``end`` is when that pass begins.
    """

    number: int
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Assignment:
    """One actor's work.

    ``actor``: its position in the scenario, which names its tokens; ``directory``: where its event files belong, relative to the
    world's root; ``events``: how many in each window; ``per_file``: how many share a file, at most; ``traffic``: the shape of
    arrivals (``simulator.traffic``); ``epoch``: Unix time of the run's start in ns (a multiple of a second).
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
        """Steps in order of time, every ``at`` inside a window; tokens ``token(assignment.actor, 0..)`` in order."""
        ...


class Hazard(Protocol):
    """Turns an actor's plan into a hostile or clumsy one: changes steps, adds some, takes some away."""

    name: str
    about: str

    def apply(self, steps: Sequence[Step], assignment: Assignment, draw: Draw) -> list[Step]:
        """The new plan, in order of time. New tokens are numbered from ``first_free_token(steps)`` on."""
        ...
