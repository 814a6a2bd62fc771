"""How fast a world is:
the canonical small run of a careless collector, beside what the file operations cost alone.

The canonical run is two handlers with three files each. It is measured thrice: the file operations
bare; behind the seam, with every call a record of a history; and as the kit makes it from a
scenario, writers, sender and final tree included. The last is measured for the reference too,
loaded fresh each time and judged.

Targets of the project, on one core of an idle machine: 1,500 hooked runs a second on tmpfs and 150
in the fake world, 250 judged runs of the reference on tmpfs; with furnishing and cleaning up. Run
with ``pytest tests/benchmarks/test_world.py --benchmark-only --benchmark-columns=min,median,ops``.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from etp_kit.simulator.core.history import COLLECTOR, Record
from etp_kit.simulator.runner.job import Job
from etp_kit.simulator.runner.run import run
from etp_kit.simulator.runner.spec import RunSpec
from etp_kit.simulator.runner.worker import result_of
from etp_kit.simulator.scenario.library import load_scenario
from etp_kit.simulator.subjects.specs import resolve
from etp_kit.simulator.subjects.subject import Subject
from etp_kit.simulator.suite.examination import examine
from etp_kit.simulator.world import files
from etp_kit.simulator.world import seam as seams
from etp_kit.simulator.world.fake import FakeKernel
from etp_kit.simulator.world.hooks import install_seam
from etp_kit.simulator.world.real import RealKernel
from etp_kit.simulator.world.world import FakeWorld, RealWorld

HANDLERS = ("Acme.Extension.Linux", "Other.Agent")
FILES_A_HANDLER = 3
EVENT = json.dumps({"Version": "1", "Message": "text", "EventPid": "1", "EventTid": "2", "OperationId": ""}).encode()


def careless(log_dir: str) -> int:
    """A collector as one writes it first: list, open, parse, remove."""
    count = 0
    for handler in os.listdir(log_dir):
        events = os.path.join(log_dir, handler, "events")
        if not os.path.isdir(events):
            continue
        for name in sorted(os.listdir(events), reverse=True):
            path = os.path.join(events, name)
            with open(path, encoding="utf-8") as file:
                count += bool(json.load(file))
            os.remove(path)
    return count


class Heard:
    """The least that a listener does: keep each call as a record of the history."""

    def __init__(self) -> None:
        self.records: list[Record] = []

    def before(self, label: str, path: str) -> None:
        pass

    def after(self, label: str, path: str, errno: int) -> None:
        self.records.append(
            Record(0, 0, COLLECTOR, "call", path, {"call": label, "errno": errno} if errno else {"call": label})
        )

    def is_endless(self, label: str, path: str) -> bool:
        return False

    def order(self, names: list[Any]) -> list[Any]:
        return names

    def shorten(self, path: str, wanted: int) -> int:
        return wanted


def furnish(kernel: Any, root: str) -> None:
    function = kernel.function
    mkdir, opened, write, close = (function(name) for name in ("mkdir", "open", "write", "close"))
    mkdir(root)
    for handler in HANDLERS:
        mkdir(f"{root}/{handler}")
        mkdir(f"{root}/{handler}/events")
        for i in range(FILES_A_HANDLER):
            fd = opened(f"{root}/{handler}/events/{1_767_571_200_000 + i}.json", os.O_CREAT | os.O_WRONLY, 0o644)
            write(fd, EVENT)
            close(fd)


@pytest.fixture
def root() -> Iterator[str]:
    shared_memory = "/dev/shm"
    directory = tempfile.mkdtemp(dir=shared_memory if os.access(shared_memory, os.W_OK) else None)
    install_seam()
    files.install_files()
    yield f"{directory}/world"
    shutil.rmtree(directory)


def hooked(kernel: Any, root: str) -> int:
    furnish(kernel, root)
    listener = Heard()
    seams.enter_seam(seams.Seam(kernel, root, listener))
    try:
        assert careless(root) == len(HANDLERS) * FILES_A_HANDLER
    finally:
        seams.enter_seam(None)
    return len(listener.records)


def _report(benchmark: Any, run: Callable[[], Any]) -> None:
    benchmark.extra_info["calls"] = run()
    benchmark(run)


def test_bare_file_operations(benchmark: Any, root: str) -> None:
    world = RealWorld(Path(root).parent)

    def run() -> None:
        furnish(RealKernel(), root)
        careless(root)
        world.empty()

    _report(benchmark, run)


def test_hooked_run_on_tmpfs(benchmark: Any, root: str) -> None:
    world = RealWorld(Path(root).parent)

    def run() -> int:
        calls = hooked(RealKernel(), root)
        world.empty()
        return calls

    _report(benchmark, run)


def test_hooked_run_in_the_fake_world(benchmark: Any, root: str) -> None:
    kernel = FakeKernel()

    def run() -> int:
        kernel.reset()
        return hooked(kernel, "/world")

    _report(benchmark, run)


#: Runs in one worker: enough for the fork not to count.
RUNS = 1_000
SMALL = load_scenario("small/two-handlers").model_copy(update={"passes": 1})
TOY = f"dir:{Path(__file__).parent.parent / 'simulator' / 'toy'}"


def _whole_runs(benchmark: Any, world: str, make: Callable[[FakeWorld | RealWorld], Callable[[], object]]) -> None:
    """Time RUNS runs in a worker; what is printed is for all of them."""

    def work(place: FakeWorld | RealWorld) -> bool:
        one = make(place)
        for _ in range(RUNS):
            one()
        return True

    benchmark.extra_info["runs"] = RUNS
    assert benchmark.pedantic(lambda: result_of(Job("benchmark", work, world))[0], rounds=5)


def _toy_loaded_once(place: FakeWorld | RealWorld) -> Callable[[], object]:
    factory = resolve(TOY).load()
    subject = Subject(TOY, lambda: factory)
    return lambda: run(RunSpec(SMALL, 0, "reference", place.name), subject, place)


@pytest.mark.benchmark(group=f"{RUNS} whole runs")
@pytest.mark.parametrize("world", ["real", "fake"])
def test_whole_runs_of_the_toy(benchmark: Any, world: str) -> None:
    _whole_runs(benchmark, world, _toy_loaded_once)


@pytest.mark.benchmark(group=f"{RUNS} whole runs")
@pytest.mark.parametrize("world", ["real", "fake"])
def test_judged_runs_of_the_reference_loaded_fresh(benchmark: Any, world: str) -> None:
    _whole_runs(benchmark, world, lambda place: lambda: examine(RunSpec(SMALL, 0, "reference", place.name), place))


def test_the_run_makes_as_many_calls_in_both_worlds(root: str) -> None:
    assert hooked(RealKernel(), root) == hooked(FakeKernel(), "/world")
