"""Mutants: deliberately wrong collectors, each one small change of the reference.

A mutant is data (``simulator/mutants/*.toml``): the clause that must catch it, a file, the old
text, which stands there exactly once, and the new. One that no longer applies means that the kit is
broken. They prove that the judges can fail.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from .edit import Edit

#: The files of the mutants that ship, one a family of clauses.
DIRECTORY = Path(__file__).resolve().parent.parent / "mutants"


@dataclass(frozen=True)
class Mutant:
    """One wrong collector. ``about``: what it does wrong, in one sentence."""

    name: str
    clause: str
    about: str
    file: str
    old: str
    new: str
    #: What its first wrong decision is about, a word a thing: the call or other act, the kind of
    #: its file, or the parameter of an event. `simulate why` has to name each.
    shows: str = ""
    #: Clauses whose own statement the change breaks as well, and in what way: a verdict on these is
    #: no mistake.
    also: Mapping[str, str] = field(default_factory=dict)

    @property
    def edit(self) -> Edit:
        return Edit(self.file, self.old, self.new)


@cache
def mutants() -> dict[str, Mutant]:
    """Every mutant by its name."""
    found: dict[str, Mutant] = {}
    for path in sorted(DIRECTORY.glob("*.toml")):
        for entry in tomllib.loads(path.read_text(encoding="utf-8"))["mutant"]:
            mutant = Mutant(**entry)
            if mutant.name in found:
                raise ValueError(f"{path}: mutant {mutant.name!r} stands twice")
            found[mutant.name] = mutant
    return found
