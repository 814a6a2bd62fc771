"""Sweeps over a real scheduler and two real workers on loopback: no seed is lost and none counts
twice, though a worker is killed.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from etp_kit.simulator.base import BadInput
from etp_kit.simulator.cage import cage
from etp_kit.simulator.sweep import ClusterExecutor, LocalExecutor, SweepPlan, sweep
from etp_kit.simulator.sweep.batch import Batch
from etp_kit.simulator.sweep.cluster import run_batch, versions

from .clusters import Cluster
from .conftest import Opened

pytest.importorskip("distributed")
pytestmark = pytest.mark.slow

@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    made = Cluster(tmp_path, 2)
    yield made
    made.end()


def test_a_killed_worker_loses_no_seed_and_doubles_none(cluster: Cluster, opened: Opened) -> None:
    executor = ClusterExecutor(cluster.address)
    assert executor.threads == 2
    here, there = opened(None, "reference"), opened(None, "reference")
    killed = []

    def heard(outcomes: object) -> None:
        if not killed:
            killed.append(cluster.workers[0].pid)
            os.kill(cluster.workers[0].pid, signal.SIGKILL)

    try:
        sweep(SweepPlan("reference", ("real",), 0, 80, workers=4), executor, there, heard=heard)
    finally:
        executor.close()
    assert killed
    assert there.done("real") == set(range(80))
    assert len(there.lasting()) == 80
    sweep(SweepPlan("reference", ("real",), 0, 80, workers=2), LocalExecutor(2), here)
    assert there.lasting() == here.lasting()


def test_an_unreachable_scheduler_is_bad_input() -> None:
    with pytest.raises(BadInput, match=r"no scheduler answers at tcp://127\.0\.0\.1:1"):
        ClusterExecutor("tcp://127.0.0.1:1")


def test_a_worker_that_came_late_with_another_kit_is_refused() -> None:
    with pytest.raises(BadInput, match=r"has kit and generator .*, here are \('0\.0\.0', 0\)"):
        run_batch(Batch("reference", "fake", 0, 1), ("0.0.0", 0))


def test_a_worker_that_cannot_run_it_as_it_was_asked_for_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cage, "lacking_layers", lambda: {"landlock": "no such thing"})
    with pytest.raises(BadInput, match=r"the worker .* cannot run a batch: .*landlock: no such thing"):
        run_batch(Batch("reference", "fake", 0, 1, cage="require"), versions())


def test_what_was_chosen_holds_in_a_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cage, "_asked", "off")
    batch = Batch("reference", "fake", 0, 1)
    monkeypatch.setattr(cage, "_asked", "try")
    run_batch(batch, versions())
    assert cage.asked_cage() == "off"


def test_a_worker_of_the_same_kit_runs_its_batch() -> None:
    (ended,) = run_batch(Batch("reference", "fake", 0, 1), versions())
    assert [outcome.verdict for outcome in ended.outcomes] == ["pass"]
