"""Small scopes, exhausted: a scenario with every crash point, every errno at every call, every
place for every step.

Rules: variants are counted. A point that was to be met and was not is the kit's failure, never a
pass. Each variant is judged three times:

* Safety: nothing vanishes, nothing is altered, invented or delivered twice, nothing blocks, nobody
  is led outside.
* Blast radius: an error or a step that strikes one extension changes nothing for the others.
* Liveness: an event that still waits after the last pass, though a pass without trouble saw it, is
  stuck.

A worker does a share of a kind's variants in one go (``explore``): a run costs milliseconds, a
process tens of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import NamedTuple

from ..base import BadInput, BuildRefused, KitBroke, uncollected
from ..core import COLLECTOR, STARVED, History, handler_of
from ..judging import Case, Ledger, ScenarioVerdict, judge, overall, with_failures
from ..runner import PROGRESS, WATCHDOG, Died, Job, OneStep, Run, RunSpec, cage_for, results_of
from ..scenario import ERRNOS, Crash, Errno, Interleave, Kind, Plan, Variant, limits_of, make_plan
from ..subjects import Broken, Hooks, is_program, resolve, unheard
from ..world import FakeWorld, RealWorld
from . import liveness
from .examination import examine
from .points import counted, has_struck, places_of_passes
from .unjudged import unbroken, unrun_text

#: Calls of a base run above which exhausting is refused: errnos alone make eight runs a call.
MOST_CALLS = 1_000
#: Shares a kind is divided into: enough for progress and both cores, few enough for the base run in
#: each not to count.
SHARES = 4
#: Failures kept of each clause: the first shows it, the others help to see what they have in
#: common.
_MOST_KEPT = 5

#: Clauses that a variant can break besides the named ones: others were harmed, an event waits for
#: ever, the program died.
ISOLATION, LIVENESS, SURVIVAL = "isolate.extension", liveness.EXTENSION, "run.errors"


def possible(kinds: Sequence[Kind], collector: str, hooks: Hooks | None = None) -> tuple[Kind, ...]:
    """Those of the kinds that can be tried on a collector. Nothing can happen at the calls of a
    program that is not heard, but it can be killed.
    """
    return tuple(kind for kind in kinds if kind == "crash" or not _is_outside(collector, hooks))


def _is_outside(collector: str, hooks: Hooks | None) -> bool:
    """Whether it is seen from outside alone: what it has written then cannot be unwritten."""
    return is_program(collector) and bool(unheard(hooks))


class Failure(NamedTuple):
    """A clause broken in one variant."""

    slug: str
    variant: str
    reason: str


@dataclass(slots=True)
class VariantFindings:
    """What a share of a kind's variants showed. ``met``: of an interleaving, the label of the call
    that the step came before.
    """

    kind: str
    tried: int = 0
    failed: int = 0
    broken: Counter[str] = field(default_factory=Counter)
    kept: list[Failure] = field(default_factory=list)
    met: Counter[str] = field(default_factory=Counter)

    def add(self, variant: Variant, problems: Sequence[tuple[str, str]]) -> None:
        """Count one variant and what it broke: (clause, reason)."""
        self.tried += 1
        self.failed += bool(problems)
        for slug, reason in problems:
            self.broken[slug] += 1
            if self.broken[slug] <= _MOST_KEPT:
                self.kept.append(Failure(slug, str(variant), reason))

    def join(self, other: VariantFindings) -> None:
        self.tried += other.tried
        self.failed += other.failed
        self.broken += other.broken
        self.kept += other.kept
        self.met += other.met


class Placement(NamedTuple):
    """One step in one place: the run, the pass into which the step fell, what broke: (clause,
    reason), and which clauses held.
    """

    variant: Interleave
    history: History
    falls_in: int
    problems: list[tuple[str, str]]
    held: tuple[str, ...] = ()


class Share(NamedTuple):
    """The ``number``-th of SHARES equal parts of a kind's variants."""

    kind: Kind
    number: int


