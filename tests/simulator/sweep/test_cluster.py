"""Sweeps over a real scheduler and two real workers on loopback: no seed is lost and none counts
twice, though a worker is killed.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from etp_kit.simulator.base import BadInput
from etp_kit.simulator.sweep import ClusterExecutor, LocalExecutor, SweepPlan, sweep
from etp_kit.simulator.sweep.batch import Batch
from etp_kit.simulator.sweep.cluster import run_batch, versions

from .conftest import Opened

pytest.importorskip("distributed")
pytestmark = pytest.mark.slow

#: Real seconds that a scheduler or a worker may take to come up on a busy machine.
_PATIENCE = 120


class Cluster:
    """A scheduler and two workers, each a process of its own."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._processes: list[subprocess.Popen[bytes]] = []
        self.address = self._wait(
            self._start("scheduler", "--port", "0", "--no-dashboard", "--host", "127.0.0.1"), r"at:\s+(tcp://\S+)"
        )
        self.workers = [self._worker(number) for number in range(2)]

    def _worker(self, number: int) -> subprocess.Popen[bytes]:
        arguments = (
            "worker",
            self.address,
            "--nthreads",
            "1",
            "--no-nanny",
            "--no-dashboard",
            "--name",
            f"worker-{number}",
        )
        log = self._start(*arguments, "--local-directory", str(self._home))
        self._wait(log, r"(Registered to)")
        return self._processes[-1]

    def _start(self, *arguments: str) -> Path:
        log = self._home / f"log-{len(self._processes)}"
        with log.open("wb") as stream:
            self._processes.append(
                subprocess.Popen([sys.executable, "-m", "dask", *arguments], stdout=stream, stderr=stream)
            )
        return log

    def _wait(self, log: Path, pattern: str) -> str:
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            if found := re.search(pattern, log.read_text(errors="replace")):
                return found[1]
            time.sleep(0.1)
        raise AssertionError(log.read_text(errors="replace"))

    def end(self) -> None:
        for process in reversed(self._processes):
            process.kill()
            process.wait()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    made = Cluster(tmp_path)
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


def test_a_worker_of_the_same_kit_runs_its_batch() -> None:
    (ended,) = run_batch(Batch("reference", "fake", 0, 1), versions())
    assert [outcome.verdict for outcome in ended.outcomes] == ["pass"]
