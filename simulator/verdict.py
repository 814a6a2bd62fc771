"""From a run to verdicts: clause by clause, then for the scenario.

Rules: a clause that a scenario names must be judged, or the kit is broken (verdict ``error``): nothing passes because nothing was seen.
Universal clauses are judged wherever there is something to see. A run that hangs or dies fails, and says so by its kind.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from simulator import costs, growth, liveness, timezones
from simulator.contract import CAPABILITIES, CLAUSES, LIMITS, Clause
from simulator.contract.judges import JUDGES, UNIVERSAL, Case
from simulator.contract.judges.isolate import victims
from simulator.costs import Cost, Held
from simulator.errors import BadInput, Refused
from simulator.garbage import uncollected
from simulator.history import History
from simulator.ledger import Ledger
from simulator.protocol.program import Broken
from simulator.protocol.run import ProgramRun, unreachable
from simulator.run import Run
from simulator.scenario import Scenario
from simulator.schedule import OneStep
from simulator.serve import ServiceRun
from simulator.subjects import Subject, resolve
from simulator.subjects.program import ProgramSubject
from simulator.subjects.subject import lacking_settings, offers
from simulator.variant import Variant
from simulator.world.clock import NANOSECOND
from simulator.world.world import FakeWorld, RealWorld


@dataclass(frozen=True, slots=True)
class ClauseVerdict:
    """One clause in one scenario: pass, fail, skip or error."""

    slug: str
    level: str
    verdict: str
    reason: str = ""
    kind: str = ""


@dataclass(slots=True)
class ScenarioVerdict:
    """All that reports tell of one run; ``lines`` is its history, one JSON text a record."""

    id: str
    seed: int
    world: str
    verdict: str
    kind: str = ""
    clauses: list[ClauseVerdict] = field(default_factory=list)
    fates: dict[str, int] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)
    extensions: dict[str, dict[str, Any]] = field(default_factory=dict)
    invented: int = 0
    victims: dict[str, int] = field(default_factory=dict)
    virtual_seconds: float = 0.0
    wall_seconds: float = 0.0
    history_sha256: str = ""
    reproduce: str = ""
    detail: str = ""
    lines: list[str] = field(default_factory=list)
    #: The contract's limits that the collector declares for itself: it was judged by these.
    declared: dict[str, int] = field(default_factory=dict)
    #: kind -> {tried, failed} of an exhaustive run, and before what an interleaved step fell (label -> how often).
    variants: dict[str, dict[str, int]] = field(default_factory=dict)
    met: dict[str, int] = field(default_factory=dict)


def examine(
    scenario: Scenario,
    seed: int,
    collector: str,
    world: FakeWorld | RealWorld,
    *,
    keep_lines: bool = False,
    variant: Variant | None = None,
    keep_world: bool = False,
) -> ScenarioVerdict:
    """Run a scenario, once more without its attackers where it has some, once more until its faults are healed, and judge it. For a worker process.

    A variant is compared with neither: it strikes another place there. ``keep_world``: leave the world as the judged run left it.
    """
    try:
        with uncollected():
            return _examined(scenario, seed, resolve(collector), world, keep_lines, variant, keep_world)
    except Broken as broken:
        return died(scenario, seed, world.name, broken.kind, broken.detail, 0.0)


def _must_have_struck(judged: Run, variant: Variant | None) -> None:
    """Raise BadInput for a variant of a place that the run does not have: a line that showed a failure once must not pass because it shows nothing."""
    if variant is None:
        return
    met = judged.schedule.met if isinstance(judged.schedule, OneStep) else any(r.op in {"crash", "fault"} for r in judged.history)
    if not met:
        calls = sum(record.op in {"call", "deliver", "flush"} for record in judged.history)
        raise BadInput(f"nothing is struck there: the run has {calls} calls, deliveries and flushes", where=f"--variant {variant}")


def run_type(scenario: Scenario, subject: Subject) -> type[Run]:
    """What runs it: one pass after the other, a service's thread, or a program."""
    return ProgramRun if isinstance(subject, ProgramSubject) else ServiceRun if scenario.service else Run


