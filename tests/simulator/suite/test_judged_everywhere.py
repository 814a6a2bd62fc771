"""What a run selects: what is judged everywhere is judged wherever scenarios are named, too."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from etp_kit.simulator.judging import UNIVERSAL, ClauseVerdict, ScenarioVerdict
from etp_kit.simulator.scenario.library import load_scenario
from etp_kit.simulator.shipped import shipped_scenarios
from etp_kit.simulator.suite.conclusion import conclude
from etp_kit.simulator.suite.expectations import Expectations
from etp_kit.simulator.suite.selection import narrowed, part_of, select

LIBRARY = {name: load_scenario(name) for name in shipped_scenarios()}
EXACT = "quota/quota-exact"
RAISING = """
class Mine:
    def __init__(self, *places, **settings):
        pass

    def collect(self):
        return {}["missing-key"]
"""


def test_a_named_scenario_is_judged_by_what_is_judged_everywhere() -> None:
    found = select(LIBRARY, scenarios=["quota-exact"])
    assert set(found.named) == set(LIBRARY[EXACT].clauses)
    assert found.in_passing == set(UNIVERSAL) - set(found.named)
    assert set(found.clauses) == {*found.named, *UNIVERSAL}


def test_but_for_clauses_that_are_not_selected() -> None:
    assert select(LIBRARY, scenarios=["quota-exact"], clauses=["quota"]).in_passing == frozenset()
    assert "report.ledger" not in select(LIBRARY, scenarios=["quota-exact"], level="core").clauses


def test_a_clause_that_is_judged_everywhere_is_asked_of_any_scenario() -> None:
    found = select(LIBRARY, scenarios=["quota-exact"], clauses=["run.errors"])
    assert (found.clauses, {name for name, _ in found.pairs}) == (("run.errors",), {EXACT})


def test_the_whole_names_each_of_its_clauses() -> None:
    assert select(LIBRARY).in_passing == frozenset()


@pytest.mark.parametrize("part", range(1, 9))
def test_a_part_of_it_is_judged_by_what_is_judged_everywhere(part: int) -> None:
    assert set(UNIVERSAL) <= set(part_of(select(LIBRARY), LIBRARY, part, 8).clauses)


def test_nothing_is_judged_of_no_pairs() -> None:
    assert narrowed(select(LIBRARY), LIBRARY, ()).clauses == ()


def test_what_showed_nothing_has_no_row_and_what_failed_has_one() -> None:
    selection = select(LIBRARY, scenarios=["quota-exact"], world="fake", clauses=["quota.notice", "run"])
    named = ClauseVerdict("quota.notice", "core", "pass")
    failed = ClauseVerdict("run.errors", "core", "fail", "it raised")
    for clauses, rows, code in (([named], 1, 0), ([named, failed], 2, 1)):
        result = ScenarioVerdict(EXACT, 0, "fake", "pass", clauses=clauses)
        found = conclude(selection, [result], Expectations())
        assert (len(found.rows), found.exit) == (rows, code)


def test_last_failed_sees_again_what_a_scenario_does_not_name(tmp_path: Path) -> None:
    """It once forgot ``run.errors`` of a scenario that is about something else, and ended well."""
    (tmp_path / "mine.py").write_text(RAISING)
    words = ["conform", "--world", "fake", "--collector", "py:mine:Mine", "--clause", "run.errors", "--clause", "quota"]
    for more in (["--scenario", "quota-exact"], ["--last-failed"]):
        done = subprocess.run(
            [sys.executable, "-m", "etp_kit", *words, *more], cwd=tmp_path, capture_output=True, text=True,
            timeout=120, check=False, env={**os.environ, "COLUMNS": "120"},
        )  # fmt: skip
        assert done.returncode == 1, done.stdout + done.stderr
        assert "run.errors: pass 0 ended: raised KeyError" in done.stdout
