"""Who drives the passes of a program: heard where that can be had, seen from outside elsewhere."""

from __future__ import annotations

from collections.abc import Callable

from ..subjects import ProgramSubject
from .heard import Heard, lacking_here
from .outside import Outside, header_of, lacking_outside
from .pass_driver import PassDriver, PassMaker
from .program_passes import ProgramPasses
from .stage import Stage


def program_driver(
    subject: ProgramSubject, around: Callable[[Stage, ProgramPasses], PassMaker] = lambda _, passes: passes
) -> PassDriver:
    """``around``: what is done at each of its passes.

    Raises BadInput for what cannot be run, Broken for a program that does not answer.
    """
    declared = subject.capabilities
    if subject.is_heard:
        return PassDriver(
            lambda stage, loaded: around(stage, ProgramPasses(stage, loaded, Heard(stage, loaded))),
            header_of(lacking_here(), "", declared),
        )
    return PassDriver(
        lambda stage, loaded: around(stage, ProgramPasses(stage, loaded, Outside(stage, loaded))),
        header_of(lacking_outside(declared), subject.unheard, declared),
    )
