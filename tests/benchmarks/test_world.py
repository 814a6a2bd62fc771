"""How fast a world is: the canonical small run of a careless collector, hooked, beside what the file operations cost alone.

Targets of the project, on one core of an idle machine: 1,500 runs a second on tmpfs and 150 in the fake world, with furnishing and cleaning up.
Run with ``pytest tests/benchmarks/test_world.py --benchmark-only``.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from simulator.world import files
from simulator.world import seam as seams
from simulator.world.fake import FakeKernel
from simulator.world.real import RealKernel

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
    """The least that a listener does: keep the call."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str, int]] = []

    def before(self, label: str, path: str) -> None:
        pass

    def after(self, label: str, path: str, errno: int) -> None:
        self.calls.append((label, path, errno))

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
    seams.install()
    files.install()
    yield f"{directory}/world"
    shutil.rmtree(directory)


def hooked(kernel: Any, root: str) -> int:
    furnish(kernel, root)
    listener = Heard()
    seams.enter(seams.Seam(kernel, root, listener))
    try:
        assert careless(root) == len(HANDLERS) * FILES_A_HANDLER
    finally:
        seams.enter(None)
    return len(listener.calls)


def _report(benchmark: Any, run: Callable[[], Any]) -> None:
    benchmark.extra_info["calls"] = run()
    benchmark(run)


def test_bare_file_operations(benchmark: Any, root: str) -> None:
    def run() -> None:
        furnish(RealKernel(), root)
        careless(root)
        shutil.rmtree(root)

    _report(benchmark, run)


def test_hooked_run_on_tmpfs(benchmark: Any, root: str) -> None:
    def run() -> int:
        calls = hooked(RealKernel(), root)
        shutil.rmtree(root)
        return calls

    _report(benchmark, run)


def test_hooked_run_in_the_fake_world(benchmark: Any, root: str) -> None:
    kernel = FakeKernel()

    def run() -> int:
        kernel.reset()
        return hooked(kernel, "/world")

    _report(benchmark, run)


def test_the_run_makes_as_many_calls_in_both_worlds(root: str) -> None:
    assert hooked(RealKernel(), root) == hooked(FakeKernel(), "/world")
