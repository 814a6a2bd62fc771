"""docs/mutation.md is what the campaign's results and the reasons make;
the campaign samples alike, and every survivor was looked at.
"""

from __future__ import annotations

import pytest

from etp_kit.simulator.shipped import shipped_scenarios
from tests.mutation.page import DOCUMENT, Unsaid, document, joined, read

RESULTS, SAID = read()


def test_docs_mutation_is_current() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document(RESULTS, SAID), "run `python -m tests.mutation.page`"


def test_sample_is_as_large_as_it_is_due_to_be_and_names_nothing_twice() -> None:
    ids = [row["id"] for row in RESULTS["mutants"]]
    assert len(ids) == len(set(ids)) == 300


def test_of_a_hundred_that_change_what_a_clause_fixes_eight_live_at_most() -> None:
    survivors = joined(RESULTS, SAID)
    alive = [row for row in survivors if row["kind"] == "open"]
    beyond = [row for row in survivors if row["kind"] in {"equivalent", "outside"}]
    assert len(alive) <= 0.08 * (len(RESULTS["mutants"]) - len(beyond))


def test_scenarios_that_kill_exist() -> None:
    assert {entry["by"] for entry in SAID.values() if "by" in entry} <= set(shipped_scenarios())


def test_a_survivor_of_which_nothing_is_said_is_refused() -> None:
    some = next(iter(SAID))
    with pytest.raises(Unsaid, match=some):
        joined(RESULTS, {name: entry for name, entry in SAID.items() if name != some})


def test_a_reason_that_outlived_its_mutant_is_refused() -> None:
    with pytest.raises(Unsaid, match="nobody"):
        joined(RESULTS, {**SAID, "nobody": {"kind": "equivalent", "reason": "x"}})


def test_a_kill_without_its_scenario_is_refused() -> None:
    some = next(name for name, entry in SAID.items() if entry["kind"] == "equivalent")
    with pytest.raises(Unsaid, match=some):
        joined(RESULTS, {**SAID, some: {"kind": "killed", "reason": "x"}})
