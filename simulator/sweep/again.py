"""The same seeds again, in another process with another hash seed: the same bytes, or the first
record that differs.

Rules: forked workers share their parent's hash seed, and so would agree on an order that depends on
it. So this is a program of its own: JSON on standard input, one JSON text a line on standard
output.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from ..base import KitBroke
from ..cage import ask_for_cage, asked_cage
from ..core import COLLECTOR
from ..runner import Died, Job, cage_for, result_of
from ..subjects import ask_for, asked_hooks, resolve
from ..world import FakeWorld, RealWorld
from .generate import random_scenario
from .judged import history_of

#: A run: its seed, the hash of its history, and the lines of that where they are asked for.
_Told = tuple[int, str, list[str]]
#: The hash seed of the other process; that of this one is random, or another.
_HASH_SEED = "20250117"


@dataclass(frozen=True, slots=True)
class Departure:
    """Where two runs of one seed part: the first record that differs, as each has it."""

    seed: int
    world: str
    record: int
    actor: str
    here: str
    there: str
    #: Whether calls of a program came in the machine's order, in either run.
    hurried: bool = False


def departures(collector: str, sampled: Sequence[tuple[int, str, str]], workers: int = 1) -> list[Departure]:
    """Of (seed, world, hash): those whose second run gives other bytes, each with the record where
    it parts. ``workers``: how many processes run them.
    """
    found = []
    for world in sorted({world for _, world, _ in sampled}):
        hashes = {seed: known for seed, its_world, known in sampled if its_world == world}
        there = _shared_out(collector, world, sorted(hashes), workers)
        differing = [seed for seed, known in hashes.items() if there[seed][0] != known]
        if differing:
            lines = _elsewhere(collector, world, differing, lines=True)
            here = dict(_here(collector, world, differing))
            found += [_parting(seed, world, here[seed], lines[seed][1]) for seed in differing]
    return found


def _shared_out(collector: str, world: str, seeds: Sequence[int], workers: int) -> dict[int, tuple[str, list[str]]]:
    """The second runs of all seeds, each process with its share."""
    shares = [share for place in range(workers) if (share := seeds[place::workers])]
    with ThreadPoolExecutor(workers) as pool:
        told = pool.map(lambda share: _elsewhere(collector, world, share, lines=False), shares)
        return {seed: one for share in told for seed, one in share.items()}


def _elsewhere(collector: str, world: str, seeds: Sequence[int], *, lines: bool) -> dict[int, tuple[str, list[str]]]:
    chosen = {"hooks": asked_hooks(), "cage": asked_cage()}
    asked = json.dumps({"collector": collector, "world": world, "seeds": list(seeds), "lines": lines, **chosen})
    environment = {**os.environ, "PYTHONHASHSEED": _HASH_SEED}
    program = [sys.executable, "-m", __name__]
    ended = subprocess.run(  # noqa: S603 - ourselves
        program, input=asked, capture_output=True, text=True, env=environment, check=False
    )
    if ended.returncode:
        raise KitBroke(f"the second run of {len(seeds)} seeds failed: {ended.stderr.strip().splitlines()[-1:]}")
    told = [json.loads(line) for line in ended.stdout.splitlines()]
    return {one["seed"]: (one["sha256"], one["lines"]) for one in told}


def _here(collector: str, world: str, seeds: Sequence[int]) -> list[tuple[int, list[str]]]:
    return [(seed, lines) for seed, _, lines in _again(collector, world, seeds, lines=True)]


def _again(collector: str, world: str, seeds: Sequence[int], *, lines: bool) -> list[_Told]:
    """In a worker; where that dies, seed by seed. A run that ends only the second time is no run
    of the same bytes, and no fault of the kit's.
    """

    def work(place: FakeWorld | RealWorld) -> list[_Told]:
        return _runs(collector, seeds, place, lines=lines)

    try:
        return result_of(Job("again", work, world, form=list[_Told], cage=cage_for(collector)))[0]
    except Died as death:
        if len(seeds) > 1:
            return [one for seed in seeds for one in _again(collector, world, [seed], lines=lines)]
        told = json.dumps({"actor": COLLECTOR, "op": "died", "result": death.detail})
        return [(seed, "", [told]) for seed in seeds]


def _runs(collector: str, seeds: Iterable[int], place: FakeWorld | RealWorld, *, lines: bool) -> list[_Told]:
    subject = resolve(collector)
    found = []
    for seed in seeds:
        history = history_of(random_scenario(seed), seed, subject, place)
        found.append((seed, history.sha256() if history else "", list(history.lines()) if history and lines else []))
    return found


def _parting(seed: int, world: str, here: Sequence[str], there: Sequence[str]) -> Departure:
    place = next((i for i, (a, b) in enumerate(zip(here, there, strict=False)) if a != b), min(len(here), len(there)))
    ours, theirs = ("".join(lines[place : place + 1]) for lines in (here, there))
    known = ours or theirs
    hurried = any(_is_hurried(line) for line in (*here, *there))
    return Departure(seed, world, place, json.loads(known)["actor"] if known else "", ours, theirs, hurried)


def _is_hurried(line: str) -> bool:
    """Whether a record tells the end of a pass whose calls came in the machine's order."""
    if '"pass-end"' not in line:
        return False
    record = json.loads(line)
    return record["op"] == "pass-end" and "hurried" in record["result"]


def _answer() -> None:
    asked = json.load(sys.stdin)
    ask_for(asked["hooks"])
    ask_for_cage(asked["cage"])
    for seed, known, lines in _again(asked["collector"], asked["world"], asked["seeds"], lines=asked["lines"]):
        print(json.dumps({"seed": seed, "sha256": known, "lines": lines}))


if __name__ == "__main__":
    _answer()
