"""What a judged run tells: from history, ledger and clauses to all that reports know of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..base import SECOND
from ..contract import LIMITS
from ..core import History
from .case import Case
from .event_story import stories
from .judges.isolate import victims
from .ledger import Ledger
from .verdict import ClauseVerdict, ScenarioVerdict, overall


def verdict_told(
    name: tuple[str, int, str],
    history: History,
    case: Case,
    clauses: Sequence[ClauseVerdict],
    *,
    keep_lines: bool = False,
) -> ScenarioVerdict:
    """The verdict of a run. ``name``: scenario, seed and world."""
    ledger = case.ledger
    told = with_stories(clauses, history, ledger)
    return ScenarioVerdict(
        *name,
        verdict=overall(told),
        clauses=told,
        fates=ledger.fates(),
        reasons=ledger.reasons(),
        extensions=extensions_of(ledger),
        invented=len(ledger.invented),
        victims=victims(case),
        virtual_seconds=history.records[-1].t / SECOND,
        history_sha256=history.sha256(),
        lines=list(history.lines()) if keep_lines else [],
        declared=_declared(ledger.run["capabilities"]),
        records=len(history),
        capabilities=dict(ledger.run["capabilities"]),
        limits=dict(ledger.run["limits"]),
        hurried=sum(end.get("hurried", 0) for end in ledger.ends),
    )


def with_stories(clauses: Sequence[ClauseVerdict], history: History, ledger: Ledger) -> list[ClauseVerdict]:
    """The verdicts, each failure with what its reason is about: an event's story, or records."""
    reasons = {clause.slug: clause.reason for clause in clauses if clause.verdict == "fail"}
    told = stories(history, ledger, reasons)
    return [replace(clause, story=told[clause.slug]) if clause.slug in told else clause for clause in clauses]


def _declared(capabilities: Mapping[str, Any]) -> dict[str, int]:
    """The contract's limits that the collector declares for itself."""
    return {name: value for name, value in capabilities.items() if name in LIMITS and type(value) is int}


def extensions_of(ledger: Ledger) -> dict[str, dict[str, Any]]:
    """Handler -> its role, its producer, what it wrote, and what became of that."""
    found: dict[str, dict[str, Any]] = {}
    files: dict[str, int] = {}
    size: dict[str, int] = {}
    for step in ledger.view.steps:
        if step.act in {"write", "append"}:
            files[step.actor] = files.get(step.actor, 0) + (step.act == "write")
            size[step.actor] = size.get(step.actor, 0) + step.size
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
