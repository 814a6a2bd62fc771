"""The line that shows a run again."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from ..judging import ScenarioVerdict
from ..runner import WATCHDOG
from ..shipped import shipped_scenarios
from ..subjects import asked_hooks, is_program

#: Where the matrix runs if nobody says.
_MATRIX_WORLD = "real"


def matrix_line(named: str, collector: str, seed: int, world: str) -> str:
    """The same for one object of the matrix."""
    words: Sequence[str] = ("simulate", "matrix", "--object", named, "--seed", str(seed))
    if collector != "reference":
        words = (*words, "--collector", collector)
    if world != _MATRIX_WORLD:
        words = (*words, "--world", world)
    if is_program(collector) and asked_hooks() != "try":
        words = (*words, "--hooks", asked_hooks())
    return shlex.join(words)


def reproducing_line(
    result: ScenarioVerdict, collector: str, default_world: str, *more: str, timeout: float = WATCHDOG
) -> str:
    """A command for a shell; what stands for itself by default is left out.

    ``more``: further words of it. ``timeout``: what a pass had. What hung within another one would
    not hang again.
    """
    name = result.id if result.id in shipped_scenarios() else f"{result.id}.toml"
    words: Sequence[str] = ("simulate", "--scenario", name, "--seed", str(result.seed))
    if collector != "reference":
        words = (*words, "--collector", collector)
    if result.world != default_world:
        words = (*words, "--world", result.world)
    if is_program(collector) and asked_hooks() != "try":
        words = (*words, "--hooks", asked_hooks())
    failing = [kind for kind, counts in result.variants.items() if counts["failed"]]
    if not {"--variant", "--exhaust"}.intersection(more):
        if result.variant:
            words = (*words, "--variant", result.variant)
        elif failing:  # what others suffer by a variant is seen beside the base run alone
            words = (*words, "--exhaust", ",".join(failing))
    given = () if timeout == WATCHDOG else ("--timeout", str(timeout).removesuffix(".0"))
    return shlex.join((*words, *more, *given))
