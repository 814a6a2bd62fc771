"""A mutant whose lines a scenario does not execute gives the reference's run, so the full matrix
leaves it out.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from etp_kit.simulator.base import KitBroke
from etp_kit.simulator.runner import Job, Run, RunSpec, result_of
from etp_kit.simulator.scenario import load_scenario
from etp_kit.simulator.shipped import Edit, mutants
from etp_kit.simulator.subjects import resolve
from etp_kit.simulator.suite.reach import Reach, may_differ, reach_of
from etp_kit.simulator.suite.spans import lines_of

SPANS = tomllib.loads(Path(__file__).with_name("test_spans.toml").read_text(encoding="utf-8"))["span"]
SCENARIOS = [load_scenario(name) for name in ("stop/before", "run/stopped-in-a-pass", "deliver/sender-errors")]


@pytest.mark.parametrize("span", SPANS, ids=lambda span: span["name"])
def test_a_change_hangs_on_the_lines_of_its_statement(span: dict[str, Any]) -> None:
    lines = lines_of(span["source"], Edit("a.py", span["old"], ""))
    assert lines == (frozenset(span["lines"]) if "lines" in span else None)


@pytest.mark.parametrize("source", ["b = 2\n", "a = 1\na = 1\n"], ids=["not there", "there twice"])
def test_a_change_that_does_not_apply_breaks_the_kit(source: str) -> None:
    with pytest.raises(KitBroke, match=r"stands \d times in a.py, expected once"):
        lines_of(source, Edit("a.py", "a = 1\n", ""))


@pytest.fixture(scope="module")
def reach() -> Reach:
    return reach_of(SCENARIOS, 1)


def test_each_scenario_is_traced(reach: Reach) -> None:
    assert sorted(reach) == sorted(scenario.id for scenario in SCENARIOS)
    assert all(len(files) > 5 for files in reach.values())


def test_a_service_is_traced_in_its_own_thread(reach: Reach) -> None:
    assert "service.py" in reach["run/stopped-in-a-pass"]


def _histories(names: Sequence[str], scenario: str) -> list[str]:
    def work(place: Any) -> list[str]:
        found = load_scenario(scenario)
        runs = [Run(RunSpec(found, 0, name, place.name), resolve(name), place) for name in names]
        return [run.execute().sha256() for run in runs]

    return result_of(Job(scenario, work, "fake", form=list[str]))[0]


@pytest.mark.parametrize("scenario", [scenario.id for scenario in SCENARIOS])
def test_who_cannot_differ_does_not(scenario: str, reach: Reach) -> None:
    alike = [f"mutant:{mutant.name}" for mutant in mutants().values() if not may_differ(mutant, scenario, reach)]
    assert len(alike) > 10
    reference, *others = _histories(["reference", *alike[::5]], scenario)
    assert set(others) <= {reference}


def test_who_was_not_traced_may_differ() -> None:
    assert may_differ(next(iter(mutants().values())), "nobody/knows", {})