# --- in the worker --------------------------------------------------------------------------------------------------------


class Explorer:
    """Runs variants of one scenario and judges each beside the base run."""

    def __init__(self, spec: RunSpec, world: FakeWorld | RealWorld) -> None:
        self._spec = replace(spec, variant=None)
        self._subject = resolve(spec.subject, spec.hooks)
        self._world = world
        with uncollected():
            self._base_history = Run(self._spec, self._subject, world).execute()
        self._base = Ledger(self._base_history)
        self._handlers = list(dict.fromkeys(actor["handler"] for actor in self._base.run["actors"]))

    def plan(self, kinds: Sequence[Kind]) -> None:
        """Tell the watchdog how many variants of these kinds there are at most.

        Raises BadInput for a scenario that is not small.
        """
        calls, points = counted(self._base_history)
        if calls > MOST_CALLS:
            what = (
                f"a run makes {calls} calls, too many to try something at each; at most {MOST_CALLS} can be exhausted"
            )
            raise BadInput(what, where=self._spec.scenario.id)
        numbers = {
            "crash": points if _is_outside(self._spec.subject, self._spec.hooks) else 2 * points,
            "errno": len(ERRNOS) * calls,
            "interleave": self._place_count() if "interleave" in kinds else 0,
        }
        PROGRESS.plan(sum(numbers[kind] for kind in kinds))

    def _place_count(self) -> int:
        """At most so many places for all steps: what a step writes late costs no calls.

        For each step there is one run more, which finds no further place.
        """
        plan = self._plan()
        places = places_of_passes(self._base_history)
        targets = (OneStep(plan.actors, plan.pass_times, step, 1, lambda *_: None) for step in self._steps())
        return sum(1 + places[target.falls_in] for target in targets)

    def explore(self, share: Share) -> VariantFindings:
        """All variants of the share, each run and judged."""
        calls, points = counted(self._base_history)
        findings = VariantFindings(share.kind)
        if share.kind == "interleave":
            self._interleave(share, findings)
            return findings
        for variant in self._of_points(share, points) if share.kind == "crash" else _of_calls(share, calls):
            findings.add(variant, self._tried(variant))
        return findings

    def _tried(self, variant: Variant) -> list[tuple[str, str]]:
        try:
            run = self._run(variant)
        except Broken as broken:
            return [(SURVIVAL, broken.detail)]
        except BuildRefused as refusal:
            return [(SURVIVAL, f"it is not built any more: {refusal}")]
        if not has_struck(run, variant):
            raise KitBroke(f"the variant {variant} was never met, though the run has such a point")
        return self._problems(run.history, variant)

    def _of_points(self, share: Share, points: int) -> Iterator[Variant]:
        for point in range(1 + share.number, points + 1, SHARES):
            if not _is_outside(self._spec.subject, self._spec.hooks):
                yield Crash(point, after=False)
            yield Crash(point, after=True)

    def _run(self, variant: Variant) -> Run:
        run = Run(replace(self._spec, variant=variant), self._subject, self._world)
        with uncollected():
            run.execute()
        return run

    def _interleave(self, share: Share, findings: VariantFindings) -> None:
        for target in _divided(self._steps(), share):
            for placed in self.placements(*target):
                findings.met[_next_label(placed.history, placed.falls_in)] += 1
                findings.add(placed.variant, placed.problems)

    def placements(self, actor: int, step: int) -> Iterator[Placement]:
        """A step before the first call of its pass, the second, ... until the pass has no such call
        any more.
        """
        for point in count(1):
            variant = Interleave(actor, step, point)
            run = self._run(variant)
            if not has_struck(run, variant):
                return
            assert isinstance(run.schedule, OneStep)
            yield Placement(variant, run.history, run.schedule.falls_in, *self._judged(run.history, variant))

    def _steps(self) -> list[tuple[int, int]]:
        """(actor, step) of every step that the base run's writers took, whichever way it ended."""
        names = [actor["name"] for actor in self._base.run["actors"]]
        taken = Counter(record.actor for record in self._base_history if record.op == "step")
        return [(place, step) for place, name in enumerate(names) for step in range(taken[name])]

    def steps_during(self, actor: int) -> list[int]:
        """Those steps of an actor that want to fall into a pass."""
        return [place for place, step in enumerate(self._plan().actors[actor].steps) if step.during]

    def _plan(self) -> Plan:
        scenario = self._spec.scenario
        return make_plan(scenario, self._spec.seed, limits_of(self._subject.capabilities, scenario.collector))

    def _problems(self, history: History, variant: Variant) -> list[tuple[str, str]]:
        return self._judged(history, variant)[0]

    def _judged(self, history: History, variant: Variant) -> tuple[list[tuple[str, str]], tuple[str, ...]]:
        """What broke, and the clauses that held."""
        ledger = Ledger(history)
        verdicts = judge(self._spec.scenario.clauses, Case(history, ledger, None))
        problems = [(verdict.slug, verdict.reason) for verdict in verdicts if verdict.verdict == "fail"]
        held = [verdict.slug for verdict in verdicts if verdict.verdict == "pass"]
        if struck := _struck(history, variant, ledger):
            problems += [(ISOLATION, reason) for reason in self._harmed(ledger, struck)]
            held.append(ISOLATION)
        broken = {slug for slug, _ in problems}
        if LIVENESS not in broken:
            late = [event for event in ledger.events if event.overdue and event.due in {"collect", "cut"}]
            problems += [(LIVENESS, f"{event.extension}: {event.file} waits for ever") for event in late[:1]]
        broken = {slug for slug, _ in problems}
        return problems, tuple(slug for slug in held if slug not in broken)

    def _harmed(self, ledger: Ledger, struck: str) -> Iterator[str]:
        """Other extensions than the struck one, for which something is not as in the base run."""
        its_own = _names_of(struck, ledger)
        for handler in self._handlers:
            if handler not in its_own and ledger.timed_sequence(handler) != self._base.timed_sequence(handler):
                yield f"{handler}: its events differ, or come in another pass, though only {struck} was struck"


