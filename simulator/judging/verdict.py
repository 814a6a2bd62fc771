"""From a history to verdicts: clause by clause, then for the scenario.

Rules: a clause that a scenario names must be judged, or the kit is broken (verdict ``error``):
nothing passes because nothing was seen. Universal clauses are judged wherever there is something to
see.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from ..contract import CAPABILITIES, CLAUSES, Clause
from ..core import BrokenPromise, Said, offers
from .case import Case
from .judges import JUDGES, UNIVERSAL

if TYPE_CHECKING:
    from ..core import RunResult


@dataclass(slots=True)  # a frozen one takes five times as long to make, and a run has eighty
class ClauseVerdict:
    """One clause in one scenario: pass, fail, skip or error. Nobody changes it."""

    slug: str
    level: str
    verdict: str
    reason: str = ""
    kind: str = ""
    #: Of an expected failure: which profile or list expects it, and why.
    expected_by: str = ""
    expected_why: str = ""
    #: Of a failure about an event: what became of it, record by record. Of another one: the records
    #: around what its reason is about.
    story: tuple[str, ...] = ()


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
    #: In which variant of an exhaustive run it hung or died.
    variant: str = ""
    #: The contract's limits that the collector declares for itself: it was judged by these.
    declared: dict[str, int] = field(default_factory=dict)
    #: How many variants were planned and came to no verdict, as the run ended before.
    unrun: int = 0
    #: kind -> {tried, failed} of an exhaustive run, and before what an interleaved step fell (label
    #: -> how often).
    variants: dict[str, dict[str, int]] = field(default_factory=dict)
    met: dict[str, int] = field(default_factory=dict)
    #: What the collector said, for who mends it; nothing is judged by it.
    said: Said = field(default_factory=Said)
    #: What became of the event that was asked for, record by record.
    story: tuple[str, ...] = ()
    #: Why it fails, as ``simulate why`` tells it.
    cause: tuple[str, ...] = ()
    title: str = ""
    #: Where it stands, if that is not where its name says.
    file: str = ""
    #: How many records its history has.
    records: int = 0
    #: What the collector declares, and the contract's limits as it was judged by them.
    capabilities: dict[str, Any] = field(default_factory=dict)
    limits: dict[str, Any] = field(default_factory=dict)
    #: The layers of the cage that held around the collector.
    cage: tuple[str, ...] = ()
    #: How many calls of a program came in the machine's order: another run may differ.
    hurried: int = 0


def with_failures(clauses: Sequence[ClauseVerdict], found: Mapping[str, str]) -> list[ClauseVerdict]:
    """The verdicts with these clauses failed as well (clause -> reason), in the contract's order."""
    by_slug = {clause.slug: clause for clause in clauses}
    for slug, reason in found.items():
        known = by_slug.get(slug)
        told = f"{known.reason}; {reason}" if known is not None and known.verdict == "fail" else reason
        by_slug[slug] = ClauseVerdict(slug, CLAUSES[slug].level, "fail", told)
    return [by_slug[slug] for slug in CLAUSES if slug in by_slug]


NOTHING_SHOWN = "the scenario names it and shows nothing to judge"


#: The kind of a clause that was to be judged, and of which the run showed nothing.
UNSEEN = "unseen"


def judge(named: Collection[str], case: Case) -> list[ClauseVerdict]:
    """The verdicts of the clauses that a scenario names, and of the universal ones, in the
    contract's order.
    """
    verdicts = []
    run = case.ledger.run
    unkept = {promise.name: promise.problem for promise in case.view.of(BrokenPromise)}
    for slug, clause in CLAUSES.items():
        if slug not in named and slug not in UNIVERSAL:
            continue
        judge_of = JUDGES.get(slug)
        lacking = lacking_capabilities(clause.requires, run)
        if lacking:
            if slug in named:
                verdicts.append(ClauseVerdict(slug, clause.level, "skip", lacking))
            continue
        if unkept and (broken_promises := _broken(clause, unkept)):
            verdicts.append(ClauseVerdict(slug, clause.level, "fail", "; ".join(broken_promises)))
            continue
        if judge_of is None:
            verdicts.append(ClauseVerdict(slug, clause.level, "error", "no judge knows this clause"))
            continue
        problems = judge_of(case)
        if problems:
            verdicts.append(ClauseVerdict(slug, clause.level, "fail", "; ".join(problems)))
        elif problems is not None:
            partly = lacking_capabilities(clause.partly_requires, run)
            verdicts.append(ClauseVerdict(slug, clause.level, "pass", partly and f"in part: {partly}"))
        elif slug in named:
            verdicts.append(_unseen(slug, clause, run))
    if case.is_idle:
        verdicts = [_inconclusive(verdict) if verdict.verdict == "pass" else verdict for verdict in verdicts]
    if any(verdict.verdict == "fail" for verdict in verdicts):
        # What hid the clause is the collector's failure, not the kit's; nor what the world lacks.
        return [
            _inconclusive(verdict) if verdict.reason == NOTHING_SHOWN or verdict.kind == UNSEEN else verdict
            for verdict in verdicts
        ]
    return verdicts


def _broken(clause: Clause, unkept: Mapping[str, str]) -> list[str]:
    """What a collector declares of what the clause takes, and does not keep."""
    promised = dict.fromkeys((*clause.requires, *clause.partly_requires))
    return [f"the collector declares {name}, and {unkept[name]}" for name in promised if name in unkept]


def lacking_capabilities(names: Sequence[str], run: RunResult) -> str:
    """Which of these capabilities neither the collector declares nor the world of the run offers,
    in a sentence; "" for none.
    """
    if not names:
        return ""
    undeclared = [
        name for name in names if CAPABILITIES[name].of == "collector" and not offers(run["capabilities"], name)
    ]
    if undeclared:
        return f"the collector declares no {', '.join(undeclared)}"
    missing = [name for name in names if name in run.get("lacking", ())]
    why = f" ({run['unheard']})" if run.get("unheard") and missing else ""
    return f"a program's world offers no {', '.join(missing)}{why}" if missing else ""


def _unseen(slug: str, clause: Clause, run: RunResult) -> ClauseVerdict:
    """A clause that the scenario names and of which the run showed nothing: the kit's fault, unless
    something it takes was lacking.
    """
    why = lacking_capabilities(clause.partly_requires, run) or lacking_capabilities(run.get("lacking", ()), run)
    if why:
        return ClauseVerdict(slug, clause.level, "skip", f"nothing was seen of it: {why}", UNSEEN)
    return ClauseVerdict(slug, clause.level, "error", NOTHING_SHOWN)


def _inconclusive(verdict: ClauseVerdict) -> ClauseVerdict:
    return replace(
        verdict, verdict="skip", kind="inconclusive", reason="nothing was seen of it, as other clauses failed"
    )


def overall(clauses: list[ClauseVerdict]) -> str:
    """fail before error before pass; nothing judged is an error.

    A skip where all was skipped, or where a clause that was to be judged showed nothing. That
    others hold is no pass of that one.
    """
    verdicts = {clause.verdict for clause in clauses}
    if "fail" in verdicts:
        return "fail"
    if verdicts == {"skip"}:
        return "skip"
    if "error" in verdicts or "pass" not in verdicts:
        return "error"
    return "skip" if any(clause.kind == UNSEEN for clause in clauses) else "pass"
