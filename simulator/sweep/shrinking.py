"""A failing scenario made small: of the scenario's model, never of random choices.

Rules: only the same signature counts as the same failure. Of a collector that is not the reference
the smaller scenario must pass with the reference, or it would show a judge's defect and not the
collector's. What takes more steps of writers is no smaller, however short its text: a setting that
goes brings back a limit of hundreds. First everything shrinks by the seed's schedule. What is not
small then is tried with a few other seeds, as what an event holds and when it comes hangs on them.
Last the schedule becomes places, of which few are left.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..base import BadInput
from ..core import History
from ..scenario import scenario_from_data
from ..subjects import Subject
from ..world import FakeWorld, RealWorld
from .anchors import places_of
from .applies import applicable
from .judged import Judged, judged_run
from .outcome import Found
from .rearrangements import least, rearrangements
from .reductions import Data, reductions

#: The collector that must pass what another one fails.
REFERENCE_SPEC = "reference"
#: Runs that shrinking one failure may take with its own seed: a second or two.
MOST_RUNS = 400
#: Writers' steps that a person reads at a glance: what takes no more is small.
FEW_STEPS = 3
#: Seeds that are tried of each smaller scenario, and of the one that has the least of all. One
#: event in a hundred holds what some failures take.
_SOME_SEEDS, _MANY_SEEDS = range(8), range(200)


@dataclass(frozen=True, slots=True)
class Shrunk:
    """The small scenario, the seed with which it fails, why it does, how many runs it took, and the
    history of its run: None of a collector that could not be run to the end.
    """

    data: Data
    seed: int
    reason: str
    runs: int
    history: History | None


class Shrinker:
    """Shrinks failures of one collector in one world. For a worker process. ``witness``: the
    collector that must pass.
    """

    def __init__(
        self,
        subject: Subject,
        world: FakeWorld | RealWorld,
        seed: int,
        signature: str,
        witness: Subject | None,
        most: int = MOST_RUNS,
        *,
        named: bool = False,
    ) -> None:
        """``named``: somebody named the clause, and it is judged in any scenario."""
        self._subject = subject
        self._world = world
        self._seed = seed
        self._signature = signature
        self._clause = signature.partition("/")[0]
        self._witness = witness
        self._most = most
        self._limit = most
        self._named = named
        self.runs = 0

    def shrink(self, data: Data) -> Shrunk | None:
        """The smallest that was found; None where the data itself does not fail so."""
        first = self._fails(data)
        if first is None:
            return None
        data, last = self._reseeded(*self._reduced(data, first))
        history = last.history
        if history is not None and "service" not in data and "place" not in data and (places := places_of(history)):
            placed = {**data, "place": places}
            if (failed := self._fails(placed)) is not None:
                data, last = self._reduced(placed, failed)
        about = f"{self._signature}, made small from: {data['title']}."
        data = {**data, "title": f"{self._clause} fails", "about": about, "clauses": [self._clause]}
        final = self._fails(data) or last
        return Shrunk(data, self._seed, self._reason(final), self.runs, final.history)

    def _reseeded(self, data: Data, last: Judged) -> tuple[Data, Judged]:
        """Smaller still with another seed, where that is not small. Seed 0 is taken where it does
        as well: nobody has to type it.
        """
        self._limit = self.runs + self._most
        while _steps(last) > FEW_STEPS and (smaller := self._smaller_elsewhere(data, last)) is not None:
            data, last = self._reduced(*smaller)
            self._limit = self.runs + self._most
        if self._seed and (failed := self._fails(data, 0)) is not None and _steps(failed) <= _steps(last):
            self._seed, last = 0, failed
        return data, last

    def _smaller_elsewhere(self, data: Data, last: Judged) -> tuple[Data, Judged] | None:
        """The first that fails in fewer steps with some seed, which is ours from then on."""
        for changed, seed in self._elsewhere(data):
            if self.runs >= self._limit:
                return None
            failed = self._fails(changed, seed)
            if failed is not None and _steps(failed) < _steps(last):
                self._seed = seed
                return changed, failed
        return None

    def _elsewhere(self, data: Data) -> Iterator[tuple[Data, int]]:
        """Smaller scenarios, and other seeds for them."""
        changes = [*reductions(data), *rearrangements(data)]
        yield from ((changed, seed) for changed in changes for seed in _SOME_SEEDS)
        yield from ((least(data), seed) for seed in _MANY_SEEDS)

    def _reduced(self, data: Data, last: Judged) -> tuple[Data, Judged]:
        """As small as it gets: each reduction that still fails is kept, until none does."""
        while (smaller := self._one_smaller(data, last)) is not None:
            data, last = smaller
        return data, last

    def _one_smaller(self, data: Data, last: Judged) -> tuple[Data, Judged] | None:
        """The first that fails in no more steps, or, said otherwise, in fewer."""
        for most, changes in ((_steps(last), reductions(data)), (_steps(last) - 1, rearrangements(data))):
            for changed in changes:
                if self.runs >= self._limit:
                    return None
                failed = self._fails(changed)
                if failed is not None and _steps(failed) <= most:
                    return changed, failed
        return None

    def _fails(self, data: Data, seed: int | None = None) -> Judged | None:
        """The judged run, where it fails in the same way: with this seed, or with ours."""
        seed = self._seed if seed is None else seed
        judged = self._run(data, seed, self._subject)
        if judged is None or self._signature not in [failure.signature for failure in judged.failures]:
            return None
        if self._witness is not None:
            passing = self._run(data, seed, self._witness)
            if passing is None or passing.verdict != "pass":
                return None
        return judged

    def _run(self, data: Data, seed: int, subject: Subject) -> Judged | None:
        """None of what is no scenario, or none that the clause is judged in."""
        try:
            scenario = scenario_from_data(data, "a smaller scenario")
            if not self._named and self._clause not in applicable(scenario):
                return None
            self.runs += 1
            return judged_run(scenario, seed, subject, self._world, [self._clause])
        except (BadInput, ValueError):
            return None

    def _reason(self, judged: Judged) -> str:
        return next((one.reason for one in judged.failures if one.signature == self._signature), "")


def _steps(judged: Judged) -> int:
    """Of its run; none, where it gave no history."""
    return 0 if judged.history is None else steps_of(judged.history)


def steps_of(history: History) -> int:
    """The steps that writers took: what somebody who reads the scenario has to follow."""
    actors = {actor["name"] for actor in history.records[0].result["actors"]}
    return sum(record.op == "step" and record.actor in actors for record in history)


def found_of(small: Shrunk, signature: str, seed: int, world: str, collector: str, original: Data) -> Found:
    """What is kept of it. ``seed``: the original's."""
    return Found(
        signature,
        small.seed,
        seed,
        world,
        collector,
        small.data,
        original,
        small.reason,
        small.runs,
        0 if small.history is None else steps_of(small.history),
        "" if small.history is None else small.history.sha256(),
    )
