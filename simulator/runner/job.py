"""Work for a worker, and how it can end without a result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Literal, TypeVar

from ..core import Said
from ..subjects import is_program
from ..world import FakeWorld, RealWorld
from .attended import Terminal
from .watchdog import WATCHDOG

T = TypeVar("T")
Caged = Literal["worker", "program", "none"]


class Died(Exception):
    """A worker that gave no result.

    ``kind`` is ``hang``, ``crash``, ``STARVED`` (``simulator.runner.watchdog``), or that of a
    program (``simulator.subjects.program.streams.Broken``). ``variant``: in which one, "" for
    the scenario itself. ``planned`` and ``begun``: of the variants. ``said``: the last of what it
    said.
    """

    kind: str
    detail: str

    def __init__(
        self,
        kind: str,
        detail: str,
        seconds: float,
        variant: str = "",
        said: Said | None = None,
        *,
        planned: int = 0,
        begun: int = 0,
    ) -> None:
        self.planned = planned
        self.begun = begun
        self.said = said or Said()
        self.kind = kind
        self.detail = detail
        self.seconds = seconds
        self.variant = variant
        super().__init__(detail)


def cage_for(collector: str) -> Caged:
    """Where the cage goes for a collector of this name."""
    return "program" if is_program(collector) else "worker"


@dataclass(frozen=True, slots=True)
class Job(Generic[T]):
    """What one worker does: ``work`` in a world of this name. ``timeout``: seconds of processor
    time that one pass of it may take.

    ``keep``: where the real world stands and stays. ``terminal``: of who attends it. ``form``: the
    type of the result, as pydantic reads it from JSON; left out, it is a plain JSON value.
    ``cage``: around the worker, around a program that it starts too, or none at all.
    """

    name: str
    work: Callable[[FakeWorld | RealWorld], T]
    world: str
    timeout: float = WATCHDOG
    keep: Path | None = None
    terminal: Terminal | None = None
    form: Any = Any
    cage: Caged = "worker"
