"""What loads measure with:
percentiles, marks, memory growth, the lines of a sink, thresholds and the verdict.
"""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etp_kit.simulator.core.labels import token
from etp_kit.simulator.load.percentiles import Spread
from etp_kit.simulator.load.process_stats import Sample, growth
from etp_kit.simulator.load.sink import MOST_LINE, Delivery, Lines, Pass, Serving, parse
from etp_kit.simulator.load.thresholds import Judged, judge
from etp_kit.simulator.load.token_set import Marks
from etp_kit.simulator.load.verdict import Findings, verdict
from etp_kit.simulator.scenario.model import Threshold


@given(st.lists(st.floats(1e-6, 1e5), min_size=1), st.floats(0.01, 1))
def test_a_percentile_is_right_to_one_percent(values: list[float], part: float) -> None:
    spread = Spread()
    for value in values:
        spread.add(value)
    exact = sorted(values)[math.ceil(part * len(values)) - 1]
    assert exact * 0.999 <= spread.at(part) <= exact * 1.011
    assert spread.at(1) == max(values)


def test_nothing_is_spread_at_zero() -> None:
    assert Spread().as_data() == {"p50": 0.0, "p99": 0.0, "max": 0.0}


@given(st.lists(st.tuples(st.integers(0, 4_095), st.integers(0, 1 << 33))))
def test_marks_are_a_set_of_tokens(pairs: list[tuple[int, int]]) -> None:
    marks, known = Marks(), set()
    for actor, number in pairs:
        one = token(actor, number)
        assert marks.has(one) == (one in known)
        assert marks.set(one) == (one in known)
        known.add(one)
    assert marks.count == len(known)


@given(st.lists(st.integers(0, 1_000), min_size=1, max_size=50))
def test_growth_is_told_against_the_warm_process(after: list[int]) -> None:
    start = [Sample(0.0, 0, 10_000, 1), Sample(40.0, 0, 500, 1), Sample(60.0, 0, 400, 1)]
    later = [Sample(61.0 + place, 0, rss, 1) for place, rss in enumerate(after)]
    assert growth(start + later, 60.0) == max(0, max(after) - 500)


def test_growth_of_a_run_that_was_over_before_is_unknown() -> None:
    assert growth([Sample(1.0, 0, 5, 1)], 60.0) is None


@given(st.binary(max_size=300), st.lists(st.integers(1, 20)))
def test_lines_come_out_however_bytes_come_in(data: bytes, sizes: list[int]) -> None:
    lines, found, left = Lines(), [], data
    for size in [*sizes, len(data)]:
        found += lines.feed(left[:size])
        left = left[size:]
    assert found == data.split(b"\n")[:-1]


def test_a_line_without_end_is_given_up_and_the_next_one_read() -> None:
    lines = Lines()
    found = [line for _ in range(5) for line in lines.feed(b"x" * (MOST_LINE // 2))]
    assert found == []
    assert list(lines.feed(b"x\nnext\n")) == [b"next"]
    assert lines.overlong == 1


JSON = st.recursive(st.none() | st.booleans() | st.floats() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))
ODD = st.dictionaries(st.sampled_from(["parameters", "key", "pass", "serving", "eventId"]), JSON)


@given(st.binary() | JSON.map(lambda value: json.dumps(value).encode()) | ODD.map(lambda value: json.dumps(value).encode()))
def test_a_line_may_be_anything(line: bytes) -> None:
    assert isinstance(parse(line, 1), Delivery | Pass | Serving | None)


def test_an_event_is_known_by_its_token() -> None:
    line = {"eventId": 7, "key": ["A", "1.json", 0], "parameters": [{"name": "Context1", "value": f"{token(3, 31)} x"}, {"name": "EventPid", "value": 5}]}
    told = parse(json.dumps(line).encode(), 9)
    assert told == Delivery("etp-00300000001f", "A", {"Context1": "etp-00300000001f x", "EventPid": "5"}, 9)


@pytest.mark.parametrize("message", ["", "etp-", "etp-00300000001", "etp-zzzzzzzzzzzz", "no token"])
def test_a_text_that_only_looks_like_a_token_is_none(message: str) -> None:
    told = parse(json.dumps({"parameters": [{"name": "Context1", "value": message}]}).encode(), 0)
    assert isinstance(told, Delivery)
    assert told.token == ""


@pytest.mark.parametrize(("value", "outcome"), [(0.0, "kept"), (5.0, "kept"), (5.1, "crossed"), (None, "unknown")])
def test_a_threshold_is_kept_crossed_or_unknown(value: float | None, outcome: str) -> None:
    (judged,) = judge([Threshold(metric="lost", most=5)], {"lost": value})
    assert judged.outcome == outcome


LOST = Judged("lost", 0, 4)


@pytest.mark.parametrize(
    ("found", "code"),
    [
        (Findings(), 0),
        (Findings(lost=1), 1),
        (Findings(duplicated=1), 1),
        (Findings(duplicated=1, at_least_once=True), 0),
        (Findings(wrong=1), 1),
        (Findings(agent_ended="it ended"), 1),
        (Findings(nothing_taken=True), 10),
        (Findings(held=False), 10),
        (Findings(rail="full"), 11),
        (Findings(lost=4, thresholds=[LOST]), 11),
        (Findings(lost=4, thresholds=[Judged("lost", 10, 4)]), 0),
        (Findings(thresholds=[Judged("lost", 0, None)]), 10),
        (Findings(held=False, lost=4, thresholds=[LOST]), 11),
        (Findings(lost=4, duplicated=1, thresholds=[LOST]), 1),
        (Findings(interrupted=True, broke="x", lost=1, rail="y"), 2),
        (Findings(broke="x", lost=1), 3),
    ],
)
def test_the_verdict(found: Findings, code: int) -> None:
    assert verdict(found)[0] == code
    assert bool(verdict(found)[1]) == (code != 0)
