"""Batches on this machine: the kit's own forked workers, under their watchdog.

Rules: whichever way a worker ends, every seed of its batch ends in an outcome. One that hangs or
dies is the failure of the seed that it had begun; what comes after that seed goes into a batch of
its own.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple, Protocol

from ..base import BadInput, KitBroke
from ..core import STARVED
from ..runner import Died, Job, results_of
from .batch import Batch, Journal, batch_job
from .generate import data_hash, scenario_data
from .judged import Failure
from .outcome import Found, Outcome


class Ended(NamedTuple):
    """A batch that was run: its outcomes, and the failures that were made small."""

    batch: Batch
    outcomes: list[Outcome]
    found: list[Found]


class Executor(Protocol):
    """Who runs batches: gives each with its outcomes, as they end."""

    def run(self, batches: Iterable[Batch]) -> Iterator[Ended]: ...


class LocalExecutor:
    """So many workers of this machine at a time."""

    def __init__(self, workers: int) -> None:
        self._workers = workers

    def run(self, batches: Iterable[Batch]) -> Iterator[Ended]:
        """Raises BadInput and KitBroke. Closing the iterator ends the workers."""
        waiting = iter(batches)
        again: deque[Batch] = deque()
        running: dict[str, tuple[Batch, Journal]] = {}

        def jobs() -> Iterator[Job[int]]:
            while True:
                batch = again.popleft() if again else next(waiting, None)
                if batch is None:
                    return
                journal = Journal()
                running[batch.name] = (batch, journal)
                yield batch_job(batch, journal)

        while True:
            for job, ended, _ in results_of(jobs(), self._workers):
                batch, journal = running.pop(job.name)
                try:
                    outcomes, rest = ended_batch(batch, journal, ended)
                    found = journal.found()
                finally:
                    journal.close()
                if rest is not None:
                    again.append(rest)
                yield Ended(batch, outcomes, found)
            if not again:
                return


def ended_batch(batch: Batch, journal: Journal, ended: int | Died | KitBroke) -> tuple[list[Outcome], Batch | None]:
    """The outcomes of a batch, and what is left of it. Raises KitBroke."""
    outcomes = journal.outcomes()
    if isinstance(ended, KitBroke):
        raise KitBroke(f"at seed {batch.begin + max(0, journal.begun - 1)} in the {batch.world} world: {ended}")
    if isinstance(ended, int):
        if len(outcomes) != batch.end - batch.begin:
            raise KitBroke(f"a batch of {batch.end - batch.begin} seeds gave {len(outcomes)} outcomes")
        return outcomes, None
    if journal.begun > batch.end - batch.begin:
        return outcomes, None  # it ended while a failure was made small
    if not journal.begun:
        raise BadInput(f"a worker ended before its first seed: {ended.detail}", where="--collector")
    seed = batch.begin + journal.begun - 1
    outcomes = [outcome for outcome in outcomes if outcome.seed != seed]
    outcomes.append(_died(batch, seed, ended))
    return outcomes, replace(batch, begin=seed + 1) if seed + 1 < batch.end else None


def _died(batch: Batch, seed: int, death: Died) -> Outcome:
    """The outcome of a seed that gave none. A ``starved`` one is the machine's doing, and nobody's
    failure.
    """
    known = data_hash(scenario_data(seed))
    if death.kind == STARVED:
        return Outcome(seed, batch.world, known, "skip", detail=death.detail)
    failure = Failure("run.errors", death.kind, death.detail)
    return Outcome(seed, batch.world, known, "fail", [failure], ["run.errors"], detail=death.detail)
