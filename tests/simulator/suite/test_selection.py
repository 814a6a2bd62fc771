"""What is selected of a library, and what is told of a clause that nothing of it shows."""

from __future__ import annotations

from typing import Any

import pytest

from etp_kit.simulator.base.errors import BadInput
from etp_kit.simulator.contract.clauses import CLAUSES
from etp_kit.simulator.judging import UNIVERSAL
from etp_kit.simulator.scenario.library import scenario_from_data
from etp_kit.simulator.scenario.model import Scenario
from etp_kit.simulator.suite.selection import NO_SCENARIO, is_hardened, part_of, select

#: Clauses that only the scenarios judge that name them.
OWN = {slug: clause.level for slug, clause in CLAUSES.items() if slug not in UNIVERSAL}
CORE, CORE_TOO = [slug for slug, level in OWN.items() if level == "core"][:2]
HARDENED = next(slug for slug, level in OWN.items() if level == "hardened")


def scenario(*clauses: str, **keys: Any) -> Scenario:
    small = {"schema": 1, "title": "t", "about": "a", "passes": 1, "actor": [{"handler": "Ext", "events": 1}]}
    return scenario_from_data({**small, "clauses": list(clauses), **keys}, "small.toml")


LIBRARY = {
    "plain": scenario(CORE),
    "real": scenario(CORE_TOO, world="real"),
    "hostile": scenario(CORE, HARDENED),
    "said": scenario(CORE, level="hardened"),
}


@pytest.mark.parametrize(("name", "hardened"), [("plain", False), ("hostile", True), ("said", True)])
def test_what_asks_for_more_than_core(name: str, hardened: bool) -> None:
    assert is_hardened(LIBRARY[name]) is hardened


def test_of_everything_each_scenario_runs_in_each_of_its_worlds() -> None:
    found = select(LIBRARY, clauses=[CORE, CORE_TOO])
    both = [(name, world) for name in ("plain", "hostile", "said") for world in ("fake", "real")]
    assert sorted(found.pairs) == sorted([*both, ("real", "real")])
    assert (found.unchecked, found.exhausts) == ({}, True)


def test_at_core_what_is_hostile_beyond_it_is_left_out() -> None:
    found = select(LIBRARY, level="core")
    assert {name for name, _ in found.pairs} == {"plain", "real"}
    assert {CLAUSES[slug].level for slug in found.clauses} == {"core"}
    assert not found.exhausts


def test_a_clause_that_no_scenario_checks_is_an_error_of_the_kit() -> None:
    found = select({"plain": LIBRARY["plain"]}, clauses=[CORE, CORE_TOO])
    assert found.unchecked == {CORE_TOO: ("error", NO_SCENARIO)}


def test_a_clause_whose_scenarios_do_not_run_in_the_world_is_skipped() -> None:
    found = select(LIBRARY, clauses=[CORE_TOO], world="fake")
    assert found.unchecked == {CORE_TOO: ("skip", "its scenarios do not run in the fake world")}


def test_where_scenarios_are_named_the_clauses_named_are_theirs() -> None:
    assert set(select(LIBRARY, scenarios=["real"]).named) == {CORE_TOO}


def test_the_quick_tier_says_why_it_leaves_a_clause_out() -> None:
    found = select(LIBRARY, clauses=[CORE], quick=True)
    assert found.unchecked == {CORE: ("skip", "not in the quick tier: its scenario asks for more than core")}
    assert not found.exhausts


def test_the_quick_tier_names_its_scenarios_itself() -> None:
    with pytest.raises(BadInput, match="names its scenarios itself"):
        select(LIBRARY, scenarios=["plain"], quick=True)


def test_a_pattern_that_matches_nothing_is_refused() -> None:
    with pytest.raises(BadInput, match="--scenario"):
        select(LIBRARY, scenarios=["none-such"])


def test_parts_share_the_scenarios_and_the_first_tells_what_nothing_checks() -> None:
    whole = select({name: LIBRARY[name] for name in ("plain", "hostile")}, clauses=[CORE, CORE_TOO, HARDENED])
    first, second = (part_of(whole, LIBRARY, number, 2) for number in (1, 2))
    assert ({name for name, _ in first.pairs}, {name for name, _ in second.pairs}) == ({"plain"}, {"hostile"})
    assert set(first.clauses) == {CORE, CORE_TOO}
    assert (set(second.clauses), second.unchecked) == ({CORE, HARDENED}, {})