def _divided(everything: Sequence[tuple[int, int]], share: Share) -> Sequence[tuple[int, int]]:
    return everything[share.number :: SHARES]


def _of_calls(share: Share, calls: int) -> Iterator[Variant]:
    for call in range(1 + share.number, calls + 1, SHARES):
        for errno in ERRNOS:
            yield Errno(call, errno)


def _struck(history: History, variant: Variant, ledger: Ledger) -> str:
    """The one extension that the variant strikes; "" for one that strikes the process or what all
    share.
    """
    if isinstance(variant, Interleave):
        return str(ledger.run["actors"][variant.actor]["handler"])
    paths = [record.path for record in history if record.op == "fault"]
    return handler_of(paths[0]) if paths else ""


def _names_of(handler: str, ledger: Ledger) -> set[str]:
    """Every name that the extension has in its life: what strikes it under one shows under the
    next.
    """
    numbers = {actor["name"].partition(":")[0] for actor in ledger.run["actors"] if actor["handler"] == handler}
    return {
        handler,
        *(actor["handler"] for actor in ledger.run["actors"] if actor["name"].partition(":")[0] in numbers),
    }


def _next_label(history: History, number: int) -> str:
    """What the collector did next after the first step that fell into the pass."""
    inside = False
    stepped = False
    for record in history:
        if record.op == "pass-begin" and record.pass_number == number:
            inside = True
        elif inside and record.op == "step":
            stepped = True
        elif stepped and record.actor == COLLECTOR and record.op in {"call", "deliver", "flush"}:
            return str(record.result["call"]) if record.op == "call" else record.op
    return "end"


