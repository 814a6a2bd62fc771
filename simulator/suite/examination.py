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

from ..base import BadInput, BuildRefused, did_you_mean, uncollected
from ..cage import held_layers
from ..contract import CLAUSES, LIMITS, MEASURED_CLAUSES
from ..core import Cost, Held, History, Line, Said
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
    story,
    verdict_told,
    with_failures,
)
from ..runner import (
    GROWTH,
    WATCHDOG,
    Died,
    Job,
    Run,
    RunSpec,
    Terminal,
    cage_for,
    held_of,
    hindrance,
    last_words,
    result_of,
)
from ..safe import safe
from ..scenario import Variant
from ..subjects import Broken, ProgramSubject, Subject, resolve
from ..world import FakeWorld, RealWorld
from . import liveness
from .points import has_struck, points_for
from .unjudged import died, refused, skipped, verdict_of


def examine(
    spec: RunSpec,
    world: FakeWorld | RealWorld,
    *,
    keep_lines: bool = False,
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
            return _examined(spec, world, keep_lines, keep_world, event)
    except Broken as broken:
        return replace(died(spec, broken.kind, world.readable(broken.detail), 0.0), said=_said_last(broken, world))


def _said_last(broken: Broken, world: FakeWorld | RealWorld) -> Said:
    """What a program said before it failed: in a run, or before there was any."""
    unheard = tuple(Line(0, "stderr", world.readable(line)) for line in broken.log)
    return Said((), (*last_words().lines, *unheard))


def _must_have_struck(judged: Run, variant: Variant | None) -> None:
    """Raise BadInput for a variant of a point that the run does not have. A line that showed a
    failure once must not pass because it shows nothing.
    """
    if variant is not None and not has_struck(judged, variant):
        raise BadInput(f"nothing is struck there: {points_for(judged, variant)}", where=f"--variant {variant}")


def _examined(
    spec: RunSpec, world: FakeWorld | RealWorld, keep_lines: bool = False, keep_world: bool = False, event: str = ""
) -> ScenarioVerdict:
    scenario, subject = spec.scenario, resolve(spec.subject, spec.hooks)
    if why := hindrance(scenario, subject):
        return skipped(spec, why)
    plain = replace(spec, variant=None, pass_by_pass=True)
    judged = Run(spec, subject, world)
    try:
        history = judged.execute()
        _must_have_struck(judged, spec.variant)
    except BuildRefused as refusal:
        return replace(refused(spec, world.readable(str(refusal))), said=judged.ear.said())
    ledger = Ledger(history)
    roles = {actor.role for actor in scenario.actor}
    compared = roles == {"attacker", "bystander"} and spec.variant is None
    alone = Run(replace(plain, without_attackers=True), subject, world) if compared else None
    case = Case(
        history,
        ledger,
        Ledger(alone.execute()) if alone else None,
        _costs(plain, subject, world, judged),
        _held(plain, subject, world),
    )
    clauses = _told_apart(judge(scenario.clauses, case), spec, world)
    if spec.variant is None and liveness.has_trouble(scenario):
        waiting = liveness.waiting_for_ever(plain, subject, world)
        judged_here = {
            slug: why for slug, why in waiting.items() if not lacking_capabilities(CLAUSES[slug].requires, ledger.run)
        }
        clauses = with_failures(clauses, judged_here)
    if keep_world:
        Run(plain, subject, world).execute()  # the runs made for comparison left theirs
    name = (scenario.id, spec.seed, spec.world)
    verdict = verdict_told(name, history, case, clauses, keep_lines=keep_lines)
    return replace(
        verdict,
        said=judged.ear.said(),
        story=_story_of(event, history, ledger) if event else (),
        title=scenario.title,
        cage=held_layers(),
    )


def _story_of(wanted: str, history: History, ledger: Ledger) -> tuple[str, ...]:
    """The whole story of an event, or of each in a file. Raises BadInput where there is none."""
    found = find_events(ledger, wanted)
    if not found:
        known = [one.token for one in ledger.events if one.token]
        hint = did_you_mean(wanted, known) or "a token as reports name it, or the end of a file's path"
        raise BadInput(f"no event of this run is {safe(wanted)!r}", where="--event", hint=hint)
    return tuple(line for event in found for line in story(history, event))


def _costs(spec: RunSpec, subject: Subject, world: FakeWorld | RealWorld, judged: Run) -> tuple[Cost, ...]:
    """Cost of each pass, if the scenario judges cost.

    Measured in a run of its own; a program is measured in the judged run.
    """
    if not MEASURED_CLAUSES.intersection(spec.scenario.clauses):
        return ()
    if isinstance(subject, ProgramSubject):
        return tuple(judged.costs)
    weighed = Run(replace(spec, weighed=True), subject, world)
    weighed.execute()
    return tuple(weighed.costs)


def _held(spec: RunSpec, subject: Subject, world: FakeWorld | RealWorld) -> Held | None:
    """What its passes leave behind, of a scenario that is about that: in a run of its own."""
    if GROWTH not in spec.scenario.clauses or isinstance(subject, ProgramSubject):
        return None
    return held_of(spec, subject, world)


def _told_apart(clauses: list[ClauseVerdict], spec: RunSpec, world: FakeWorld | RealWorld) -> list[ClauseVerdict]:
    """The verdicts, of which those that would blame the kit were put to the reference: where that
    shows the clause, the scenario does its part.

    A collector that was given a limit which it takes, and shows nothing of the clauses of its
    family, does not keep it. Otherwise nothing is proved.
    """
    unseen = {clause.slug for clause in clauses if clause.verdict == "error" and clause.reason == NOTHING_SHOWN}
    if not unseen or spec.subject == "reference":
        return clauses
    shown = {
        clause.slug
        for clause in _examined(replace(spec, subject="reference", variant=None), world).clauses
        if clause.verdict == "pass"
    }
    settings = spec.scenario.collector
    return [_unshown(clause, settings) if clause.slug in unseen & shown else clause for clause in clauses]


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
    spec: RunSpec,
    *,
    keep_lines: bool = False,
    timeout: float = WATCHDOG,
    tick: Callable[[float, int], None] = lambda _seconds, _passes: None,
    keep: Path | None = None,
    terminal: Terminal | None = None,
    event: str = "",
) -> ScenarioVerdict:
    """Examine a scenario in a worker, attended where a terminal is given.

    Raises BadInput or KitBroke; a hang or a death is a verdict.
    """
    job = Job(
        spec.scenario.id,
        lambda place: examine(spec, place, keep_lines=keep_lines, keep_world=keep is not None, event=event),
        spec.world,
        timeout if terminal is None else math.inf,
        keep,
        terminal,
        ScenarioVerdict,
        "none" if terminal else cage_for(spec.subject),
    )
    try:
        outcome, seconds = result_of(job, tick)
    except Died as death:
        return verdict_of(spec, death, death.seconds)
    return verdict_of(spec, outcome, seconds)
