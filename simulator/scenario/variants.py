"""Variants of a run: the same run with exactly one thing more that happens.

Rules: a variant is data with a short name (``crash:17:after``), which the command line takes to
show it again. What it does is given by faults or by one placed step, so that the run knows no new
kind of trouble. Points are counted from 1 in the order of the run:

=====================================  ======================================================================================
``crash:POINT:before|after``           the process dies at the POINT-th call, delivery or flush, before it takes effect or after
``errno:CALL:NAME``                    the CALL-th file-system call gives this error instead
``interleave:ACTOR:STEP:POINT``        the actor's STEP-th step (from 0) is its only one in that pass, just before the pass's
                                       POINT-th call, delivery, flush or sleep; what it did before came before the pass
=====================================  ======================================================================================
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, get_args

from ..base import BadInput
from .faults import ERRNOS, Fault

Kind = Literal["crash", "errno", "interleave"]
KINDS: tuple[Kind, ...] = get_args(Kind)
_FORMS = "crash:POINT:before|after, errno:CALL:NAME, interleave:ACTOR:STEP:POINT"
_CRASH = re.compile(r"crash:([1-9][0-9]{0,8}):(before|after)\Z", re.ASCII)
_ERRNO = re.compile(r"errno:([1-9][0-9]{0,8}):([A-Z0-9]+)\Z", re.ASCII)
_INTERLEAVE = re.compile(r"interleave:([0-9]{1,6}):([0-9]{1,8}):([1-9][0-9]{0,8})\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Crash:
    """The process dies."""

    point: int
    after: bool

    def __str__(self) -> str:
        return f"crash:{self.point}:{'after' if self.after else 'before'}"

    @property
    def faults(self) -> tuple[Fault, ...]:
        return (Fault(kind="crash", nth=self.point, when="after" if self.after else "before"),)


@dataclass(frozen=True, slots=True)
class Errno:
    """One call fails."""

    call: int
    errno: str

    def __str__(self) -> str:
        return f"errno:{self.call}:{self.errno}"

    @property
    def faults(self) -> tuple[Fault, ...]:
        return (Fault(kind="errno", nth=self.call, errno=self.errno),)


@dataclass(frozen=True, slots=True)
class Interleave:
    """One step of one writer falls between two calls.

    ``actor``: its place among the run's actors.
    """

    actor: int
    step: int
    point: int

    def __str__(self) -> str:
        return f"interleave:{self.actor}:{self.step}:{self.point}"

    @property
    def faults(self) -> tuple[Fault, ...]:
        return ()


Variant = Crash | Errno | Interleave


def parse_variant(text: str) -> Variant:
    """The variant of that name. Raises BadInput."""
    if found := _CRASH.match(text):
        return Crash(int(found[1]), found[2] == "after")
    if found := _ERRNO.match(text):
        if found[2] not in ERRNOS:
            raise BadInput(f"unknown errno {found[2]!r}", where="--variant", hint=f"one of: {', '.join(ERRNOS)}")
        return Errno(int(found[1]), found[2])
    if found := _INTERLEAVE.match(text):
        return Interleave(int(found[1]), int(found[2]), int(found[3]))
    raise BadInput(f"{text!r} is no variant of a run", where="--variant", hint=f"expected {_FORMS}")
