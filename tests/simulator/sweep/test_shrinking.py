"""Failures made small: the same failure, a scenario of the ordinary language, few steps; and what
becomes of them later.
"""

from __future__ import annotations

import json
import tomllib
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etp_kit.simulator.base import BadInput
from etp_kit.simulator.runner import Job, RunSpec, result_of
from etp_kit.simulator.scenario import load_scenario, scenario_from_data
from etp_kit.simulator.subjects import resolve
from etp_kit.simulator.suite import supervised
from etp_kit.simulator.sweep import LocalExecutor, Store, SweepPlan, find, keep, replay, shrink_scenario, sweep
from etp_kit.simulator.sweep.anchors import places_of
from etp_kit.simulator.sweep.generate import random_scenario, scenario_data
from etp_kit.simulator.sweep.judged import judged_run
from etp_kit.simulator.sweep.outcome import Found
from etp_kit.simulator.sweep.rearrangements import rearrangements
from etp_kit.simulator.sweep.reductions import reductions
from etp_kit.simulator.sweep.scenario_file import scenario_text

MUTANT = "mutant:clean-up-skipped"


@pytest.fixture(scope="module")
def found() -> Found:
    small: list[Found] = []
    with closing(Store(None, MUTANT)) as store:
        sweep(SweepPlan(MUTANT, ("real",), 0, 4), LocalExecutor(1), store, small=small.append)
    return next(one for one in small if one.signature == "clean.processed")


@pytest.fixture
def kept(found: Found, tmp_path: Path) -> Path:
    return tmp_path / "failures" / keep(found, tmp_path / "failures")


def test_it_has_few_steps_and_few_lines(found: Found) -> None:
    assert found.steps <= 3
    assert len(scenario_text(found.data).splitlines()) <= 20


def test_it_fails_as_an_ordinary_scenario_does(kept: Path, found: Found) -> None:
    scenario = load_scenario(str(kept / "scenario.toml"))
    verdict = supervised(RunSpec(scenario, found.seed, MUTANT, "real"))
    assert "clean.processed" in [one.slug for one in verdict.clauses if one.verdict == "fail"]
    assert supervised(RunSpec(scenario, found.seed, "reference", "real")).verdict == "pass"


def test_a_kept_failure_is_seen_again(kept: Path) -> None:
    assert replay(find(str(kept))).outcome == "FAILED"
    assert replay(find(str(kept / "scenario.toml")), "reference").outcome == "FIXED"


def test_one_that_an_older_kit_kept_is_seen_again(kept: Path) -> None:
    record = kept / "failure.json"
    told = json.loads(record.read_text())
    assert told.pop("original_seed") in range(4)
    record.write_text(json.dumps(told))
    assert replay(find(str(kept))).outcome == "FAILED"


def test_another_failure_is_different(kept: Path) -> None:
    record = kept / "failure.json"
    record.write_text(json.dumps({**json.loads(record.read_text()), "signature": "clean.processed/hang"}))
    replayed = replay(find(str(kept)))
    assert (replayed.outcome, replayed.why.partition(": ")[0]) == ("DIFFERENT", "it fails otherwise")


def test_a_place_that_nothing_meets_is_different(kept: Path) -> None:
    with (kept / "scenario.toml").open("a") as stream:
        stream.write('\n[[place]]\nactor = "A"\nbefore = "mkdir"\n')
    assert replay(find(str(kept)), "reference").outcome == "DIFFERENT"


def test_a_clause_with_nothing_to_judge_is_different(kept: Path) -> None:
    scenario = kept / "scenario.toml"
    scenario.write_text(scenario.read_text().replace("events = 1", "events = 0"))
    assert replay(find(str(kept)), "reference").why == "clean.processed had nothing to judge"


@pytest.mark.parametrize("content", ["{}", "[", "no"])
def test_a_broken_record_is_bad_input(kept: Path, content: str) -> None:
    (kept / "failure.json").write_text(content)
    with pytest.raises(BadInput, match="cannot be read"):
        find(str(kept))


def test_what_is_not_kept_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no failure is kept there"):
        find("clean.processed-1-00000000", tmp_path)


def test_the_test_to_paste_fails(kept: Path) -> None:
    (test,) = kept.glob("test_*.py")
    names: dict[str, object] = {}
    exec(test.read_text(), names)
    run = next(value for name, value in names.items() if name.startswith("test_"))
    with pytest.raises(AssertionError, match="handed over and is still there"):
        run(kept)


def test_a_scenario_of_the_library_shrinks() -> None:
    small = shrink_scenario("quota/flood", 0, "mutant:quota-raised", "real", "quota.per-extension")
    assert small is not None
    assert len(small.data["actor"]) == small.data["passes"] == 1
    assert small.data["actor"][0]["events"] == "quota+1"