def _examined(
    scenario: Scenario, seed: int, subject: Subject, world: FakeWorld | RealWorld, keep_lines: bool, variant: Variant | None, keep_world: bool
) -> ScenarioVerdict:
    lacking = lacking_settings(subject.capabilities, scenario.collector)
    if scenario.service and not offers(subject.capabilities, "service"):
        lacking.append("service")
    if lacking:
        return _skipped(scenario, seed, world.name, f"the collector offers no {', '.join(lacking)}")
    if not timezones.is_known(scenario.timezone):
        return _skipped(scenario, seed, world.name, f"this machine has no data of the time zone {scenario.timezone}")
    runner = run_type(scenario, subject)
    if runner is ProgramRun and (lacking := unreachable(scenario, subject.capabilities)):
        return _skipped(scenario, seed, world.name, f"a program has no {', '.join(lacking)}")
    passes = ProgramRun if runner is ProgramRun else Run
    judged = runner(scenario, seed, subject, world, variant=variant)
    try:
        history = judged.execute()
        _must_have_struck(judged, variant)
    except Refused as refusal:
        return refused(scenario, seed, world.name, str(refusal))
    ledger = Ledger(history)
    without = None
    roles = {actor.role for actor in scenario.actor}
    if roles == {"attacker", "bystander"} and variant is None:
        without = Ledger(passes(scenario, seed, subject, world, without_attackers=True).execute())
    case = Case(history, ledger, without, _costs(scenario, seed, subject, world, judged), _held(scenario, seed, subject, world, judged))
    clauses = _told_apart(judge(scenario, case), scenario, seed, subject, world)
    if variant is None and liveness.has_trouble(scenario):
        waiting = liveness.waiting_for_ever(scenario, seed, subject, world, passes)
        judged_here = {slug: why for slug, why in waiting.items() if not _lacking(CLAUSES[slug].requires, ledger.run)}
        clauses = with_failures(clauses, judged_here)
    if keep_world:
        passes(scenario, seed, subject, world).execute()  # the runs made for comparison left theirs
    return ScenarioVerdict(
        id=scenario.id,
        seed=seed,
        world=world.name,
        verdict=overall(clauses),
        clauses=clauses,
        fates=ledger.fates(),
        reasons=ledger.reasons(),
        extensions=_extensions(ledger, history),
        invented=len(ledger.invented),
        victims=victims(case),
        virtual_seconds=history.records[-1].t / NANOSECOND,
        history_sha256=history.sha256(),
        lines=list(history.lines()) if keep_lines else [],
        declared={name: value for name, value in ledger.run["capabilities"].items() if name in LIMITS and type(value) is int},
    )


def _costs(scenario: Scenario, seed: int, subject: Subject, world: FakeWorld | RealWorld, judged: Run) -> tuple[Cost, ...]:
    """What each pass costs, of a scenario that is about that: in a run of its own, but of a program, which the history costs nothing."""
    if not costs.CLAUSES.intersection(scenario.clauses):
        return ()
    if isinstance(judged, ProgramRun):
        return tuple(judged.costs)
    runner = Run(scenario, seed, subject, world, weighed=True)
    runner.execute()
    return tuple(runner.costs)


def _held(scenario: Scenario, seed: int, subject: Subject, world: FakeWorld | RealWorld, judged: Run) -> Held | None:
    """What its passes leave behind, of a scenario that is about that: in a run of its own."""
    if growth.CLAUSE not in scenario.clauses or isinstance(judged, ProgramRun):
        return None
    return growth.GrowthRun(scenario, seed, subject, world).held()


def _extensions(ledger: Ledger, history: History) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    files: dict[str, int] = {}
    size: dict[str, int] = {}
    for record in history:
        if record.op == "step" and record.result["act"] in {"write", "append"} and "errno" not in record.result:
            files[record.actor] = files.get(record.actor, 0) + (record.result["act"] == "write")
            size[record.actor] = size.get(record.actor, 0) + record.result.get("bytes", 0)
    events = ledger.by_extension()
    for actor in ledger.run["actors"]:
        handler = actor["handler"]
        entry = found.setdefault(
            handler, {"role": actor["role"], "producer": actor["producer"], "files": 0, "bytes": 0}
        )
        if actor["producer"] not in entry["producer"].split(", "):
            entry["producer"] += f", {actor['producer']}"  # several writers in one directory
        entry["files"] += files.get(actor["name"], 0)
        entry["bytes"] += size.get(actor["name"], 0)
        entry["written"] = len(events.get(handler, ()))
        entry["fates"] = ledger.fates(handler)
    return found


