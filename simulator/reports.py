"""Reports for machines: the JSON form and the history as NDJSON.

Rules: a destination is opened before anything runs, written aside and renamed at the end, so that a bad path costs no run and a reader
never sees half a report; ``-`` is standard output.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from simulator._version import __version__
from simulator.contract import CLAUSES
from simulator.errors import BadInput, did_you_mean
from simulator.rendered import junit, markdown
from simulator.sarif import sarif
from simulator.verdict import ScenarioVerdict

FORMATS = ("json", "ndjson", "junit", "markdown", "html", "sarif")

_RANK = {"fail": 0, "error": 1, "pass": 2, "skip": 3}


@dataclass(frozen=True)
class Destination:
    """Where one report goes; ``stream`` is open."""

    format: str
    path: str
    stream: TextIO

    def write(self, report: dict[str, Any], results: Sequence[ScenarioVerdict]) -> None:
        if self.format == "ndjson":
            for result in results:
                self.stream.writelines(line + "\n" for line in result.lines)
        else:
            self.stream.write(_RENDERED[self.format](report))
        self.finish()

    def finish(self) -> None:
        """The report is whole: put it in its place."""
        self.stream.flush()
        if self.path != "-":
            self.stream.close()
            os.replace(self.path + ".part", self.path)

    def abandon(self) -> None:
        """Leave nothing half written."""
        if self.path != "-" and not self.stream.closed:
            self.stream.close()
            Path(self.path + ".part").unlink(missing_ok=True)


def open_destination(option: str, formats: Sequence[str] = FORMATS) -> Destination:
    """The destination of ``FORMAT=PATH``. Raises BadInput."""
    name, separator, path = option.partition("=")
    if not separator or not path:
        raise BadInput(f"{option!r} is not FORMAT=PATH", where="--report", hint=f"formats: {', '.join(formats)}")
    if name not in formats:
        raise BadInput(
            f"unknown report format {name!r}",
            where="--report",
            hint=did_you_mean(name, formats) or f"formats: {', '.join(formats)}",
        )
    if path == "-":
        return Destination(name, path, sys.stdout)
    if Path(path).is_dir():
        raise BadInput("is a directory, a file is expected", where=f"--report {name}={path}")
    try:
        stream = Path(path + ".part").open("w", encoding="utf-8")  # noqa: SIM115 - closed by write() or abandon()
    except OSError as error:
        raise BadInput(f"cannot be written: {error.strerror}", where=f"--report {name}={path}") from None
    return Destination(name, path, stream)


def _as_json(report: dict[str, Any]) -> str:
    return json.dumps(report, indent=2, ensure_ascii=True) + "\n"


def _as_html(report: dict[str, Any]) -> str:
    from simulator.webpage import html  # noqa: PLC0415 - its template engine is loaded where a page is asked for

    return html(report)


_RENDERED: dict[str, Callable[[dict[str, Any]], str]] = {
    "json": _as_json, "junit": junit, "markdown": markdown, "html": _as_html, "sarif": sarif,
}  # fmt: skip


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
            if _RANK[clause.verdict] < _RANK[row["verdict"]]:
                row |= {"verdict": clause.verdict, "kind": clause.kind, "reason": clause.reason}
    order = list(CLAUSES)
    return sorted(rows.values(), key=lambda row: order.index(row["slug"]))


def json_report(
    collector: str,
    seed: int,
    results: Sequence[ScenarioVerdict],
    exit_code: int,
    clauses: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """The JSON report (docs/reports.md). ``clauses``: the rows, where more is known than the results tell."""
    clauses = clause_summary(results) if clauses is None else clauses
    counts = {name: sum(row["verdict"] == verdict for row in clauses)
              for name, verdict in (("passed", "pass"), ("failed", "fail"), ("skipped", "skip"), ("errors", "error"))}  # fmt: skip
    return {
        "schema": 1,
        "kit": {"name": "etp-kit", "version": __version__},
        "collector": collector,
        "world": _world(results),
        "seed": seed,
        "exit": exit_code,
        "summary": counts,
        "clauses": clauses,
        "scenarios": [_scenario(result) for result in results],
    }


def _world(results: Sequence[ScenarioVerdict]) -> str:
    worlds = {result.world for result in results}
    return "none" if not worlds else worlds.pop() if len(worlds) == 1 else "both"


def _scenario(result: ScenarioVerdict) -> dict[str, Any]:
    return {
        "id": result.id,
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
        "clauses": [{"slug": c.slug, "verdict": c.verdict, "kind": c.kind, "reason": c.reason} for c in result.clauses],
        "variants": result.variants,
        "virtual_seconds": result.virtual_seconds,
        "wall_seconds": round(result.wall_seconds, 3),
        "history_sha256": result.history_sha256,
        "reproduce": result.reproduce,
    }
