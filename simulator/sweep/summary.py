"""What a store of a sweep says: counts, and the first seeds of each failure, row by row."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from dataclasses import dataclass, field

from .applies import ever_applicable
from .probing import probes
from .store import meta_of

#: Seeds kept of each signature: the first shows it.
_MOST_SEEDS = 5


@dataclass(slots=True)
class Signature:
    """One kind of failure: how many runs showed it, and the first of them."""

    name: str
    count: int = 0
    examples: list[tuple[int, str]] = field(default_factory=list)
    reason: str = ""


@dataclass(slots=True)
class Summary:
    """A sweep summed up. ``judged``: clause -> runs that gave it something to judge. ``first``:
    probe -> the first seed that reached it.
    """

    collector: str
    clause: str
    runs: int = 0
    worlds: dict[str, int] = field(default_factory=dict)
    verdicts: dict[str, int] = field(default_factory=dict)
    signatures: list[Signature] = field(default_factory=list)
    fates: dict[str, int] = field(default_factory=dict)
    judged: dict[str, int] = field(default_factory=dict)
    probes: dict[str, int] = field(default_factory=dict)
    first: dict[str, int] = field(default_factory=dict)
    made: float = 0.0
    took: float = 0.0

    @property
    def never_judged(self) -> list[str]:
        """Clauses that apply to random scenarios and had nothing to judge in any."""
        return [slug for slug in ever_applicable(self.clause) if not self.judged.get(slug)]

    @property
    def never_reached(self) -> list[str]:
        return [name for name in probes() if not self.probes.get(name)]


def summary_of(connection: sqlite3.Connection) -> Summary:
    """What the store says."""
    meta = meta_of(connection)
    summary = Summary(meta["collector"], meta["clause"])
    fates: Counter[str] = Counter()
    judged: Counter[str] = Counter()
    reached: Counter[str] = Counter()
    verdicts: Counter[str] = Counter()
    worlds: Counter[str] = Counter()
    found: dict[str, Signature] = {}
    query = "select seed, world, verdict, failures, judged, fates, probes, made, took from runs order by seed, world"
    for seed, world, verdict, failures, slugs, its_fates, its_probes, made, took in connection.execute(query):
        verdicts[verdict] += 1
        worlds[world] += 1
        judged.update(json.loads(slugs))
        fates.update(json.loads(its_fates))
        for name in (its := json.loads(its_probes)):
            summary.first.setdefault(name, seed)
        reached.update(its)
        summary.made += made
        summary.took += took
        _count(found, seed, world, json.loads(failures))
    summary.runs = verdicts.total()
    summary.verdicts, summary.worlds = dict(verdicts), dict(worlds)
    summary.fates, summary.judged, summary.probes = dict(fates.most_common()), dict(judged), dict(reached)
    summary.signatures = sorted(found.values(), key=lambda one: (-one.count, one.name))
    return summary


def _count(found: dict[str, Signature], seed: int, world: str, failures: list[list[str]]) -> None:
    named = {f"{clause}/{kind}" if kind else clause: reason for clause, kind, reason in failures}
    for name, reason in named.items():
        signature = found.setdefault(name, Signature(name, reason=reason))
        signature.count += 1
        if len(signature.examples) < _MOST_SEEDS:
            signature.examples.append((seed, world))
