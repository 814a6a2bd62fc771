"""Requirement sets: the clauses as they were in a version of the contract.

A collector that is conformant today must not fail tomorrow because a clause was added. So each
version's clauses are frozen with their level and the hash of their statement, and a run may ask for
one of them. A set once frozen never changes (freeze.py adds one).
"""

from __future__ import annotations

import hashlib
import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple

from ..base import BadInput, did_you_mean
from .clauses import CLAUSES, Clause

#: Where they stand.
SETS = Path(__file__).with_name("requirement_sets.toml")
#: Digits of a hash: enough to tell two wordings of one clause apart.
_DIGITS = 16


class Frozen(NamedTuple):
    """A clause, as it was."""

    level: str
    statement: str


class RequirementSet(NamedTuple):
    """One version's clauses."""

    version: str
    clauses: dict[str, Frozen]

    @property
    def newer(self) -> frozenset[str]:
        """Today's clauses that it does not have: they are not scored."""
        return frozenset(CLAUSES) - frozenset(self.clauses)

    @property
    def reworded(self) -> tuple[str, ...]:
        """Its clauses whose statement reads otherwise today, in the order of the contract."""
        return tuple(
            slug for slug, clause in CLAUSES.items() if slug in self.clauses and self.clauses[slug] != frozen(clause)
        )

    def level_of(self, slug: str) -> str:
        """The level of a clause in this version; today's of one that it does not have."""
        return self.clauses[slug].level if slug in self.clauses else CLAUSES[slug].level

    @property
    def sha256(self) -> str:
        """Of all that it holds."""
        told = "".join(f"{slug} {level} {statement}\n" for slug, (level, statement) in sorted(self.clauses.items()))
        return hashlib.sha256(told.encode()).hexdigest()


def frozen(clause: Clause) -> Frozen:
    """A clause as it is today, to be kept."""
    return Frozen(clause.level, hashlib.sha256(clause.statement.encode()).hexdigest()[:_DIGITS])


def today() -> RequirementSet:
    """The contract as it stands; its version has no name yet."""
    return RequirementSet("", {slug: frozen(clause) for slug, clause in CLAUSES.items()})


@cache
def requirement_sets() -> dict[str, RequirementSet]:
    """Every frozen version, oldest first."""
    with SETS.open("rb") as file:
        data = tomllib.load(file)
    return {
        version: RequirementSet(version, {slug: Frozen(*told.split(" ")) for slug, told in clauses.items()})
        for version, clauses in data.items()
    }


def named_set(version: str, where: str) -> RequirementSet:
    """The set of this version. Raises BadInput; ``where`` names the option."""
    known = requirement_sets()
    if version in known:
        return known[version]
    hint = did_you_mean(version, known) or f"known: {', '.join(known)}"
    raise BadInput(f"no version {version!r} of the contract is frozen", where=where, hint=hint)
