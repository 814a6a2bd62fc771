"""How fast events are made: as bytes, as labelled plan entries, and by json.dumps and faker alone.

``pytest tests/benchmarks/test_writers.py --benchmark-only --benchmark-columns=min,median,ops``: one operation makes 20,000 events.
"""

from __future__ import annotations

import json
from collections import deque

import pytest

from simulator.assignment import SECOND, Assignment, Limits, Window
from simulator.draw import Draw
from simulator.element import KEYS
from simulator.producers import PRODUCERS
from simulator.producers.plain import maker, stream
from simulator.texts import POOLS

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


@pytest.mark.benchmark(group="20,000 events")
def test_json_dumps_alone(benchmark):
    events = [{key: POOLS.short[number % 1_000] for key in KEYS} for number in range(EVENTS)]
    benchmark(lambda: exhaust(json.dumps(event).encode() for event in events))


@pytest.mark.benchmark(group="20,000 events")
def test_faker_alone(benchmark):
    faker = pytest.importorskip("faker", reason="only to compare with").Faker()
    faker.seed_instance(1)
    benchmark.pedantic(lambda: exhaust(faker.sentence() for _ in range(EVENTS)), rounds=2, warmup_rounds=0)
