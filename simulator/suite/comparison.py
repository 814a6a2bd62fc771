"""Two collectors over the same scenarios: where the fates of events and the verdicts differ. Pure;
``cli/compare.py`` runs it.

Rules: fates and verdicts are compared. Texts, times and call order are ignored, since two
collectors may do the same in different ways. Where the kit itself failed, nothing is the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .._version import __version__
from ..base import Exit
from ..contract import CLAUSES
from ..core import STARVED
from ..judging import ScenarioVerdict

#: The verdict of a clause that was not judged there.
UNJUDGED = "-"


@dataclass(frozen=True, slots=True)
class Pair:
    """One scenario's two runs."""

    a: ScenarioVerdict
    b: ScenarioVerdict

    @property
    def is_broken(self) -> bool:
        """Whether the kit failed in one of them."""
        return "error" in {self.a.verdict, self.b.verdict}

    @property
    def is_starved(self) -> bool:
        """Whether the machine did not let one of them come to an end: then nothing is known."""
        return STARVED in {self.a.kind, self.b.kind}

    @property
    def is_skipped(self) -> bool:
        return self.a.verdict == self.b.verdict == "skip"

    def clauses(self) -> list[tuple[str, str, str]]:
        """(clause, verdict of a, verdict of b) where they differ, in the contract's order."""
        ours, theirs = ({clause.slug: clause.verdict for clause in run.clauses} for run in (self.a, self.b))
        both = ((slug, ours.get(slug, UNJUDGED), theirs.get(slug, UNJUDGED)) for slug in CLAUSES)
        return [told for told in both if told[1] != told[2]]

    def fates(self) -> list[tuple[str, str, int, int]]:
        """(extension, fate, events of a, events of b) where they differ; extension "" is all
        together, where that tells it.
        """
        total = _differing("", self.a.fates, self.b.fates)
        if total:
            return total
        found = []
        for name in dict.fromkeys([*self.a.extensions, *self.b.extensions]):
            found += _differing(name, *(run.extensions.get(name, {}).get("fates", {}) for run in (self.a, self.b)))
        return found

    def others(self) -> list[tuple[str, Any, Any]]:
        """(what, a, b): what else differs: how a run ended, events that nobody wrote, victims."""
        told = (
            ("ended", self.a.kind, self.b.kind),
            ("invented", self.a.invented, self.b.invented),
            ("victims", sum(self.a.victims.values()), sum(self.b.victims.values())),
        )
        return [row for row in told if row[1] != row[2]]

    @property
    def is_same(self) -> bool:
        return not (self.is_broken or self.is_starved or self.clauses() or self.fates() or self.others())


def _differing(name: str, a: dict[str, int], b: dict[str, int]) -> list[tuple[str, str, int, int]]:
    return [
        (name, fate, a.get(fate, 0), b.get(fate, 0))
        for fate in dict.fromkeys([*a, *b])
        if a.get(fate, 0) != b.get(fate, 0)
    ]


def comparison_exit(pairs: Sequence[Pair]) -> Exit:
    """Conformant stands for the same everywhere, inconclusive for all skipped, or one starved."""
    if not pairs:
        return Exit.NOTHING_SELECTED
    if any(pair.is_broken for pair in pairs):
        return Exit.KIT_BROKE
    if not all(pair.is_same or pair.is_starved for pair in pairs):
        return Exit.NOT_CONFORMANT
    if all(pair.is_skipped for pair in pairs) or any(pair.is_starved for pair in pairs):
        return Exit.INCONCLUSIVE
    return Exit.CONFORMANT


def comparison_report(a: str, b: str, seed: int, pairs: Sequence[Pair]) -> dict[str, Any]:
    """The JSON report (docs/reports.md)."""
    return {
        "schema": 1,
        "kit": {"name": "etp-kit", "version": __version__},
        "compared": [a, b],
        "seed": seed,
        "exit": comparison_exit(pairs),
        "summary": {"scenarios": len(pairs), "same": sum(pair.is_same for pair in pairs)},
        "scenarios": [_as_data(pair) for pair in pairs],
    }


def _as_data(pair: Pair) -> dict[str, Any]:
    return {
        "id": pair.a.id,
        "world": pair.a.world,
        "same": pair.is_same,
        "verdicts": [pair.a.verdict, pair.b.verdict],
        "details": [pair.a.detail, pair.b.detail],
        "clauses": [{"slug": slug, "verdicts": [ours, theirs]} for slug, ours, theirs in pair.clauses()],
        "fates": [
            {"extension": name, "fate": fate, "events": [ours, theirs]} for name, fate, ours, theirs in pair.fates()
        ],
        "others": [{"what": what, "values": [ours, theirs]} for what, ours, theirs in pair.others()],
        "reproduce": [pair.a.reproduce, pair.b.reproduce],
    }
