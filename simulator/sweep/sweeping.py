"""A whole sweep: seeds in batches, outcomes into the store, a canary that must fail."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ..base import BadInput, KitBroke
from .batch import Batch
from .executor import Executor
from .outcome import Found, Outcome
from .store import Store, ranges

#: A mutant whose defect every ordinary scenario shows: a sweep in which it passes sees nothing.
CANARY = "mutant:clean-up-skipped"
#: Seeds within which it must fail.
_CANARY_SEEDS = 40
#: Seeds of a batch: a few seconds of work, so that neither a process nor a message counts.
BATCH = 500
#: Batches that each worker should get at least, so that none waits long for the last.
_SHARES = 4


@dataclass(frozen=True, slots=True)
class SweepPlan:
    """What is to be swept. ``end`` None: on and on, until ``seconds`` of real time have passed.
    ``checked``: the share of seeds that runs twice.
    """

    collector: str
    worlds: tuple[str, ...]
    begin: int
    end: int | None
    seconds: float | None = None
    clause: str = "*"
    checked: float = 0.05
    workers: int = 1


def sweep(
    plan: SweepPlan,
    executor: Executor,
    store: Store,
    *,
    resume: bool = False,
    heard: Callable[[Sequence[Outcome]], None] = lambda _: None,
    small: Callable[[Found], None] = lambda _: None,
) -> int:
    """Run what is not in the store yet; how many runs that were. Raises BadInput and KitBroke.
    What is done is kept, however it ends.
    """
    done = {world: store.done(world) for world in plan.worlds}
    if not resume:
        _refuse_overlap(plan, done)
    count = 0
    known: dict[str, None] = {}
    for ended in executor.run(_batches(plan, done, known)):
        store.add(ended.outcomes)
        heard(ended.outcomes)
        count += len(ended.outcomes)
        for found in ended.found:
            if found.signature not in known:
                known[found.signature] = None
                small(found)
    return count


def _refuse_overlap(plan: SweepPlan, done: dict[str, set[int]]) -> None:
    for world, seeds in done.items():
        there = sorted(seed for seed in seeds if seed >= plan.begin and (plan.end is None or seed < plan.end))
        if there:
            what = f"{len(there)} of the seeds are in the store already ({world} world, from {there[0]} on)"
            raise BadInput(what, where="--seeds", hint="--resume runs the others")


def _batches(plan: SweepPlan, done: dict[str, set[int]], known: dict[str, None]) -> Iterator[Batch]:
    stop = None if plan.seconds is None else time.monotonic() + plan.seconds
    for world, begin, end in _pieces(plan, done):
        if stop is not None and time.monotonic() >= stop:
            return
        yield Batch(
            plan.collector, world, begin, end, plan.clause, plan.checked, tuple(known)
        )


def _pieces(plan: SweepPlan, done: dict[str, set[int]]) -> Iterator[tuple[str, int, int]]:
    size = BATCH
    if plan.end is not None:
        share = (plan.end - plan.begin) * len(plan.worlds) // max(1, plan.workers * _SHARES)
        size = max(1, min(BATCH, share))
    at = plan.begin
    while plan.end is None or at < plan.end:
        upto = at + size if plan.end is None else min(plan.end, at + size)
        for world in plan.worlds:
            for begin, end in ranges(seed for seed in range(at, upto) if seed not in done[world]):
                yield world, begin, end
        at = upto


def sing(executor: Executor, world: str) -> int:
    """The canary's first seed that fails. Raises KitBroke where none does: then a sweep that finds
    nothing says nothing.
    """
    for ended in executor.run([Batch(CANARY, world, 0, _CANARY_SEEDS)]):
        for outcome in ended.outcomes:
            if any(failure.clause == "clean.processed" for failure in outcome.failures):
                return outcome.seed
    raise KitBroke(f"the canary ({CANARY}) passed {_CANARY_SEEDS} seeds: this sweep sees nothing")