def with_failures(clauses: Sequence[ClauseVerdict], found: Mapping[str, str]) -> list[ClauseVerdict]:
    """The verdicts with these clauses failed as well (clause -> reason), in the contract's order."""
    by_slug = {clause.slug: clause for clause in clauses}
    for slug, reason in found.items():
        known = by_slug.get(slug)
        told = f"{known.reason}; {reason}" if known is not None and known.verdict == "fail" else reason
        by_slug[slug] = ClauseVerdict(slug, CLAUSES[slug].level, "fail", told)
    return [by_slug[slug] for slug in CLAUSES if slug in by_slug]


_NOTHING = "the scenario names it and shows nothing to judge"
#: The kind of a clause that was to be judged, and of which the run showed nothing.
UNSEEN = "unseen"


def judge(scenario: Scenario, case: Case) -> list[ClauseVerdict]:
    """The verdicts of the clauses that the scenario names, and of the universal ones, in the contract's order."""
    named = set(scenario.clauses)
    verdicts = []
    unkept = {record.result["name"]: record.result["problem"] for record in case.history if record.op == "capability"}
    for slug, clause in CLAUSES.items():
        if slug not in named and slug not in UNIVERSAL:
            continue
        judge_of = JUDGES.get(slug)
        lacking = _lacking(clause.requires, case.ledger.run)
        if lacking:
            if slug in named:
                verdicts.append(ClauseVerdict(slug, clause.level, "skip", lacking))
            continue
        promised = dict.fromkeys((*clause.requires, *clause.partly_requires))
        broken_promises = [f"the collector declares {name}, and {unkept[name]}" for name in promised if name in unkept]
        if broken_promises:
            verdicts.append(ClauseVerdict(slug, clause.level, "fail", "; ".join(broken_promises)))
            continue
        if judge_of is None:
            verdicts.append(ClauseVerdict(slug, clause.level, "error", "no judge knows this clause"))
            continue
        problems = judge_of(case)
        if problems:
            verdicts.append(ClauseVerdict(slug, clause.level, "fail", "; ".join(problems)))
        elif problems is not None:
            partly = _lacking(clause.partly_requires, case.ledger.run)
            verdicts.append(ClauseVerdict(slug, clause.level, "pass", partly and f"in part: {partly}"))
        elif slug in named:
            verdicts.append(_unseen(slug, clause, case.ledger.run))
    if case.is_idle:
        verdicts = [_inconclusive(verdict) if verdict.verdict == "pass" else verdict for verdict in verdicts]
    if any(verdict.verdict == "fail" for verdict in verdicts):
        # What hid the clause is the collector's failure, not the kit's; nor what the world lacks.
        return [_inconclusive(verdict) if verdict.reason == _NOTHING or verdict.kind == UNSEEN else verdict for verdict in verdicts]
    return verdicts


def _lacking(names: Sequence[str], run: Mapping[str, Any]) -> str:
    """Which of these capabilities neither the collector declares nor the world of the run offers, in a sentence; "" for none."""
    undeclared = [name for name in names if CAPABILITIES[name].of == "collector" and not offers(run["capabilities"], name)]
    if undeclared:
        return f"the collector declares no {', '.join(undeclared)}"
    missing = [name for name in names if name in run.get("lacking", ())]
    return f"a program's world offers no {', '.join(missing)}" if missing else ""


def _unseen(slug: str, clause: Clause, run: Mapping[str, Any]) -> ClauseVerdict:
    """A clause that the scenario names and of which the run showed nothing: the kit's fault, unless something it takes was lacking."""
    why = _lacking(clause.partly_requires, run) or _lacking(run.get("lacking", ()), run)
    if why:
        return ClauseVerdict(slug, clause.level, "skip", f"nothing was seen of it: {why}", UNSEEN)
    return ClauseVerdict(slug, clause.level, "error", _NOTHING)


