"""Independent mutation of the collector:
does the conformance run alone, without any unit test, see what mutmut breaks?

    python -m tests.mutation.campaign [--count N] [--seed N] [--jobs N]

A seeded sample of mutants is put through the scenarios that execute the changed line: the cheapest
first, until one fails; then those of the real world, then what is exhausted. A mutant counts as
killed where a clause fails or is skipped (the reference skips none), where it hangs, dies or cannot
be loaded; never where the kit itself breaks, or has nothing to judge. Results are kept after each
mutant (``results.json``), so that a campaign that was interrupted goes on; docs/mutation.md is made
of them and of ``survivors.toml`` (``python -m tests.mutation.page``).
"""

from __future__ import annotations

import argparse
import datetime
import json
import mmap
import os
import platform
import resource
import signal
import sys
import time
import tomllib
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from etp_kit.simulator.base.errors import BadInput
from etp_kit.simulator.runner.job import Died, Job
from etp_kit.simulator.runner.spec import RunSpec
from etp_kit.simulator.runner.worker import results_of
from etp_kit.simulator.scenario.library import load_scenario
from etp_kit.simulator.scenario.model import Scenario
from etp_kit.simulator.shipped import Mutant, mutants, shipped_scenarios
from etp_kit.simulator.subjects.package import Package
from etp_kit.simulator.subjects.specs import REFERENCE, resolve
from etp_kit.simulator.suite.exhaustion import examine_fully
from etp_kit.simulator.world.world import FakeWorld, RealWorld
from tests.mutation.lines import SEED, Executed, Item, executed, exhausted
from tests.mutation.made import Made, population, sample
from tests.mutation.page import SURVIVORS

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results.json"