def examine_fully(
    spec: RunSpec, world: FakeWorld | RealWorld, kinds: Sequence[Kind], *, keep_lines: bool = False
) -> ScenarioVerdict:
    """A scenario examined, and its variants of these kinds as well, one after the other. For a
    worker process.
    """
    base = examine(spec, world, keep_lines=keep_lines)
    kinds = possible(kinds, spec.subject, spec.hooks)
    if not kinds or base.verdict == "skip" or base.kind:
        return base
    explorer = Explorer(spec, world)
    explorer.plan(kinds)
    found: dict[str, VariantFindings] = {}
    for kind in kinds:
        found[kind] = VariantFindings(kind)
        for number in range(SHARES):
            found[kind].join(explorer.explore(Share(kind, number)))
    return summed_up(base, found)


# --- in the parent --------------------------------------------------------------------------------------------------------


def exhaust(
    spec: RunSpec,
    base: ScenarioVerdict,
    kinds: Sequence[Kind],
    *,
    workers: int = 1,
    timeout: float = WATCHDOG,
    tick: Callable[[int, int], None] = lambda _done, _of: None,
) -> ScenarioVerdict:
    """The base verdict with every variant's added. ``tick`` is told how many shares are done, of
    how many.

    Raises BadInput, and KitBroke where a share of the work could not be done.
    """
    shares = [Share(kind, number) for kind in kinds for number in range(SHARES)]
    form, cage = VariantFindings, cage_for(spec.subject)
    jobs = [
        Job(f"{share.kind} {share.number}", _work(spec, share, kinds), spec.world, timeout, form=form, cage=cage)
        for share in shares
    ]
    found: dict[str, VariantFindings] = {kind: VariantFindings(kind) for kind in kinds}
    for done, (job, ended, _) in enumerate(results_of(jobs, workers), 1):
        outcome = unbroken(ended)
        if isinstance(outcome, Died):
            return _ended(base, job.name, outcome, sum(findings.tried for findings in found.values()))
        found[outcome.kind].join(outcome)
        tick(done, len(jobs))
    return summed_up(base, found)


def _ended(base: ScenarioVerdict, name: str, death: Died, tried: int) -> ScenarioVerdict:
    """The base verdict where a share gave no result. ``tried``: variants of the shares that did."""
    unrun = max(death.planned - death.begun - tried, 0)
    told = f"exhausting ({name}): {death.detail}{unrun_text(unrun, death.planned, whole=True)}"
    verdict = "skip" if death.kind == STARVED else "fail"
    return replace(base, verdict=verdict, kind=death.kind, detail=told, variant=death.variant, unrun=unrun)


def _work(spec: RunSpec, share: Share, kinds: Sequence[Kind]) -> Callable[[FakeWorld | RealWorld], VariantFindings]:
    def work(place: FakeWorld | RealWorld) -> VariantFindings:
        explorer = Explorer(spec, place)
        explorer.plan(kinds)
        return explorer.explore(share)

    return work


def summed_up(base: ScenarioVerdict, found: dict[str, VariantFindings]) -> ScenarioVerdict:
    """The base verdict, its clauses failed by what any variant broke."""
    broken: dict[str, list[str]] = {}
    for kind, findings in found.items():
        for slug, times in findings.broken.items():
            # Shares end in any order; the first by name is the same every time.
            first = min(f for f in findings.kept if f.slug == slug)
            told = f"{times} of {findings.tried} variants ({kind}), such as {first.variant}: {first.reason}"
            broken.setdefault(slug, []).append(told)
    ordered = with_failures(base.clauses, {slug: "; ".join(reasons) for slug, reasons in broken.items()})
    variants = {kind: {"tried": f.tried, "failed": f.failed} for kind, f in found.items()}
    met = sum((findings.met for findings in found.values()), Counter())
    return replace(base, clauses=ordered, verdict=overall(ordered), variants=variants, met=dict(sorted(met.items())))
