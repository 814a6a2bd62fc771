"""Sweeps on this machine: every seed counts once, whoever dies; an interrupted one goes on; the
canary must fail.
"""

from __future__ import annotations

import io
import json
from pathlib import Path
from textwrap import dedent

import pytest
from rich.console import Console

from etp_kit.simulator.base import BadInput, KitBroke
from etp_kit.simulator.cli.sweep_report import show
from etp_kit.simulator.core import STARVED
from etp_kit.simulator.runner import Died
from etp_kit.simulator.subjects import HOOKS, Hooks, unheard
from etp_kit.simulator.subjects.program import hooks
from etp_kit.simulator.sweep import LocalExecutor, Store, SweepPlan, again, departures, sing, summary_of, sweep
from etp_kit.simulator.sweep import sweeping as sweeping_module
from etp_kit.simulator.sweep.batch import Batch, Journal
from etp_kit.simulator.sweep.executor import Executor, ended_batch
from etp_kit.simulator.sweep.summary import Summary

from ..subjects.program.programs import program
from .conftest import Opened

PLAN = SweepPlan("reference", ("real",), 0, 30, workers=2, checked=0.3)


@pytest.fixture
def deadly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A collector that ends its process where an event's file name has an odd sum of digits."""
    (tmp_path / "deadly_for_a_sweep.py").write_text(
        dedent("""
        import os
        class Deadly:
            def __init__(self, log_dir, *_, **__):
                self.log_dir = log_dir
            def collect(self):
                names = [n for _, _, files in os.walk(self.log_dir) for n in files]
                if sum(map(len, names)) % 7 == 1:
                    os._exit(3)
        def make(log_dir, agent_dir, sender, **settings):
            return Deadly(log_dir)
        """)
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    return "py:deadly_for_a_sweep:make"


def _swept(plan: SweepPlan, store: Store, **how: bool) -> None:
    sweep(plan, LocalExecutor(2), store, **how)


def test_an_interrupted_sweep_resumed_equals_an_uninterrupted_one(tmp_path: Path, opened: Opened) -> None:
    whole, parts = opened(None, "reference"), opened(tmp_path / "s.db", "reference")
    _swept(PLAN, whole)

    def interrupted(outcomes: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sweep(PLAN, LocalExecutor(2), parts, heard=interrupted)
    assert 0 < len(parts.lasting()) < len(whole.lasting()) == 30
    _swept(PLAN, parts, resume=True)
    assert parts.lasting() == whole.lasting()


def test_a_seed_that_the_machine_starved_runs_again_where_a_sweep_goes_on(opened: Opened) -> None:
    whole, parts = opened(None, "reference"), opened(None, "reference")
    plan = SweepPlan("reference", ("real",), 0, 3, checked=1)
    _swept(plan, whole)
    batch = Batch("reference", "real", 0, 3)
    journal = Journal()
    journal.begin()
    (starved,), rest = ended_batch(batch, journal, Died(STARVED, "the machine gave it no chance", 0))
    journal.close()
    assert rest == Batch("reference", "real", 1, 3)
    parts.add([starved])
    _swept(plan, parts, resume=True)
    assert parts.lasting() == whole.lasting()


def test_seeds_that_overlap_are_refused_without_resume(opened: Opened) -> None:
    store = opened(None, "reference")
    _swept(SweepPlan("reference", ("real",), 3, 5), store)
    with pytest.raises(BadInput, match=r"2 of the seeds are in the store already \(real world, from 3 on\)"):
        _swept(PLAN, store)


def test_a_collector_that_kills_workers_costs_its_own_seeds(deadly: str, opened: Opened) -> None:
    store = opened(None, deadly)
    _swept(SweepPlan(deadly, ("real",), 0, 40, workers=2), store)
    assert store.done("real") == set(range(40))
    dead = {one.name: one.count for one in summary_of(store.connection).signatures}["run.errors/crash"]
    assert 0 < dead < 40


def test_the_sample_gives_the_same_bytes_in_another_process(opened: Opened) -> None:
    store = opened(None, "reference")
    _swept(PLAN, store)
    sampled = store.sampled()
    assert len(sampled) > 3
    assert departures("reference", sampled, workers=2) == []


@pytest.mark.parametrize("choice", HOOKS)
def test_what_was_chosen_for_programs_holds_in_the_other_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opened: Opened, choice: Hooks
) -> None:
    """Where it did not, each history parted at its first record, which says what was lacking."""
    if choice == "require" and unheard(choice):
        pytest.skip("no program is heard here")
    monkeypatch.setattr(hooks, "_asked", choice)
    store = opened(None, program(tmp_path))
    _swept(SweepPlan(store.collector, ("real",), 0, 8, checked=1.0), store)
    assert len(store.sampled()) > 1
    assert departures(store.collector, store.sampled()) == []


def test_an_order_by_hash_is_named_with_its_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opened: Opened
) -> None:
    (tmp_path / "by_hash_for_a_sweep.py").write_text(
        dedent("""
        import os
        class ByHash:
            def __init__(self, log_dir, *_, **__):
                self.log_dir = log_dir
            def collect(self):
                for name in {"a", "b", "c", "d", "e", "f", "g"}:
                    os.path.lexists(os.path.join(self.log_dir, name))
        def make(log_dir, agent_dir, sender, **settings):
            return ByHash(log_dir)
        """)
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    store = opened(None, "py:by_hash_for_a_sweep:make")
    _swept(SweepPlan(store.collector, ("real",), 0, 4, checked=1.0), store)
    (first, *_) = departures(store.collector, [(seed, "real", "another hash") for seed in range(4)])
    assert (first.actor, first.world) == ("collector", "real")
    assert first.here != first.there


def test_what_dies_in_its_second_run_has_parted(
    deadly: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, opened: Opened
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    store = opened(None, deadly)
    _swept(SweepPlan(deadly, ("real",), 0, 40, workers=2), store)
    dead = store.connection.execute("select seed from runs where failures like '%crash%'").fetchall()
    (seed, *_), *_ = dead
    (parted,) = departures(deadly, [(seed, "real", "the hash of a first run that ended")])
    assert (parted.seed, parted.world) == (seed, "real")


@pytest.mark.parametrize("hurried", [{}, {"hurried": 2}])
def test_what_parts_where_threads_computed_says_that_their_order_was_the_machines(hurried: dict[str, int]) -> None:
    ended = {"actor": "kit", "op": "pass-end", "path": "", "result": {"kind": "extension", **hurried}}
    named = {"actor": "collector", "op": "open", "path": '"pass-end" "hurried"', "result": {}}
    here, there = (json.dumps({**named, "i": number}) for number in (1, 2))
    parted = again._parting(7, "real", [here, json.dumps(ended)], [there])
    out = io.StringIO()
    show(Console(file=out, width=200), Summary("mine", ""), [parted])
    assert ("the order of their calls was the machine's" in out.getvalue()) is bool(hurried)


def test_a_canary_that_passes_breaks_the_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    assert sing(LocalExecutor(1), "real") < 40
    monkeypatch.setattr(sweeping_module, "CANARY", "reference")
    with pytest.raises(KitBroke, match="sees nothing"):
        sing(LocalExecutor(2), "real")


def test_a_local_executor_is_one() -> None:
    executor: Executor = LocalExecutor(1)
    assert list(executor.run([])) == []
