"""How fast events are made:
as bytes, as labelled plan entries, as files on tmpfs, and by json.dumps and faker alone.

``pytest tests/benchmarks/test_writers.py --benchmark-only --benchmark-columns=min,median,ops``: one
operation makes 20,000 events. Targets of the project, on one core of an idle machine: 1,000,000
events a second as bytes (20 ms), 200,000 as plan entries (100 ms), 60,000 files a second (333 ms).
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections import deque

import pytest

from etp_kit.simulator.base.random_stream import Draw
from etp_kit.simulator.base.units import SECOND
from etp_kit.simulator.core.drop_reasons import KEYS
from etp_kit.simulator.core.limits import Limits
from etp_kit.simulator.core.window import Window
from etp_kit.simulator.writers.assignment import Assignment
from etp_kit.simulator.writers.files import perform
from etp_kit.simulator.writers.producers import PRODUCERS
from etp_kit.simulator.writers.producers.plain import maker, stream
from etp_kit.simulator.writers.texts import POOLS

EVENTS = 20_000


def assignment(per_file: int) -> Assignment:
    return Assignment(
        actor=1,
        handler="Bench.Extension",
        directory="log/Bench.Extension/events",
        windows=(Window(0, 0, 300 * SECOND),),
        events=EVENTS,
        per_file=per_file,
        traffic="steady",
        limits=Limits(),
        epoch=1_795_462_516 * SECOND,
    )


def exhaust(items):
    deque(items, maxlen=0)


@pytest.mark.benchmark(group="20,000 events")
def test_bytes(benchmark):
    benchmark(lambda: exhaust(stream(assignment(1), Draw(1), EVENTS)))


@pytest.mark.benchmark(group="20,000 events")
def test_labelled_events(benchmark):
    make = maker(assignment(1), Draw(1))
    benchmark(lambda: exhaust(make(number, number) for number in range(EVENTS)))


@pytest.mark.benchmark(group="20,000 events")
@pytest.mark.parametrize("per_file", [1, 50])
def test_plan_entries(benchmark, per_file):
    benchmark(lambda: exhaust(PRODUCERS["plain"].plan(assignment(per_file), Draw(1))))


@pytest.mark.benchmark(group="20,000 events")
@pytest.mark.parametrize("name", sorted(set(PRODUCERS) - {"plain"}))
def test_real_producer(benchmark, name):
    benchmark.pedantic(lambda: exhaust(PRODUCERS[name].plan(assignment(10), Draw(1))), rounds=2, warmup_rounds=0)


@pytest.fixture
def empty():
    """Gives fresh directories on tmpfs, as descriptors."""
    made: list[tuple[str, int]] = []

    def fresh():
        path = tempfile.mkdtemp(prefix="etp-bench-", dir="/dev/shm")
        made.append((path, os.open(path, os.O_RDONLY | os.O_DIRECTORY)))
        return (made[-1][1],), {}

    yield fresh
    for path, descriptor in made:
        os.close(descriptor)
        shutil.rmtree(path)


def steps():
    return [
        step._replace(path=step.path.rpartition("/")[2]) for step in PRODUCERS["plain"].plan(assignment(1), Draw(1))
    ]


def bare(written, directory):
    """The least that a file costs: open, write, close."""
    for step in written:
        descriptor = os.open(step.path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644, dir_fd=directory)
        os.write(descriptor, step.data)
        os.close(descriptor)


@pytest.mark.benchmark(group="20,000 events")
def test_files_on_tmpfs(benchmark, empty):
    written = steps()
    benchmark.pedantic(lambda directory: perform(written, directory, 0), setup=empty, rounds=3)


@pytest.mark.benchmark(group="20,000 events")
def test_bare_files_on_tmpfs(benchmark, empty):
    written = steps()
    benchmark.pedantic(lambda directory: bare(written, directory), setup=empty, rounds=3)


@pytest.mark.benchmark(group="20,000 events")
def test_json_dumps_alone(benchmark):
    events = [{key: POOLS.short[number % 1_000] for key in KEYS} for number in range(EVENTS)]
    benchmark(lambda: exhaust(json.dumps(event).encode() for event in events))


@pytest.mark.benchmark(group="20,000 events")
def test_faker_alone(benchmark):
    faker = pytest.importorskip("faker", reason="only to compare with").Faker()
    faker.seed_instance(1)
    benchmark.pedantic(lambda: exhaust(faker.sentence() for _ in range(EVENTS)), rounds=2, warmup_rounds=0)
