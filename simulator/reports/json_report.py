"""The JSON report: all that the other formats tell is in it (docs/reports.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .._version import __version__
from ..contract import CLAUSES
from ..core import without_secrets
from ..judging import ClauseVerdict, ScenarioVerdict, rank
from ..safe import near
from ..shipped import shipped_scenarios
from .said import said_data


@dataclass(frozen=True, slots=True)
class Origin:
    """When, where and how a report was made, and what was asked for: clock and machine come in
    from outside.
    """

    command: str = ""
    at: str = ""
    seconds: float = 0.0
    python: str = ""
    system: str = ""
    profile: str = ""
    level: str = ""
    stopped: bool = False
    contract: str = ""
    contract_sha256: str = ""
    kit_sha256: str = ""
    files: Mapping[str, str] = field(default_factory=dict)


_UNKNOWN = Origin()


def clause_summary(results: Sequence[ScenarioVerdict]) -> list[dict[str, Any]]:
    """One row a clause over all scenarios: its worst verdict, and the first reason for it."""
    rows: dict[str, dict[str, Any]] = {}
    for result in results:
        for clause in result.clauses:
            row = rows.setdefault(
                clause.slug,
                {
                    "slug": clause.slug,
                    "level": clause.level,
                    "verdict": clause.verdict,
                    "kind": clause.kind,
                    "reason": clause.reason,
                    "scenarios": [],
                },
            )
            row["scenarios"].append(result.id)
            if rank(clause.verdict, clause.kind) < rank(row["verdict"], row["kind"]):
                row |= {"verdict": clause.verdict, "kind": clause.kind, "reason": clause.reason}
    order = list(CLAUSES)
    return sorted(rows.values(), key=lambda row: order.index(row["slug"]))


def report_data(
    collector: str,
    seed: int,
    results: Sequence[ScenarioVerdict],
    exit_code: int,
    clauses: list[dict[str, Any]] | None = None,
    origin: Origin = _UNKNOWN,
) -> dict[str, Any]:
    """The JSON report (docs/reports.md). ``clauses``: the rows, where more is known than the results tell."""
    clauses = clause_summary(results) if clauses is None else clauses
    counts = {name: sum(row["verdict"] == verdict for row in clauses)
              for name, verdict in (("passed", "pass"), ("failed", "fail"), ("skipped", "skip"), ("errors", "error"))}  # fmt: skip
    told: dict[str, Any] = _without_secrets({
        "schema": 1,
        "kit": {"name": "etp-kit", "version": __version__},
        "made": {
            "command": origin.command,
            "at": origin.at,
            "seconds": round(origin.seconds, 3),
            "python": origin.python,
            "system": origin.system,
        },
        "basis": _basis(origin, results),
        "collector": collector,
        "world": _world(results),
        "seed": seed,
        "exit": exit_code,
        "summary": counts,
        "clauses": [{**row, "scenarios": list(row["scenarios"])} for row in clauses],
        "scenarios": [scenario_data(result) for result in results],
    })  # fmt: skip
    return told


def _without_secrets(value: Any) -> Any:
    """The same, with no secret in any text: a report goes to more people than what it is about."""
    if isinstance(value, str):
        return without_secrets(value)
    if isinstance(value, dict):
        return {without_secrets(name): _without_secrets(one) for name, one in value.items()}
    return [_without_secrets(one) for one in value] if isinstance(value, (list, tuple)) else value


def _basis(origin: Origin, results: Sequence[ScenarioVerdict]) -> dict[str, Any]:
    """What was asked for, and what the collector declares: of a run that told it."""
    first = next((result for result in results if result.limits), None)
    return {
        "profile": origin.profile,
        "level": origin.level,
        "capabilities": first.capabilities if first else {},
        "limits": first.limits if first else {},
        "stopped": origin.stopped,
        "contract": origin.contract,
        "contract_sha256": origin.contract_sha256,
        "kit_sha256": origin.kit_sha256,
        "files": dict(origin.files),
    }


def _file(scenario: str) -> str:
    """Where a scenario stands, as somebody in the working directory names it; of one that ships,
    its place in the kit."""
    path = shipped_scenarios().get(scenario)
    near_by = near(str(path)) if path else f"{scenario}.toml"
    return f"scenarios/{scenario}.toml" if path and near_by.startswith("/") else near_by


def _world(results: Sequence[ScenarioVerdict]) -> str:
    worlds = {result.world for result in results}
    return "none" if not worlds else worlds.pop() if len(worlds) == 1 else "both"


def scenario_data(result: ScenarioVerdict) -> dict[str, Any]:
    """One scenario in its world."""
    return {
        "id": result.id,
        "title": result.title,
        "file": result.file or _file(result.id),
        "verdict": result.verdict,
        "kind": result.kind,
        "detail": result.detail,
        "seed": result.seed,
        "world": result.world,
        "fates": result.fates,
        "invented": result.invented,
        "reasons": result.reasons,
        "extensions": {
            name: {"written": entry["written"], "fates": entry["fates"]} for name, entry in result.extensions.items()
        },
        "victims": result.victims,
        "clauses": [_clause(clause) for clause in result.clauses],
        "variants": result.variants,
        "unrun": result.unrun,
        "cage": list(result.cage),
        "cause": list(result.cause),
        "said": said_data(result.said),
        "virtual_seconds": result.virtual_seconds,
        "wall_seconds": round(result.wall_seconds, 3),
        "records": result.records,
        **({"hurried": result.hurried} if result.hurried else {}),
        "history_sha256": result.history_sha256,
        "reproduce": result.reproduce,
    }


def _clause(clause: ClauseVerdict) -> dict[str, Any]:
    told = {"slug": clause.slug, "verdict": clause.verdict, "kind": clause.kind, "reason": clause.reason}
    return {**told, "expected_by": clause.expected_by, "expected_why": clause.expected_why, "story": list(clause.story)}
