"""What became of the kit's own mutants, as mutation-testing-elements reads it.

A file is a module of the reference collector, a test is a clause of the contract. A mutant counts
as killed by its own clause alone: one that others catch got through where it must not.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .._version import __version__
from ..contract import CLAUSES
from ..safe import safe
from ..shipped import Mutant

_SCHEMA = "https://git.io/mutation-testing-schema"
_LONGEST = 2_000
#: Where a reader looks for a clause.
_CONTRACT = "etp_kit/simulator/contract/clauses.toml"


@dataclass(frozen=True, slots=True)
class Tried:
    """A mutant that was run. ``red``: clause -> why it failed it. ``trouble``: what went wrong with
    the kit."""

    mutant: Mutant
    red: Mapping[str, str]
    trouble: str = ""


def mutation(tried: Sequence[Tried], sources: Mapping[str, str]) -> Iterator[str]:
    """The document's text. ``sources``: file of the collector -> its text, without any mutant."""
    named = sorted({slug for one in tried for slug in (one.mutant.clause, *one.red)}, key=list(CLAUSES).index)
    document = {
        "$schema": _SCHEMA,
        "schemaVersion": "2",
        "thresholds": {"high": 100, "low": 100},
        "framework": {"name": "etp-kit", "version": __version__},
        "files": dict(_files(tried, sources)),
        "testFiles": {_CONTRACT: {"tests": [{"id": slug, "name": _statement(slug)} for slug in named]}},
    }
    yield json.dumps(document, indent=1, ensure_ascii=True) + "\n"


def _statement(slug: str) -> str:
    return f"{slug}: {CLAUSES[slug].statement}"


def _files(tried: Iterable[Tried], sources: Mapping[str, str]) -> Iterator[tuple[str, dict[str, Any]]]:
    by_file: dict[str, list[Tried]] = {}
    for one in tried:
        by_file.setdefault(one.mutant.file, []).append(one)
    for file, its in sorted(by_file.items()):
        mutants = [_mutant(one, sources[file]) for one in sorted(its, key=lambda one: one.mutant.name)]
        yield f"collector/{file}", {"language": "python", "source": sources[file], "mutants": mutants}


def _mutant(one: Tried, source: str) -> dict[str, Any]:
    begin = source.index(one.mutant.old)
    end = begin + len(one.mutant.old)
    told: dict[str, Any] = {
        "id": one.mutant.name,
        "mutatorName": one.mutant.clause,
        "description": one.mutant.about,
        "location": {"start": _position(source, begin), "end": _position(source, end)},
        "replacement": one.mutant.new,
        "status": _status(one),
    }
    if reason := _reason(one):
        told["statusReason"] = reason
    if told["status"] == "Killed":
        told["killedBy"] = [one.mutant.clause, *(slug for slug in one.red if slug != one.mutant.clause)]
    return told


def _position(source: str, offset: int) -> dict[str, int]:
    """Both begin with 1."""
    return {"line": source.count("\n", 0, offset) + 1, "column": offset - source.rfind("\n", 0, offset)}


def _status(one: Tried) -> str:
    if one.trouble:
        return "RuntimeError"
    return "Killed" if one.mutant.clause in one.red else "Survived"


def _reason(one: Tried) -> str:
    if one.trouble:
        return safe(one.trouble, _LONGEST)
    if one.mutant.clause in one.red:
        return safe(one.red[one.mutant.clause], _LONGEST)
    return safe("; ".join(f"red for {slug} alone: {why}" for slug, why in one.red.items()), _LONGEST)
