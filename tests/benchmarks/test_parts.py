"""What the parts of a pass cost: a list read and judged, an event made, a name tried, a secret
looked for.

``pytest tests/benchmarks/test_parts.py --benchmark-only``: each part has its name in the figures,
which docs/performance.md shows.
"""

from __future__ import annotations

import json
import os

import pytest

from etp_kit.collector import build, event, listing, reader, redact, telemetry
from tests.benchmarks.compare import event as made
from tests.budgets.functions import Sender

EVENTS = 360
LIMITS = 3_072, 6_144
MAX_ELEMENT = 262_144

ORDINARY = [made(number) for number in range(EVENTS)]
#: The same, but for what the fast path does not let through.
ODD = {
    "with a signature": [{**one, "Message": f"{one['Message']} https://host/path?sv=1&sig=abc"} for one in ORDINARY],
    "with a pid that is a number": [{**one, "EventPid": 1234} for one in ORDINARY],
    "with a key more": [{**one, "Extra": ""} for one in ORDINARY],
}


def judged(raw):
    """The verdicts of a file's elements."""
    parts = [raw]
    shown, found = reader.elements(lambda _: parts.pop() if parts else b"", len(raw), MAX_ELEMENT, event.usual_values)
    return [event.judge(element, shown, *LIMITS) for element in found]


def timed(benchmark, part, function, *arguments):
    benchmark.extra_info["part"] = part
    return benchmark(function, *arguments)


def test_ordinary_events(benchmark):
    verdicts = timed(
        benchmark, f"{EVENTS} ordinary events of one file, read and judged", judged, json.dumps(ORDINARY).encode()
    )
    assert [reason for _, reason in verdicts] == [None] * EVENTS


@pytest.mark.parametrize("kind", ODD)
def test_odd_events(benchmark, kind):
    verdicts = timed(
        benchmark, f"{EVENTS} events of one file {kind}, read and judged", judged, json.dumps(ODD[kind]).encode()
    )
    assert [reason for _, reason in verdicts] == [None] * EVENTS


def test_one_event(benchmark):
    verdicts = timed(
        benchmark, "one ordinary event of one file, read and judged", judged, json.dumps(ORDINARY[:1]).encode()
    )
    assert len(verdicts) == 1


def test_telemetry_events(benchmark):
    template = telemetry.Template("Publisher.Extension", telemetry.common_parameters(()))
    fields = [event.usual_values(one) for one in ORDINARY]

    def make():
        return [template.event("1.json", index, "2026-01-01T00:00:00.000000Z", one) for index, one in enumerate(fields)]

    assert len(timed(benchmark, f"{EVENTS} telemetry events, made", make)) == EVENTS


def test_redaction_of_a_url(benchmark):
    text = "read https://host/path?sv=1&sig=abc and wrote it"
    assert "abc" not in timed(benchmark, "one signature, redacted", redact.redact, text)


def test_names(benchmark):
    names = [f"{1_767_225_600_000 + number}.json" for number in range(10_000)]
    timed(benchmark, "10,000 names, tried", lambda: listing.event_files(names))


def test_a_pass_over_one_file(benchmark, tmp_path):
    events = tmp_path / "Publisher.Extension" / "events"
    os.makedirs(events)
    collector = build(str(tmp_path), None, Sender())
    content = json.dumps(ORDINARY[:1])
    benchmark.extra_info["part"] = "a pass over one extension with one file of one event"
    benchmark.pedantic(
        collector.collect, setup=lambda: (events / "1767225600000.json").write_text(content) and None, rounds=200
    )
    assert os.listdir(events) == []
