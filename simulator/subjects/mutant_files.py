"""Mutants: deliberately wrong collectors, each one small change of the reference.

A mutant is data (``simulator/mutants/*.toml``): the clause that must catch it, a file, the old
text, which stands there exactly once, and the new. One that no longer applies means that the kit is
broken. They prove that the judges can fail.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from .edit import Edit

_DIRECTORY = Path(__file__).resolve().parent.parent / "mutants"


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    mutant: list[Mutant]


class Mutant(BaseModel):
    """One wrong collector."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    clause: str
    #: Clauses whose own statement the change breaks as well, and in what way: a verdict on these is
    #: no mistake.
    also: dict[str, str] = Field(default_factory=dict)
    about: str = Field(min_length=1, description="What it does wrong, in one sentence.")
    file: str
    old: str = Field(min_length=1)
    new: str

    @property
    def edit(self) -> Edit:
        return Edit(self.file, self.old, self.new)


_File.model_rebuild()


@cache
def mutants() -> dict[str, Mutant]:
    """Every mutant by its name."""
    found: dict[str, Mutant] = {}
    for path in sorted(_DIRECTORY.glob("*.toml")):
        for mutant in _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))).mutant:
            if mutant.name in found:
                raise ValueError(f"{path}: mutant {mutant.name!r} stands twice")
            found[mutant.name] = mutant
    return found
