"""The store: what is there counts once, and a file that cannot be used is refused in one line."""

from __future__ import annotations

import sqlite3
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etp_kit.simulator.base import BadInput
from etp_kit.simulator.core import STARVED
from etp_kit.simulator.sweep import Outcome, Store, open_to_read, summary_of
from etp_kit.simulator.sweep.judged import Failure
from etp_kit.simulator.sweep.store import ranges

from .conftest import Opened


def outcome(seed: int, *failures: Failure) -> Outcome:
    return Outcome(
        seed,
        "real",
        f"{seed:x}",
        "fail" if failures else "pass",
        list(failures),
        ["run.errors"],
        {"delivered": 1},
        {"waited": 2},
    )


def test_a_run_counts_once(opened: Opened) -> None:
    store = opened(None, "reference")
    store.add([outcome(1), outcome(2)])
    store.add([outcome(2, Failure("run.errors", "hang", "too late")), outcome(3)])
    assert store.done("real") == {1, 2, 3}
    assert summary_of(store.connection).verdicts == {"pass": 3}


def test_what_was_starved_is_not_done_and_gives_way_to_its_outcome(opened: Opened) -> None:
    store = opened(None, "reference")
    starved = Outcome(2, "real", "2", STARVED, detail="the machine gave it no chance")
    store.add([outcome(1), starved])
    assert store.done("real") == {1}
    assert summary_of(store.connection).verdicts == {"pass": 1, "starved": 1}
    store.add([starved, outcome(1, Failure("run.errors", "hang", "too late"))])
    assert store.done("real") == {1}
    store.add([outcome(2)])
    assert store.done("real") == {1, 2}
    assert summary_of(store.connection).verdicts == {"pass": 2}
    store.add([starved])
    assert summary_of(store.connection).verdicts == {"pass": 2}


def test_a_summary_counts_by_signature(opened: Opened) -> None:
    store = opened(None, "reference")
    store.add(
        [
            outcome(5, Failure("run.errors", "hang", "a"), Failure("clean.residue", "", "b")),
            outcome(4, Failure("clean.residue", "", "c")),
            outcome(6),
        ]
    )
    summary = summary_of(store.connection)
    assert [(one.name, one.count, one.examples, one.reason) for one in summary.signatures] == [
        ("clean.residue", 2, [(4, "real"), (5, "real")], "c"), ("run.errors/hang", 1, [(5, "real")], "a"),
    ]  # fmt: skip
    assert summary.first == {"waited": 4}
    assert "waited" not in summary.never_reached
    assert "torn-completed" in summary.never_reached
    assert "run.errors" not in summary.never_judged


def test_a_store_of_another_collector_is_refused(tmp_path: Path) -> None:
    Store(tmp_path / "s.db", "reference").close()
    with pytest.raises(BadInput, match="is a store of collector 'reference', this sweep is of 'mutant:x'"):
        Store(tmp_path / "s.db", "mutant:x")


def test_a_store_of_another_generator_is_refused(tmp_path: Path) -> None:
    Store(tmp_path / "s.db", "reference").close()
    with sqlite3.connect(tmp_path / "s.db") as connection:
        connection.execute("update meta set value = '0' where key = 'generator'")
    connection.close()
    with pytest.raises(BadInput, match="is a store of generator '0'"):
        Store(tmp_path / "s.db", "reference")


@pytest.mark.parametrize("content", [b"no database at all, and longer than a header" * 9, None])
def test_what_is_no_store_is_refused(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "s.db"
    if content is None:
        with sqlite3.connect(path) as connection:
            connection.execute("create table other (x)")
        connection.close()
    else:
        path.write_bytes(content)
    with pytest.raises(BadInput):
        Store(path, "reference")
    with pytest.raises(BadInput):
        open_to_read(path)


def test_a_full_disk_keeps_what_was_done(tmp_path: Path, opened: Opened) -> None:
    store = opened(tmp_path / "s.db", "reference")
    store.add([outcome(1)])
    store.connection.execute(f"pragma max_page_count = {store.connection.execute('pragma page_count').fetchone()[0]}")
    with pytest.raises(BadInput, match="full"):
        store.add([outcome(seed, Failure("run.errors", "", "x" * 4_000)) for seed in range(2, 200)])
    assert store.done("real") == {1}


@given(st.sets(st.integers(0, 60)))
def test_ranges_hold_just_these_seeds(seeds: set[int]) -> None:
    found = list(ranges(sorted(seeds)))
    assert [seed for begin, end in found for seed in range(begin, end)] == sorted(seeds)
    assert all(before < begin for (_, before), (begin, _) in pairwise(found))
