"""Mutants hunted by sweeps without a hint: how many seeds each takes, and how small its failure
gets.

Rules: any clause may find it, and the first seed that fails is the one that is made small.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..base import Draw
from ..shipped import Mutant, mutants
from .batch import Batch
from .executor import LocalExecutor
from .inquiry import used
from .kept_hunts import keep, kept
from .scenario_file import scenario_text

#: So many are hunted, chosen by this seed, and each for so many seeds.
COUNT, CHOICE, MOST_SEEDS = 20, 0, 2_000
WORLD = "real"
_BATCH = 50


@dataclass(frozen=True, slots=True)
class Hunted:
    """What became of one. ``seeds``: how many it took, 0 where all of them passed. ``steps``:
    those of writers that are left, and ``lines`` of the scenario; -1: nothing could be made small.
    ``seconds``: of processor time.
    """

    mutant: Mutant
    seeds: int
    signature: str = ""
    steps: int = -1
    lines: int = -1
    seconds: float = 0.0


def chosen() -> list[Mutant]:
    """One of each family, and the rest of all, by the seed."""
    draw = Draw(CHOICE, "hunts")
    families: dict[str, list[str]] = {}
    for mutant in mutants().values():
        families.setdefault(mutant.clause.partition(".")[0], []).append(mutant.name)
    first = [draw.choice(names) for names in families.values()]
    others = [name for name in mutants() if name not in first]
    names = {*first, *draw.sample(others, COUNT - len(first))}
    return [mutant for name, mutant in mutants().items() if name in names]


def hunt(mutant: Mutant, most: int = MOST_SEEDS) -> Hunted:
    """Seed after seed until one fails, and that failure made small; or what is kept of both."""
    first = kept(mutant, "first") or _timed(mutant, "first", lambda: _first_failing(mutant, most))
    if first["seed"] < 0:
        return Hunted(mutant, 0, seconds=first["seconds"])
    small = kept(mutant, "small") or _timed(mutant, "small", lambda: _made_small(mutant, first["seed"]))
    seconds = first["seconds"] + small["seconds"]
    return Hunted(mutant, first["seed"] + 1, first["signature"], small["steps"], small["lines"], seconds)


def _timed(mutant: Mutant, what: str, work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    begin = used()
    told = work()
    told["seconds"] = round(used() - begin, 1)
    keep(mutant, what, told)
    return told


def _first_failing(mutant: Mutant, most: int) -> dict[str, Any]:
    executor = LocalExecutor(1)
    for begin in range(0, most, _BATCH):
        batch = Batch(f"mutant:{mutant.name}", WORLD, begin, min(begin + _BATCH, most))
        failed = [one for ended in executor.run([batch]) for one in ended.outcomes if one.failures]
        if failed:
            first = min(failed, key=lambda outcome: outcome.seed)
            return {"seed": first.seed, "signature": first.leading}
    return {"seed": -1, "signature": ""}


def _made_small(mutant: Mutant, seed: int) -> dict[str, Any]:
    batch = Batch(f"mutant:{mutant.name}", WORLD, seed, seed + 1, known=())
    for ended in LocalExecutor(1).run([batch]):
        for found in ended.found:
            text = scenario_text(found.data)
            return {"steps": found.steps, "lines": len(text.splitlines()), "text": text}
    return {"steps": -1, "lines": -1, "text": ""}


