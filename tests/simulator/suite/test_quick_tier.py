"""The quick tier: one short scenario a clause, each of them there and small enough."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from etp_kit.simulator.base.errors import BadInput
from etp_kit.simulator.cli.command import cli
from etp_kit.simulator.contract import CLAUSES
from etp_kit.simulator.scenario import limits_of, load_scenario, make_plan
from etp_kit.simulator.shipped import shipped_scenarios
from etp_kit.simulator.suite.quick_tier import left_out, quick_tier
from etp_kit.simulator.suite.selection import part_of, select
from etp_kit.simulator.suite.suite import Suite

LIBRARY = {name: load_scenario(name) for name in shipped_scenarios()}
#: Together: that many passes and steps of writers take about ten seconds of two processors.
MOST_SCENARIOS, MOST_PASSES, MOST_STEPS = 80, 400, 6_000


def test_each_clause_is_in_it_or_left_out_with_a_reason() -> None:
    assert {*quick_tier(), *left_out()} == set(CLAUSES)
    assert not set(quick_tier()) & set(left_out())
    assert all(left_out().values())


@pytest.mark.parametrize("slug", quick_tier())
def test_the_scenario_of_a_clause_checks_it(slug: str) -> None:
    assert slug in LIBRARY[quick_tier()[slug]].clauses


def test_it_is_short() -> None:
    scenarios = [LIBRARY[name] for name in dict.fromkeys(quick_tier().values())]
    assert len(scenarios) <= MOST_SCENARIOS
    assert sum(scenario.pass_count for scenario in scenarios) <= MOST_PASSES
    plans = [make_plan(scenario, 0, limits_of({}, scenario.collector)) for scenario in scenarios]
    assert sum(len(actor.steps) for plan in plans for actor in plan.actors) <= MOST_STEPS


def test_it_runs_each_scenario_once_and_exhausts_nothing() -> None:
    quick = select(LIBRARY, quick=True)
    assert set(quick.clauses) == set(CLAUSES)
    assert sorted(name for name, _ in quick.pairs) == sorted(set(quick_tier().values()))
    suite = Suite(LIBRARY, quick, "reference")
    assert not any(suite.kinds(*pair) for pair in quick.pairs)
    assert {verdict for verdict, _ in quick.unchecked.values()} <= {"skip"}
    assert set(quick.unchecked) == set(left_out())


def test_a_clause_of_it_is_one_scenario() -> None:
    quick = select(LIBRARY, clauses=["quota.per-extension"], quick=True)
    assert [name for name, _ in quick.pairs] == [quick_tier()["quota.per-extension"]]


def test_in_the_real_world_it_takes_what_runs_there() -> None:
    quick = select(LIBRARY, world="real", quick=True)
    assert {world for _, world in quick.pairs} == {"real"}


def test_a_part_of_it_is_quick_too() -> None:
    assert part_of(select(LIBRARY, quick=True), LIBRARY, 1, 2).quick


def test_it_takes_no_scenarios_besides() -> None:
    with pytest.raises(BadInput, match="names its scenarios itself"):
        select(LIBRARY, scenarios=["flood"], quick=True)


def test_the_second_run_says_how_long_it_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    words = ["conform", "--quick", "--clause", "event.non-object", "--jobs", "1"]
    first, second = (CliRunner().invoke(cli, words) for _ in range(2))
    assert (first.exit_code, second.exit_code) == (0, 0), first.output
    assert first.stderr.splitlines()[0] == "1 run for 1 clause, 1 at a time"
    assert re.fullmatch(r"1 run for 1 clause, 1 at a time: about \d+ s, by the last run", second.stderr.splitlines()[0])