#: A mutant may take so many times the processor of the unchanged collector,
#: and so many seconds more; then it hangs.
_FACTOR, _MORE = 20, 10
#: Real seconds that one scenario may block without using the processor.
_BLOCKED = 300
#: Seconds of processor below which a scenario is cheap.
_CHEAP = 0.7
#: Of memory, for mutants that collect for ever.
_MOST_MEMORY = 6 << 30


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a mutant in some of its scenarios.
    ``by``: the item that killed it; ``trouble``: where the kit had nothing to say.
    """

    by: str = ""
    clause: str = ""
    trouble: tuple[str, ...] = ()


# --- in the worker --------------------------------------------------------------------------------------------------------


def _work(
    spec: str, plan: Sequence[tuple[Item, float]], library: dict[str, Scenario], begun: mmap.mmap
) -> Callable[[FakeWorld | RealWorld], Outcome]:
    def work(place: FakeWorld | RealWorld) -> Outcome:
        resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        try:
            resolve(spec).load()
        except Exception as error:
            return Outcome("loading", type(error).__name__)
        trouble: list[str] = []
        for number, (item, seconds) in enumerate(plan):
            begun[:4] = number.to_bytes(4, "little")
            signal.setitimer(signal.ITIMER_PROF, _MORE + _FACTOR * seconds)  # the end of a process that never returns
            signal.setitimer(signal.ITIMER_REAL, _BLOCKED + _FACTOR * seconds)
            found = _verdict(spec, item, library[item.scenario], place)
            if isinstance(found, Outcome):
                return found
            trouble += found
        return Outcome(trouble=tuple(trouble))

    return work


def _verdict(spec: str, item: Item, scenario: Scenario, place: FakeWorld | RealWorld) -> Outcome | list[str]:
    """The kill, or what the kit could not judge."""
    try:
        verdict = examine_fully(RunSpec(scenario, SEED, spec, place.name), place, item.kinds)
    except BadInput as error:
        return Outcome(item.name, f"not used: {error}"[:60])
    except Exception as error:
        return [f"{item.name}: {type(error).__name__}: {error}"[:300]]
    failed = [clause.slug for clause in verdict.clauses if clause.verdict == "fail"]
    if failed:
        return Outcome(item.name, failed[0])
    skipped = [clause.slug for clause in verdict.clauses if clause.verdict == "skip"]
    if skipped:
        return Outcome(item.name, f"{skipped[0]} skipped")
    return [f"{item.name}: {c.slug}: {c.reason}" for c in verdict.clauses if c.verdict == "error"]


# --- in the parent --------------------------------------------------------------------------------------------------------


class Campaign:
    """A sample on its way through the scenarios."""

    def __init__(
        self,
        library: dict[str, Scenario],
        costs: dict[Item, Executed],
        jobs: int,
        *,
        quick: bool = False,
        reasoned: Collection[str] = (),
    ) -> None:
        """``reasoned``: mutants of which a reason says that no clause tells them from the original.
        What the first stage leaves of them goes no further: it would take most of the time.
        """
        self._reasoned = reasoned
        self._library = library
        self._costs = costs
        self._jobs = jobs
        self._quick = quick

    def outcomes(self, made: Sequence[Made], told: dict[str, dict[str, Any]]) -> Iterator[tuple[Made, dict[str, Any]]]:
        """(mutant, its row) as they end; those told already are left out."""
        waiting = [mutant for mutant in made if mutant.id not in told]
        trouble: dict[str, tuple[str, ...]] = {}
        reasoned: list[Made] = []
        for stage in self._stages():
            survivors = []
            for mutant, outcome in self._stage(waiting, stage):
                trouble[mutant.id] = trouble.get(mutant.id, ()) + outcome.trouble
                if outcome.by:
                    yield mutant, _row(mutant, "killed", outcome.by, outcome.clause)
                else:
                    survivors.append(mutant)
            reasoned += [mutant for mutant in survivors if mutant.id in self._reasoned]
            waiting = [mutant for mutant in survivors if mutant.id not in self._reasoned]
        for mutant in [*waiting, *reasoned]:
            reached = any(cost.lines and cost.meets(mutant.file, mutant.first, mutant.last) for cost in self._costs.values())
            yield mutant, _row(mutant, "survived" if reached else "not reached", trouble="; ".join(trouble[mutant.id][:3]))

    def _stages(self) -> list[Callable[[Item], bool]]:
        stages: list[Callable[[Item], bool]] = [
            lambda item: not item.kinds and item.world == "fake",
            lambda item: not item.kinds and item.world == "real",
            lambda item: bool(item.kinds) and item.world == "fake",
            lambda item: bool(item.kinds) and item.world == "real",
        ]
        return [lambda item: stages[0](item) and self._costs[item].seconds < _CHEAP] if self._quick else stages

    def _stage(
        self, made: Sequence[Made], wanted: Callable[[Item], bool]
    ) -> Iterator[tuple[Made, Outcome]]:
        chosen = {item: cost for item, cost in self._costs.items() if wanted(item)}
        jobs: dict[str, tuple[Made, list[tuple[Item, float]], mmap.mmap]] = {}
        for mutant in made:
            plan = _ordered(mutant, chosen)
            if plan:
                jobs[mutant.id] = (mutant, plan, mmap.mmap(-1, 4))
            else:
                yield mutant, Outcome()
        for job, outcome, _ in results_of((self._job(*entry) for entry in jobs.values()), self._jobs):
            mutant, plan, begun = jobs[job.name]
            yield mutant, _outcome(outcome, plan, begun)

    def _job(self, mutant: Made, plan: list[tuple[Item, float]], begun: mmap.mmap) -> Job[Outcome]:
        """One mutant in all scenarios of a stage;
        a death of its process says by ``begun`` in which.
        """
        original = (REFERENCE / mutant.file).read_text(encoding="utf-8")
        mutants()[mutant.id] = Mutant(name=mutant.id, clause="run.errors", about="made by mutmut", file=mutant.file, old=original, new=mutant.text)
        work = _work(f"mutant:{mutant.id}", plan, self._library, begun)
        return Job(mutant.id, work, plan[0][0].world, 86_400, form=Outcome)


def _ordered(mutant: Made, costs: dict[Item, Executed]) -> list[tuple[Item, float]]:
    """What executes the changed line, the cheapest first."""
    met = [(item, cost.seconds) for item, cost in costs.items() if cost.meets(mutant.file, mutant.first, mutant.last)]
    return sorted(met, key=lambda entry: (entry[1], entry[0].name))


def _outcome(outcome: Outcome | Died | Exception, plan: list[tuple[Item, float]], begun: mmap.mmap) -> Outcome:
    name = plan[int.from_bytes(begun[:4], "little")][0].name
    if isinstance(outcome, Died):
        hung = "SIGPROF" in outcome.detail or "SIGALRM" in outcome.detail
        return Outcome(name, "hang" if hung else "crash")
    if isinstance(outcome, Outcome):
        return outcome
    return Outcome(trouble=(f"{name}: {str(outcome).strip().splitlines()[-1]}",))


def _row(mutant: Made, outcome: str, by: str = "", clause: str = "", trouble: str = "") -> dict[str, Any]:
    row = {"id": mutant.id, "file": mutant.file, "line": mutant.first, "taken": mutant.taken, "given": mutant.given, "outcome": outcome}
    return row | {name: value for name, value in (("by", by), ("clause", clause), ("trouble", trouble)) if value}


# --- the command ----------------------------------------------------------------------------------------------------------


def _costs(library: dict[str, Scenario], jobs: int, kept: Path) -> dict[Item, Executed]:
    """What every scenario executes; kept beside the results of a campaign that is not over."""
    if kept.is_file():
        told = json.loads(kept.read_text(encoding="utf-8"))
        once = {Item(e["scenario"], e["world"]): Executed(e["seconds"], {f: frozenset(n) for f, n in e["lines"].items()}) for e in told}
        return once | exhausted(library)
    found: dict[Item, Executed] = {}
    for item, cost in executed(library, jobs):
        found[item] = cost
        _say(f"lines of {item.name}: {cost.seconds:.1f} s")
    rows = [
        {"scenario": i.scenario, "world": i.world, "seconds": c.seconds, "lines": {f: sorted(n) for f, n in (c.lines or {}).items()}}
        for i, c in found.items()
    ]
    _write(kept, rows)
    return found | exhausted(library)


def _reasoned() -> set[str]:
    """Survivors of an earlier campaign that no clause tells from the original, as survivors.toml
    says.
    """
    said = tomllib.loads(SURVIVORS.read_text(encoding="utf-8"))
    return {name for name, entry in said.items() if entry["kind"] in {"equivalent", "outside"}}


def _write(path: Path, value: Any) -> None:
    """All of it or nothing."""
    aside = path.with_suffix(".new")
    aside.write_text(json.dumps(value, indent=1, ensure_ascii=True) + "\n", encoding="utf-8")
    os.replace(aside, path)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="tests.mutation.campaign", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--count", type=int, default=300, help="mutants in the sample (default: 300)")
    parser.add_argument("--seed", type=int, default=5, help="of the sample (default: 5)")
    parser.add_argument("--jobs", type=int, default=2, help="mutants at a time (default: 2)")
    parser.add_argument("--results", type=Path, default=RESULTS, help="where they are kept (default: beside this program)")
    parser.add_argument("--again", choices=["survivors", "all"], help="forget the rows of these first")
    parser.add_argument("--quick", action="store_true", help="cheap scenarios of the fake world alone, to see while you mend")
    parser.add_argument("--list", action="store_true", help="print the sample, and run nothing")
    given = parser.parse_args(arguments)
    made = sample(REFERENCE, given.count, given.seed)
    if given.list:
        for mutant in made:
            print(f"{mutant.id} {mutant.file}:{mutant.first}\n- {mutant.taken}\n+ {mutant.given}")
        return 0
    begin = time.monotonic()
    library = {name: load_scenario(name) for name in shipped_scenarios()}
    if given.quick:
        library = {name: scenario for name, scenario in library.items() if scenario.worlds[0] == "fake"}
    told = _told(given, made)
    before = json.loads(given.results.read_text(encoding="utf-8"))["minutes"] if told else 0
    unfinished = given.results.with_suffix(".lines")
    if given.again and unfinished.is_file():
        unfinished.unlink()
    Package(REFERENCE)  # compiled here, once for all workers
    campaign = Campaign(library, _costs(library, given.jobs, unfinished), given.jobs, quick=given.quick, reasoned=_reasoned())
    for number, (mutant, row) in enumerate(campaign.outcomes(made, told), 1):
        told[mutant.id] = row
        _say(f"{number}: {mutant.file}:{mutant.first} {mutant.id} {row['outcome']} {row.get('by', '')} {row.get('clause', '')}")
        _keep(given, made, told, before + (time.monotonic() - begin) / 60)
    unfinished.unlink()
    return 0


def _told(given: argparse.Namespace, made: Sequence[Made]) -> dict[str, dict[str, Any]]:
    """Rows of an earlier campaign that still hold: of mutants that are in this sample."""
    if not given.results.is_file() or given.again == "all":
        return {}
    wanted = {mutant.id for mutant in made}
    rows = json.loads(given.results.read_text(encoding="utf-8"))["mutants"]
    return {row["id"]: row for row in rows if row["id"] in wanted and not (given.again and row["outcome"] != "killed")}


def _keep(given: argparse.Namespace, made: Sequence[Made], told: dict[str, dict[str, Any]], minutes: float) -> None:
    head = {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "tool": f"mutmut {version('mutmut')}",
        "python": platform.python_version(),
        "seed": given.seed,
        "population": len(population(REFERENCE)),
        "jobs": given.jobs,
        "minutes": round(minutes, 1),
    }
    _write(given.results, {**head, "mutants": [told[mutant.id] for mutant in made if mutant.id in told]})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
