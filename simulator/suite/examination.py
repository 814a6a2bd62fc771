"""One scenario against one collector, examined: the runs that its judges need, and their verdict.

Rules: a scenario with attackers and bystanders runs once more without the attackers. One with
faults runs once more until it has healed. One about cost runs once more to be measured. A run that
hangs or dies fails, and its kind says so.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..base import SECOND, BadInput, BuildRefused, did_you_mean, uncollected
from ..contract import CLAUSES, LIMITS, MEASURED_CLAUSES
from ..core import Cost, Held, History
from ..judging import (
    NOTHING_SHOWN,
    UNSEEN,
    Case,
    ClauseVerdict,
    Ledger,
    ScenarioVerdict,
    find_events,
    judge,
    lacking_capabilities,
    overall,
    stories,
    story,
    victims,
    with_failures,
)
from ..runner import (
    GROWTH,
    WATCHDOG,
    Died,
    GrowthRun,
    Job,
    ProgramRun,
    Run,
    Terminal,
    hindrance,
    last_words,
    result_of,
    run_type,
)
from ..safe import safe
from ..scenario import Scenario, Variant
from ..subjects import Broken, Subject, resolve
from ..world import FakeWorld, RealWorld
from . import liveness
from .points import has_struck, points_for
from .unjudged import died, refused, skipped, verdict_of


def examine(
    scenario: Scenario,
    seed: int,
    collector: str,
    world: FakeWorld | RealWorld,
    *,
    keep_lines: bool = False,
    variant: Variant | None = None,
    keep_world: bool = False,
    event: str = "",
) -> ScenarioVerdict:
    """Run a scenario, once more without its attackers where it has some, once more until its faults
    are healed, and judge it. For a worker process.

    A variant is compared with neither: it strikes another place there. ``keep_world``: leave the
    world as the judged run left it. ``event``: token or path of one whose story is told.
    """
    try:
        with uncollected():
            return _examined(scenario, seed, resolve(collector), world, keep_lines, variant, keep_world, event)
    except Broken as broken:
        return replace(died(scenario, seed, world.name, broken.kind, broken.detail, 0.0), said=last_words())


def _must_have_struck(judged: Run, variant: Variant | None) -> None:
    """Raise BadInput for a variant of a place that the run does not have: a line that showed a
    failure once must not pass because it shows nothing.
    """
    if variant is not None and not has_struck(judged, variant):
        raise BadInput(f"nothing is struck there: {points_for(judged, variant)}", where=f"--variant {variant}")


def _examined(
    scenario: Scenario,
    seed: int,
    subject: Subject,
    world: FakeWorld | RealWorld,
    keep_lines: bool,
    variant: Variant | None,
    keep_world: bool,
    event: str = "",
) -> ScenarioVerdict:
    if why := hindrance(scenario, subject):
        return skipped(scenario, seed, world.name, why)
    runner = run_type(scenario, subject)
    passes = ProgramRun if runner is ProgramRun else Run
    judged = runner(scenario, seed, subject, world, variant=variant)
    try:
        history = judged.execute()
        _must_have_struck(judged, variant)
    except BuildRefused as refusal:
        return replace(refused(scenario, seed, world.name, str(refusal)), said=judged.ear.said())
    ledger = Ledger(history)
    roles = {actor.role for actor in scenario.actor}
    compared = roles == {"attacker", "bystander"} and variant is None
    alone = passes(scenario, seed, subject, world, without_attackers=True) if compared else None
    case = Case(
        history,
        ledger,
        Ledger(alone.execute()) if alone else None,
        _costs(scenario, seed, subject, world, judged),
        _held(scenario, seed, subject, world, judged),
    )
    clauses = _told_apart(judge(scenario.clauses, case), scenario, seed, subject, world)
    if variant is None and liveness.has_trouble(scenario):
        waiting = liveness.waiting_for_ever(scenario, seed, subject, world, passes)
        judged_here = {
            slug: why for slug, why in waiting.items() if not lacking_capabilities(CLAUSES[slug].requires, ledger.run)
        }
        clauses = with_failures(clauses, judged_here)
    if keep_world:
        passes(scenario, seed, subject, world).execute()  # the runs made for comparison left theirs
    return ScenarioVerdict(
        id=scenario.id,
        seed=seed,
        world=world.name,
        verdict=overall(clauses),
        clauses=_with_stories(clauses, history, ledger),
        fates=ledger.fates(),
        reasons=ledger.reasons(),
        extensions=_extensions(ledger, history),
        invented=len(ledger.invented),
        victims=victims(case),
        virtual_seconds=history.records[-1].t / SECOND,
        history_sha256=history.sha256(),
        lines=list(history.lines()) if keep_lines else [],
        said=judged.ear.said(),
        story=_story_of(event, history, ledger) if event else (),
        declared=_declared(ledger.run["capabilities"]),
    )


def _with_stories(clauses: list[ClauseVerdict], history: History, ledger: Ledger) -> list[ClauseVerdict]:
    """The verdicts, each failure that names an event with that event's story."""
    reasons = {clause.slug: clause.reason for clause in clauses if clause.verdict == "fail"}
    told = stories(history, ledger, reasons)
    return [replace(clause, story=told.get(clause.slug, ())) for clause in clauses]


