"""Parts of a suite for so many machines: disjoint, and together the whole."""

from __future__ import annotations

from collections import Counter

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from etp_kit.simulator.base.errors import BadInput
from etp_kit.simulator.cli.command import cli
from etp_kit.simulator.scenario.library import load_scenario
from etp_kit.simulator.shipped import shipped_scenarios
from etp_kit.simulator.suite.selection import part_of, select

LIBRARY = {name: load_scenario(name) for name in shipped_scenarios()}
WHOLE = select(LIBRARY)


@settings(deadline=None)
@given(st.integers(1, 300))
def test_parts_are_disjoint_and_together_the_whole(of: int) -> None:
    parts = [part_of(WHOLE, LIBRARY, number, of) for number in range(1, of + 1)]
    assert Counter(pair for part in parts for pair in part.pairs) == Counter(WHOLE.pairs)
    assert {slug for part in parts for slug in part.clauses} == set(WHOLE.clauses)


@pytest.mark.parametrize("given", ["0/2", "3/2", "1", "a/b", "1/0", "-1/2"])
def test_what_is_no_part_is_refused(given: str) -> None:
    with pytest.raises(BadInput, match="expected I/N"):
        CliRunner().invoke(cli, ["conform", "--shard", given], catch_exceptions=False)


def test_a_part_that_is_empty_selects_nothing() -> None:
    done = CliRunner().invoke(cli, ["conform", "--scenario", "quota-exact", "--shard", "2/2"])
    assert done.exit_code == 5


def test_the_slowest_runs_are_told() -> None:
    words = ["conform", "--scenario", "quota-exact", "--world", "fake", "--durations", "1"]
    assert " s  quota/quota-exact in the fake world" in CliRunner().invoke(cli, words).output
