"""What became of a mutant: which scenarios are run, and what a job's end says of its clause."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from etp_kit.simulator.base.errors import KitBroke
from etp_kit.simulator.contract.clauses import CLAUSES
from etp_kit.simulator.core import STARVED
from etp_kit.simulator.judging.verdict import ClauseVerdict, ScenarioVerdict
from etp_kit.simulator.runner import Died, Job, RunSpec
from etp_kit.simulator.scenario.library import scenario_from_data
from etp_kit.simulator.scenario.model import Scenario
from etp_kit.simulator.shipped import mutants
from etp_kit.simulator.suite import sensitivity
from etp_kit.simulator.suite.sensitivity import MOST_PASSES, Outcome, difference, is_light, outcomes
from etp_kit.simulator.world.world import FakeWorld

MUTANT = mutants()["quota-raised"]
OTHER = "event.mapping"


def scenario(name: str, *clauses: str, **keys: Any) -> Scenario:
    small = {"schema": 1, "title": "t", "about": "a", "world": "fake", "actor": [{"handler": "Ext", "events": 1}]}
    data = {**small, "passes": 1, "clauses": list(clauses), **keys}
    return scenario_from_data(data, "small.toml").model_copy(update={"id": name})


LIBRARY = {
    "own": scenario("own", MUTANT.clause),
    "own-real": scenario("own-real", MUTANT.clause, world="real"),
    "light": scenario("light", OTHER),
    "long": scenario("long", OTHER, passes=MOST_PASSES + 1),
}


def ended(monkeypatch: pytest.MonkeyPatch, *answers: object, full: bool = False) -> list[Outcome]:
    def results(jobs: list[Job[Any]], _: int) -> Iterator[tuple[Job[Any], Any, float]]:
        assert len(jobs) == len(answers)
        yield from ((job, answer, 0.0) for job, answer in zip(jobs, answers, strict=True))

    monkeypatch.setattr(sensitivity, "results_of", results)
    return list(outcomes([MUTANT], LIBRARY, full=full, workers=1))


def test_its_own_scenarios_are_run_in_each_world_and_what_came_first_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    (found,) = ended(monkeypatch, {MUTANT.clause: "in fake"}, {MUTANT.clause: "in real", OTHER: "in real"})
    assert (found.caught, found.red, found.caught_by) == (
        True,
        {MUTANT.clause: "in fake", OTHER: "in real"},
        tuple(sorted([MUTANT.clause, OTHER])),
    )
    assert found.strange == tuple(slug for slug in [OTHER] if slug not in MUTANT.also)


def test_a_death_in_its_own_scenarios_is_a_catch(monkeypatch: pytest.MonkeyPatch) -> None:
    (found,) = ended(monkeypatch, Died("hang", "no end", 9.0), {})
    assert (found.caught, found.red) == (True, {MUTANT.clause: "no end"})


def test_a_death_elsewhere_says_nothing_of_its_clause(monkeypatch: pytest.MonkeyPatch) -> None:
    (found,) = ended(monkeypatch, {}, Died("hang", "no end", 9.0), {}, full=True)
    assert (found.caught, found.trouble) == (False, "")


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        (Died(STARVED, "next to nothing", 9.0), "next to nothing"),
        (KitBroke("Traceback\nValueError: of ours"), "ValueError: of ours"),
    ],
    ids=["starved", "broke"],
)
def test_what_is_not_the_mutants_doing_is_trouble(
    monkeypatch: pytest.MonkeyPatch, answer: object, trouble: str
) -> None:
    (found,) = ended(monkeypatch, answer, {})
    assert (found.caught, found.trouble) == (False, trouble)


def test_a_mutant_whose_clause_no_scenario_checks_is_trouble() -> None:
    (found,) = outcomes([MUTANT], {}, full=False, workers=1)
    assert found.trouble == "no scenario checks its clause"


@pytest.mark.parametrize(("name", "light"), [("light", True), ("long", False)])
def test_a_day_is_not_light(name: str, light: bool) -> None:
    assert is_light(LIBRARY[name], 0) is light


class TestWork:
    """In the worker: in which order, and when it is enough."""

    def looked(
        self, monkeypatch: pytest.MonkeyPatch, scenarios: list[Scenario], light: set[str], *, own: bool, red: set[str]
    ) -> tuple[list[tuple[str, list[str]]], dict[str, str]]:
        """What was looked at, and what was found. Scenarios of ``red`` fail, "+" when exhausted."""
        asked: list[tuple[str, list[str]]] = []

        def examined(spec: RunSpec, _: object, kinds: list[str]) -> ScenarioVerdict:
            name = spec.scenario.id
            asked.append((name, list(kinds)))
            said = "fail" if (f"{name}+" if kinds else name) in red else "pass"
            clauses = [ClauseVerdict(MUTANT.clause, CLAUSES[MUTANT.clause].level, said, "lost")]
            return ScenarioVerdict(name, 0, "fake", said, clauses=clauses)

        monkeypatch.setattr(sensitivity, "examine_fully", examined)
        part = sensitivity._Part(MUTANT, scenarios, "fake", own)
        return asked, sensitivity._work(part, light, 0)(FakeWorld())

    A, B = scenario("a", MUTANT.clause, passes=3), scenario("b", MUTANT.clause, passes=2, exhaust=["crash"])

    def test_the_shortest_comes_first_and_one_that_catches_it_is_enough(self, monkeypatch: pytest.MonkeyPatch) -> None:
        asked, red = self.looked(monkeypatch, [self.A, self.B], set(), own=True, red={"a", "b"})
        assert (asked, red) == ([("b", [])], {MUTANT.clause: "b: lost"})

    def test_light_ones_come_first_and_all_of_them(self, monkeypatch: pytest.MonkeyPatch) -> None:
        asked, red = self.looked(monkeypatch, [self.B, self.A], {"a"}, own=True, red={"a"})
        assert (asked, red) == ([("a", [])], {MUTANT.clause: "a: lost"})

    def test_what_nothing_has_caught_is_exhausted(self, monkeypatch: pytest.MonkeyPatch) -> None:
        asked, red = self.looked(monkeypatch, [self.A, self.B], set(), own=True, red={"b+"})
        assert (asked, red) == ([("b", []), ("a", []), ("b", ["crash"])], {MUTANT.clause: "b: lost"})

    def test_of_other_clauses_everything_is_run_and_nothing_exhausted(self, monkeypatch: pytest.MonkeyPatch) -> None:
        asked, red = self.looked(monkeypatch, [self.A, self.B], set(), own=False, red={"b"})
        assert (asked, red) == ([("b", []), ("a", [])], {MUTANT.clause: "b: lost"})


def test_a_mutant_is_shown_as_a_difference() -> None:
    assert f"collector/{MUTANT.file}" in difference(MUTANT)


def test_one_that_changes_nothing_is_the_kits_failure() -> None:
    with pytest.raises(KitBroke, match="changes nothing"):
        difference(replace(MUTANT, new=MUTANT.old))