def _declared(capabilities: Mapping[str, Any]) -> dict[str, int]:
    """The contract's limits that the collector declares for itself."""
    return {name: value for name, value in capabilities.items() if name in LIMITS and type(value) is int}


def _story_of(wanted: str, history: History, ledger: Ledger) -> tuple[str, ...]:
    """The whole story of an event, or of each in a file. Raises BadInput where there is none."""
    found = find_events(ledger, wanted)
    if not found:
        known = [one.token for one in ledger.events if one.token]
        hint = did_you_mean(wanted, known) or "a token as reports name it, or the end of a file's path"
        raise BadInput(f"no event of this run is {safe(wanted)!r}", where="--event", hint=hint)
    return tuple(line for event in found for line in story(history, event))


def _costs(
    scenario: Scenario, seed: int, subject: Subject, world: FakeWorld | RealWorld, judged: Run
) -> tuple[Cost, ...]:
    """Cost of each pass, if the scenario judges cost.

    Measured in a run of its own; a program is measured in the judged run.
    """
    if not MEASURED_CLAUSES.intersection(scenario.clauses):
        return ()
    if isinstance(judged, ProgramRun):
        return tuple(judged.costs)
    runner = Run(scenario, seed, subject, world, weighed=True)
    runner.execute()
    return tuple(runner.costs)


def _held(scenario: Scenario, seed: int, subject: Subject, world: FakeWorld | RealWorld, judged: Run) -> Held | None:
    """What its passes leave behind, of a scenario that is about that: in a run of its own."""
    if GROWTH not in scenario.clauses or isinstance(judged, ProgramRun):
        return None
    return GrowthRun(scenario, seed, subject, world).held()


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


def _told_apart(
    clauses: list[ClauseVerdict], scenario: Scenario, seed: int, subject: Subject, world: FakeWorld | RealWorld
) -> list[ClauseVerdict]:
    """The verdicts, of which those that would blame the kit were put to the reference: where that
    shows the clause, the scenario does its part.

    A collector that was given a limit which it takes, and shows nothing of the clauses of its
    family, does not keep it. Otherwise nothing is proved.
    """
    unseen = {clause.slug for clause in clauses if clause.verdict == "error" and clause.reason == NOTHING_SHOWN}
    if not unseen or subject.spec == "reference":
        return clauses
    shown = {
        clause.slug
        for clause in _examined(scenario, seed, resolve("reference"), world, False, None, False).clauses
        if clause.verdict == "pass"
    }
    return [_unshown(clause, scenario.collector) if clause.slug in unseen & shown else clause for clause in clauses]


def _unshown(clause: ClauseVerdict, settings: Mapping[str, Any]) -> ClauseVerdict:
    families = {name: limit.clause.partition(".")[0] for name, limit in LIMITS.items()}
    asked = ", ".join(
        f"{name}={value!r}" for name, value in settings.items() if families.get(name) == clause.slug.partition(".")[0]
    )
    if asked:
        return replace(
            clause,
            verdict="fail",
            kind=UNSEEN,
            reason=f"the collector takes {asked} and shows nothing of it, where the reference does",
        )
    return replace(clause, verdict="skip", kind=UNSEEN, reason="nothing was seen of it, where the reference shows it")


def supervised(
    scenario: Scenario,
    seed: int,
    collector: str,
    world: str,
    *,
    keep_lines: bool = False,
    timeout: float = WATCHDOG,
    tick: Callable[[float, int], None] = lambda _seconds, _passes: None,
    keep: Path | None = None,
    variant: Variant | None = None,
    terminal: Terminal | None = None,
    event: str = "",
) -> ScenarioVerdict:
    """Examine a scenario in a worker, attended where a terminal is given.

    Raises BadInput or KitBroke; a hang or a death is a verdict.
    """
    job = Job(
        scenario.id,
        lambda place: examine(
            scenario, seed, collector, place, keep_lines=keep_lines, variant=variant, keep_world=keep is not None,
            event=event,
        ),
        world,
        timeout if terminal is None else math.inf,
        keep,
        terminal,
    )
    try:
        outcome, seconds = result_of(job, tick)
    except Died as death:
        return verdict_of(scenario, seed, world, death, death.seconds)
    return verdict_of(scenario, seed, world, outcome, seconds)
