"""What ships is sound, though nothing validates it when it is named and shown."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict, Field

from etp_kit.simulator.contract import CLAUSES
from etp_kit.simulator.scenario import load_scenario
from etp_kit.simulator.shipped import mutants, shipped_scenarios, synopses
from etp_kit.simulator.shipped.mutant_files import DIRECTORY
from etp_kit.simulator.subjects import REFERENCE


class Entry(BaseModel):
    """A mutant as its file may have it."""

    model_config = ConfigDict(extra="forbid", strict=True)

    name: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    clause: str
    also: dict[str, str] = {}
    about: str = Field(min_length=1)
    shows: str = Field(min_length=1)
    file: str
    old: str = Field(min_length=1)
    new: str


@pytest.mark.parametrize("name", list(shipped_scenarios()))
def test_a_synopsis_says_what_the_scenario_does(name: str) -> None:
    said, scenario = synopses()[name], load_scenario(name)
    assert (said.title, said.about) == (scenario.title, scenario.about)
    assert (said.worlds, said.clauses) == (scenario.worlds, tuple(scenario.clauses))
    assert [tuple(writer) for writer in said.writers] == [
        (one.handler, one.role, one.producer, str(one.events), tuple(str(hazard["kind"]) for hazard in one.hazards))
        for one in scenario.actor
    ]


@pytest.mark.parametrize("path", sorted(DIRECTORY.glob("*.toml")), ids=lambda path: path.stem)
def test_mutants_are_well_formed(path: Path) -> None:
    for entry in tomllib.loads(path.read_text(encoding="utf-8"))["mutant"]:
        Entry.model_validate(entry)


@pytest.mark.parametrize("name", list(mutants()))
def test_a_mutant_breaks_clauses_of_the_contract_in_a_file_that_is_there(name: str) -> None:
    mutant = mutants()[name]
    assert {mutant.clause, *mutant.also} <= CLAUSES.keys()
    assert mutant.edit.apply((REFERENCE / mutant.file).read_text(encoding="utf-8"))
