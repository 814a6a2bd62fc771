"""A batch of seeds in one worker: what makes a seed cheap.

Rules: a process costs tens of milliseconds and a run a few, so a worker does a second or two of
seeds. What it has done lies in memory that it shares with its parent: where the collector kills the
worker, its parent knows which seed did it, and every seed before it keeps its outcome.
"""

from __future__ import annotations

import gc
import mmap
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from ..base import Draw, KitBroke, uncollected
from ..cage import Cages, ask_for_cage, asked_cage
from ..core import History
from ..runner import Job, cage_for
from ..subjects import Hooks, Subject, ask_for, asked_hooks, resolve
from ..world import FakeWorld, RealWorld, real_monotonic
from .applies import applicable
from .generate import checked_scenario, data_hash, scenario_data
from .inquiry import Asked, cause_of
from .judged import judged_run
from .outcome import Found, Outcome, cut, read, written
from .probing import reached
from .shrinking import REFERENCE_SPEC, Shrinker, found_of

#: Bytes of shared memory that a batch may fill, and one outcome of it: a larger one loses its
#: history, and the ends of its texts. All seeds of a batch fit, and what was made small.
_ROOM = 32 << 20
_MOST_OF_ONE = 128 << 10
_HEAD = struct.Struct("=QQ")
#: Seeds after which garbage is collected, or objects: to do so after each costs a thirtieth of it.
_UNCOLLECTED, _MOST_GARBAGE = 10, 100_000
#: Failures that one batch makes small: the others wait for the next, where they are still new.
_MOST_SHRUNK = 3


@dataclass(frozen=True, slots=True)
class Batch:
    """Seeds from ``begin`` up to ``end`` of one world against one collector; ``checked``: the
    share that is run again for its history.
    """

    collector: str
    world: str
    begin: int
    end: int
    clause: str = "*"
    checked: float = 0.0
    #: Signatures of which a small scenario is there already; None: nothing is shrunk.
    known: tuple[str, ...] | None = None
    #: What was chosen where it was made, and holds where it runs.
    hooks: Hooks = field(default_factory=asked_hooks)
    cage: Cages = field(default_factory=asked_cage)

    @property
    def name(self) -> str:
        return f"{self.world} {self.begin}:{self.end}"

    def choose(self) -> None:
        """Have this process run it as it was asked for. Raises BadInput for what cannot be had."""
        ask_for(self.hooks)
        ask_for_cage(self.cage)


class Journal:
    """Outcomes as they come: memory that the worker writes and its parent reads. ``begun``: how
    many seeds were begun.
    """

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, _ROOM)

    def begin(self) -> None:
        begun, used = _HEAD.unpack_from(self._memory)
        _HEAD.pack_into(self._memory, 0, begun + 1, used)

    def add(self, what: Outcome | Found) -> None:
        data = written(what)
        if isinstance(what, Outcome) and len(data) > _MOST_OF_ONE:
            data = written(cut(what))
        begun, used = _HEAD.unpack_from(self._memory)
        start = _HEAD.size + used
        if start + 8 + len(data) > _ROOM:
            raise KitBroke(f"the outcomes of a batch fill more than {_ROOM >> 20} MiB")
        self._memory[start : start + 8] = len(data).to_bytes(8, "big")
        self._memory[start + 8 : start + 8 + len(data)] = data
        _HEAD.pack_into(self._memory, 0, begun, used + 8 + len(data))

    @property
    def begun(self) -> int:
        begun: int = _HEAD.unpack_from(self._memory)[0]
        return begun

    def outcomes(self) -> list[Outcome]:
        """Those that are whole."""
        return [one for one in self._read() if isinstance(one, Outcome)]

    def found(self) -> list[Found]:
        """The failures that were made small."""
        return [one for one in self._read() if isinstance(one, Found)]

    def _read(self) -> Iterator[Outcome | Found]:
        """All up to the first that is not whole: a collector in the child can write here, too."""
        _, used = _HEAD.unpack_from(self._memory)
        at, end = _HEAD.size, min(_HEAD.size + used, _ROOM)
        while at + 8 <= end:
            length = int.from_bytes(self._memory[at : at + 8], "big")
            try:
                yield read(self._memory[at + 8 : at + 8 + length])
            except ValueError:
                return
            at += 8 + length

    def close(self) -> None:
        self._memory.close()


def batch_job(batch: Batch, journal: Journal) -> Job[int]:
    """The work of a batch; its outcomes go into the journal, and its result is how many there are.
    """
    return Job(batch.name, _work(batch, journal), batch.world, cage=cage_for(batch.collector))


def _work(batch: Batch, journal: Journal) -> Callable[[FakeWorld | RealWorld], int]:
    def work(place: FakeWorld | RealWorld) -> int:
        subject = resolve(batch.collector)
        failed = []
        with uncollected():
            for seed in range(batch.begin, batch.end):
                journal.begin()
                outcome = outcome_of(batch, seed, subject, place)
                journal.add(outcome)
                if outcome.failures:
                    failed.append(outcome)
                if seed % _UNCOLLECTED == 0 or gc.get_count()[0] > _MOST_GARBAGE:
                    gc.collect(0)
        if batch.known is not None:
            journal.begin()
            for found in _shrunk(batch, failed, subject, place):
                journal.add(found)
        return batch.end - batch.begin

    return work


def _shrunk(batch: Batch, outcomes: list[Outcome], subject: Subject, place: FakeWorld | RealWorld) -> Iterator[Found]:
    """The first failure of each new signature, made small where it happened."""
    fresh: dict[str, Outcome] = {}
    for outcome in outcomes:
        if outcome.failures and outcome.leading not in (batch.known or ()):
            fresh.setdefault(outcome.leading, outcome)
    witness = None if batch.collector == REFERENCE_SPEC else resolve(REFERENCE_SPEC)
    for signature, outcome in list(fresh.items())[:_MOST_SHRUNK]:
        data = scenario_data(outcome.seed)
        small = Shrinker(subject, place, outcome.seed, signature, witness).shrink(data)
        if small is not None:
            asked = Asked(small.data, small.seed, batch.collector, REFERENCE_SPEC, small.data["clauses"])
            cause = cause_of(asked, place)
            found = found_of(small, signature, outcome.seed, place.name, batch.collector, data)
            yield replace(found, cause=tuple(cause.lines()) if cause else ())


def is_checked(seed: int, share: float) -> bool:
    """Whether a seed is of the sample that runs twice."""
    return Draw(seed, "sweep", "checked").chance(share)


def outcome_of(batch: Batch, seed: int, subject: Subject, place: FakeWorld | RealWorld) -> Outcome:
    """Make the scenario of a seed, run it and judge it."""
    begin = real_monotonic()
    data = scenario_data(seed)
    scenario = checked_scenario(data, seed)
    made = real_monotonic()
    judged = judged_run(scenario, seed, subject, place, applicable(scenario, batch.clause))
    outcome = Outcome(
        seed,
        batch.world,
        data_hash(data),
        judged.verdict,
        judged.failures,
        judged.judged,
        judged.fates,
        detail=judged.detail,
    )
    if judged.history is not None:
        outcome.probes = reached(judged.history)
        if judged.failures or is_checked(seed, batch.checked):
            outcome.history_sha256 = judged.history.sha256()
        if judged.failures:
            outcome.history = compressed(judged.history)
    outcome.seconds = (made - begin, real_monotonic() - made)
    return outcome


def compressed(history: History) -> bytes:
    return zlib.compress("\n".join(history.lines()).encode("ascii"), 6)