def _told_apart(
    clauses: list[ClauseVerdict], scenario: Scenario, seed: int, subject: Subject, world: FakeWorld | RealWorld
) -> list[ClauseVerdict]:
    """The verdicts, of which those that would blame the kit were put to the reference: where that shows the clause, the scenario does its part.

    A collector that was given a limit which it takes, and shows nothing of the clauses of its family, does not keep it. Otherwise nothing is proved.
    """
    unseen = {clause.slug for clause in clauses if clause.verdict == "error" and clause.reason == _NOTHING}
    if not unseen or subject.spec == "reference":
        return clauses
    shown = {clause.slug for clause in _examined(scenario, seed, resolve("reference"), world, False, None, False).clauses if clause.verdict == "pass"}
    return [_unshown(clause, scenario.collector) if clause.slug in unseen & shown else clause for clause in clauses]


def _unshown(clause: ClauseVerdict, settings: Mapping[str, Any]) -> ClauseVerdict:
    families = {name: limit.clause.partition(".")[0] for name, limit in LIMITS.items()}
    asked = ", ".join(f"{name}={value!r}" for name, value in settings.items() if families.get(name) == clause.slug.partition(".")[0])
    if asked:
        return replace(clause, verdict="fail", kind=UNSEEN, reason=f"the collector takes {asked} and shows nothing of it, where the reference does")
    return replace(clause, verdict="skip", kind=UNSEEN, reason="nothing was seen of it, where the reference shows it")


def _inconclusive(verdict: ClauseVerdict) -> ClauseVerdict:
    return replace(verdict, verdict="skip", kind="inconclusive", reason="nothing was seen of it, as other clauses failed")


def overall(clauses: list[ClauseVerdict]) -> str:
    """fail before error before pass; nothing judged is an error. A skip where all was skipped, or where a clause that was to be judged showed nothing:
    that others hold is no pass of that one."""
    verdicts = {clause.verdict for clause in clauses}
    if "fail" in verdicts:
        return "fail"
    if verdicts == {"skip"}:
        return "skip"
    if "error" in verdicts or "pass" not in verdicts:
        return "error"
    return "skip" if any(clause.kind == UNSEEN for clause in clauses) else "pass"


def _skipped(scenario: Scenario, seed: int, world: str, reason: str) -> ScenarioVerdict:
    clauses = [ClauseVerdict(slug, CLAUSES[slug].level, "skip", reason) for slug in scenario.clauses]
    return ScenarioVerdict(scenario.id, seed, world, "skip", clauses=clauses, detail=reason)


def refused(scenario: Scenario, seed: int, world: str, detail: str) -> ScenarioVerdict:
    """The verdict of a run that the collector did not let begin, against what it declares."""
    clauses = [ClauseVerdict(slug, CLAUSES[slug].level, "fail", detail, "refused") for slug in scenario.clauses]
    return ScenarioVerdict(scenario.id, seed, world, "fail", "refused", clauses, detail=detail)


def died(scenario: Scenario, seed: int, world: str, kind: str, detail: str, wall: float) -> ScenarioVerdict:
    """The verdict of a run that gave none: kind ``hang`` or ``crash``. Every clause it names is failed by it."""
    clauses = [ClauseVerdict(slug, CLAUSES[slug].level, "fail", detail, kind) for slug in scenario.clauses]
    return ScenarioVerdict(scenario.id, seed, world, "fail", kind, clauses, wall_seconds=wall, detail=detail)


def broken(scenario: Scenario, seed: int, world: str, detail: str, wall: float) -> ScenarioVerdict:
    """The verdict of a run in which the kit itself failed: none of its clauses was judged."""
    last = detail.strip().splitlines()[-1] if detail.strip() else "no reason was told"
    clauses = [ClauseVerdict(slug, CLAUSES[slug].level, "error", f"the kit broke: {last}") for slug in scenario.clauses]
    return ScenarioVerdict(
        scenario.id, seed, world, "error", clauses=clauses, wall_seconds=wall, detail=f"the kit broke: {last}"
    )
