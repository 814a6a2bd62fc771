"""A failing scenario made small: of the scenario's model, never of random choices.

Rules: only the same signature counts as the same failure. Of a collector that is not the reference
the smaller scenario must pass with the reference, or it would show a judge's defect and not the
collector's. What takes more steps of writers is no smaller, however short its text: a setting that
goes brings back a limit of hundreds. First everything shrinks by the seed's schedule, then that
becomes places, of which few are left.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..base import BadInput
from ..core import History
from ..scenario import Scenario, scenario_from_data
from ..subjects import Subject
from ..world import FakeWorld, RealWorld
from .anchors import places_of
from .applies import applicable
from .judged import Judged, judged_run
from .outcome import Found
from .rearrangements import rearrangements
from .reductions import Data, reductions

#: The collector that must pass what another one fails.
REFERENCE_SPEC = "reference"
#: Runs that shrinking one failure may take: a second or two.
MOST_RUNS = 400


@dataclass(frozen=True, slots=True)
class Shrunk:
    """The small scenario, why it fails, how many runs it took, and the history of its run: None of
    a collector that could not be run to the end.
    """

    data: Data
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
        self._named = named
        self.runs = 0

    def shrink(self, data: Data) -> Shrunk | None:
        """The smallest that was found; None where the data itself does not fail so."""
        first = self._fails(data)
        if first is None:
            return None
        data, last = self._reduced(data, first)
        history = last.history
        if history is not None and "service" not in data and "place" not in data and (places := places_of(history)):
            placed = {**data, "place": places}
            if (failed := self._fails(placed)) is not None:
                data, last = self._reduced(placed, failed)
        about = f"{self._signature}, made small from: {data['title']}."
        data = {**data, "title": f"{self._clause} fails", "about": about, "clauses": [self._clause]}
        final = self._fails(data) or last
        return Shrunk(data, self._reason(final), self.runs, final.history)

    def _reduced(self, data: Data, last: Judged) -> tuple[Data, Judged]:
        """As small as it gets: each reduction that still fails is kept, until none does."""
        while (smaller := self._one_smaller(data, last)) is not None:
            data, last = smaller
        return data, last

    def _one_smaller(self, data: Data, last: Judged) -> tuple[Data, Judged] | None:
        """The first that fails in no more steps, or, said otherwise, in fewer."""
        for most, changes in ((_steps(last), reductions(data)), (_steps(last) - 1, rearrangements(data))):
            for changed in changes:
                if self.runs >= self._most:
                    return None
                failed = self._fails(changed)
                if failed is not None and _steps(failed) <= most:
                    return changed, failed
        return None

    def _fails(self, data: Data) -> Judged | None:
        """The judged run, where it fails in the same way."""
        try:
            scenario = scenario_from_data(data, "a smaller scenario")
        except (BadInput, ValueError):
            return None
        if not self._named and self._clause not in applicable(scenario):
            return None
        judged = self._judged(scenario, self._subject)
        if judged is None or self._signature not in [failure.signature for failure in judged.failures]:
            return None
        if self._witness is not None:
            passing = self._judged(scenario, self._witness)
            if passing is None or passing.verdict != "pass":
                return None
        return judged

    def _judged(self, scenario: Scenario, subject: Subject) -> Judged | None:
        self.runs += 1
        try:
            return judged_run(scenario, self._seed, subject, self._world, [self._clause])
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
    """What is kept of it."""
    return Found(
        signature,
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