def test_what_takes_more_steps_is_no_smaller(tmp_path: Path) -> None:
    """Without its setting the scenario has a line less, and the default of hundreds."""
    scenario = tmp_path / "scenario.toml"
    scenario.write_text(
        'schema = 1\ntitle = "t"\nabout = "a"\npasses = 1\nclauses = ["quota.notice"]\ncollector = { quota = 5 }\n'
        '[[actor]]\nhandler = "A"\nevents = "quota"\n'
    )
    small = shrink_scenario(str(scenario), 0, "mutant:exact-quota-unnoted", "real", "quota.notice")
    assert small is not None
    assert small.data["collector"] == {"quota": 1}
    assert small.steps <= 3


def test_what_can_be_said_in_fewer_steps_is(tmp_path: Path) -> None:
    """One name of the hazard's five is enough, and no event beside it."""
    scenario = tmp_path / "scenario.toml"
    scenario.write_text(
        'schema = 1\ntitle = "t"\nabout = "a"\npasses = 1\nclauses = ["discover.layout"]\n'
        '[[actor]]\nhandler = "A"\nevents = 1\nhazards = [{ kind = "subdirectory" }]\n'
    )
    small = shrink_scenario(str(scenario), 0, "mutant:subdirectories-emptied", "real", "discover.layout")
    assert small is not None
    assert small.steps <= 3


def test_events_may_share_a_file() -> None:
    data = {"actor": [{"handler": "A", "events": 3}]}
    assert list(rearrangements(data)) == [{"actor": [{"handler": "A", "events": 3, "per_file": 3}]}]
    assert list(rearrangements({"actor": [{"handler": "A", "events": 1}]})) == []


def test_what_was_in_a_pass_that_is_gone_is_in_one_that_is_left() -> None:
    hazards = [{"kind": "fifo", "passes": [1]}, {"kind": "torn", "passes": [0, 1]}]
    actor = {"handler": "A", "passes": [1], "hazards": hazards, "life": [{"do": "remove", "in_pass": 1}]}
    data = {"passes": 2, "actor": [actor], "fault": [{"kind": "crash", "in_pass": 1}]}
    kept = [{"kind": "fifo"}, {"kind": "torn", "passes": [0]}]
    shorter = {"handler": "A", "hazards": kept, "life": [{"do": "remove", "in_pass": 0}]}
    assert next(reductions(data)) == {"passes": 1, "actor": [shorter], "fault": [{"kind": "crash", "in_pass": 0}]}


def test_one_actor_may_have_the_hazards_of_two() -> None:
    fifo, link = {"kind": "fifo"}, {"kind": "hardlink"}
    first, second = {"handler": "A", "events": 0, "hazards": [fifo]}, {"handler": "B", "events": 1, "hazards": [link]}
    two = {"actor": [first, second]}
    assert {"actor": [{"handler": "B", "events": 1, "hazards": [link, fifo]}]} in list(rearrangements(two))
    assert {"actor": [{"handler": "A", "events": 0, "hazards": [fifo, link]}]} in list(rearrangements(two))


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_what_is_said_otherwise_is_something_else(seed: int) -> None:
    data = scenario_data(seed)
    for other in rearrangements(data):
        assert other != data


def test_what_does_not_fail_does_not_shrink() -> None:
    assert shrink_scenario("quota/flood", 0, "reference", "real") is None


def test_the_places_of_a_run_say_its_schedule() -> None:
    """A run by the places of another one takes the same steps before the same acts."""
    compared = equal = 0

    def work(place: Any) -> tuple[list[str], list[str], int]:
        data = {**scenario_data(seed), "clauses": ["run.errors"]}
        subject = resolve("reference")
        first = judged_run(scenario_from_data(data, "x"), seed, subject, place, ()).history
        assert first is not None
        places = places_of(first)
        if not places or len(places) >= 60:
            return [], [], 0
        placed = judged_run(scenario_from_data({**data, "place": places}, "x"), seed, subject, place, ())
        assert placed.history is not None
        return list(first.lines()), list(placed.history.lines()), placed.unmet

    for seed in range(60):
        if random_scenario(seed).service:
            continue
        first, second, unmet = result_of(Job("x", work, "real"))[0]
        if first:
            compared += 1
            equal += second == first
            assert unmet == 0, seed
    assert compared > 5
    assert equal >= compared * 0.8, (equal, compared)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_a_reduction_is_smaller_and_the_text_says_the_data(seed: int) -> None:
    data = scenario_data(seed)
    assert tomllib.loads(scenario_text(data)) == data
    for smaller in reductions(data):
        assert smaller != data


def test_reductions_end() -> None:
    """Whatever is kept, nothing grows for ever."""
    data = scenario_data(3)
    for _ in range(500):
        following = next(reductions(data), None)
        if following is None:
            break
        data = following
    else:
        raise AssertionError("there is always one more reduction")
