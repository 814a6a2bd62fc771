"""How long runs took last: kept in a file of the kit's own, and nothing that decides."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etp_kit.simulator.suite.last_times import PLACE, recall_times, remember_times, seconds_left

ONE, OTHER = ("a/b", "fake", ""), ("c/d", "real", "crash,errno")
SECONDS = st.floats(0, 1e6)


@pytest.fixture(autouse=True)
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_later_run_adds_to_what_is_known_of_its_collector_alone() -> None:
    remember_times("mine", {ONE: 1.0, OTHER: 2.0})
    remember_times("mine", {ONE: 3.0})
    remember_times("theirs", {ONE: 9.0})
    assert recall_times("mine") == {ONE: 3.0, OTHER: 2.0}
    assert recall_times("nobody's") == {}


def test_where_nothing_ran_nothing_is_written() -> None:
    remember_times("mine", {})
    assert not PLACE.parent.exists()


def test_the_collectors_that_ran_last_are_kept() -> None:
    for number in range(12):
        remember_times(f"c{number}", {ONE: 1.0})
        remember_times("mine", {ONE: 1.0})
    assert sorted(json.loads(PLACE.read_text())) == ["c10", "c11", "c5", "c6", "c7", "c8", "c9", "mine"]


@pytest.mark.parametrize(
    "text",
    ["", "[", "[1]", '{"mine": 1}', '{"mine": [["a", "b", "", "x"]]}', '{"mine": [["a", "b", "", NaN]]}', "[" * 9999],
)
def test_what_is_none_of_ours_tells_nothing_and_stops_nothing(text: str) -> None:
    PLACE.parent.mkdir()
    PLACE.write_text(text)
    assert recall_times("mine") == {}
    remember_times("mine", {ONE: 1.0})
    assert recall_times("mine") == {ONE: 1.0}


def test_a_fifo_is_neither_waited_for_nor_replaced() -> None:
    PLACE.parent.mkdir()
    os.mkfifo(PLACE)
    remember_times("mine", {ONE: 1.0})
    assert (recall_times("mine"), PLACE.is_fifo()) == ({}, True)


@given(st.lists(SECONDS, min_size=1, max_size=9), st.integers(1, 64))
def test_no_more_processes_than_there_are_runs_make_it_shorter_than_the_longest(times: list[float], jobs: int) -> None:
    known = {(str(place), "fake", ""): seconds for place, seconds in enumerate(times)}
    left = seconds_left(known, known, jobs)
    assert left is not None
    assert left >= max(times)
    assert left == pytest.approx(max(sum(times) / jobs, *times))


@given(st.lists(SECONDS, min_size=1, max_size=9), st.integers(1, 64), SECONDS)
def test_what_has_run_a_while_is_nearer_to_its_end(times: list[float], jobs: int, spent: float) -> None:
    known = {(str(place), "fake", ""): seconds for place, seconds in enumerate(times)}
    left = seconds_left(known, known, jobs, dict.fromkeys(known, spent))
    rest = [max(0.0, seconds - spent) for seconds in times]
    assert left == pytest.approx(max(sum(rest) / jobs, *rest))


def test_one_that_is_not_known_has_run_a_while_as_well() -> None:
    assert seconds_left([ONE, OTHER], {ONE: 4.0}, 1, {ONE: 1.0, OTHER: 3.0}) == 4.0


def test_what_is_mostly_unknown_is_not_guessed() -> None:
    assert seconds_left([ONE, OTHER, ("e", "fake", "")], {ONE: 1.0}, 1) is None
    assert seconds_left([ONE, OTHER], {ONE: 1.0}, 1) == 2.0
    assert seconds_left([], {}, 2) == 0.0
