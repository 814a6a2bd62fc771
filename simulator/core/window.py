"""The time between two passes, in which writers write."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Window:
    """The time between two passes in which an actor may write:
    [begin, end) in virtual ns from the start of the run.

    ``number`` is the pass (from 0) that follows it. ``end`` is when that pass begins.
    """

    number: int
    begin: int
    end: int
