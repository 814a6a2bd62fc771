"""Why a run fails: the first decision that differs, in few lines, and the one thing that makes the
difference.
"""

from __future__ import annotations

from typing import Any

import pytest

from etp_kit.simulator.core import History, Record
from etp_kit.simulator.scenario import load_scenario
from etp_kit.simulator.sweep import data_of, why
from etp_kit.simulator.sweep.aligning import parting


def record(actor: str, call: str, path: str = "log/a") -> Record:
    return Record(0, 0, actor, "call", path, {"call": call})


def test_two_runs_part_at_the_first_act_that_differs() -> None:
    same, here, there = record("c", "lstat"), record("c", "read"), record("c", "unlink")
    later = record("c", "close")
    found = parting(History([same, here, later]), History([same, there, later]))
    assert found is not None
    assert (found.before, found.here, found.there, found.consequences) == (same, here, there, (0, 0))


def test_the_shorter_run_comes_to_its_end() -> None:
    same, more = record("c", "lstat"), record("c", "read")
    found = parting(History([same]), History([same, more, more]))
    assert found is not None
    assert (found.here, found.there) == (None, more)


def test_when_something_came_is_no_decision() -> None:
    early, late = record("c", "lstat"), record("c", "lstat")._replace(t=5)
    assert parting(History([early]), History([late])) is None


def test_what_is_only_told_differs_last() -> None:
    notices = [Record(0, 0, "c", "notice", "", {"kind": kind}) for kind in ("quota", "drops")]
    act = record("c", "lstat")
    found = parting(History([notices[0], act]), History([notices[1], act]))
    assert found is not None
    assert found.here == notices[0]


CASES: dict[tuple[str, str], tuple[str, ...]] = {
    ("quota/flood", "quota-raised"): ("lstat log/Contoso.Flooding.Agent/", "close log/Contoso.Flooding.Agent/events"),
    ("clean/residue", "residue-kept"): ("unlink log/",),
    ("clean/residue", "clean-up-skipped"): ("unlink log/",),
}  # fmt: skip


@pytest.mark.parametrize(("name", "mutant"), CASES)
def test_a_mutant_parts_from_the_reference_where_its_defect_is(name: str, mutant: str) -> None:
    scenario = load_scenario(name)
    cause = why(
        data_of(name, scenario),
        0,
        scenario.worlds[0],
        f"mutant:{mutant}",
        "reference",
        [*scenario.clauses, "clean.processed"],
    )
    assert cause is not None
    lines = cause.lines()
    assert len(lines) <= 12
    assert all(text in "\n".join(lines) for text in CASES[name, mutant]), lines


def test_the_reference_fails_nothing_that_could_be_explained() -> None:
    scenario = load_scenario("quota/flood")
    assert why(data_of("quota/flood", scenario), 0, "fake", "reference", "reference", list(scenario.clauses)) is None


def test_what_makes_the_difference_is_named() -> None:
    data: dict[str, Any] = {
        "schema": 1, "title": "t", "about": "a", "clauses": ["quota.notice"], "passes": 1,
        "actor": [{"handler": "A", "events": 3}, {"handler": "B", "events": 1}], "collector": {"quota": 2},
    }  # fmt: skip
    cause = why(data, 0, "fake", "mutant:quota-raised", "reference", ["quota.per-extension"])
    assert cause is not None
    assert cause.decisive == "the extension A"
