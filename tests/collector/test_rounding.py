"""event.time-utc: a modification time is rounded as the production agent rounds it."""

import os
from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etp_kit.collector.telemetry import utc

from .samples import event, param


@pytest.mark.parametrize(
    "ns",
    [0, 499, 501, 999, 999_999_499, 999_999_501, -1, -499, -501, -999_999_501, 1_767_225_599_000_000_400,
     1_767_225_599_000_000_600, 1_767_225_599_999_999_400, 1_767_225_599_999_999_600, 1_767_225_599_123_456_620],
)  # fmt: skip
def test_event_time_utc_rounds_as_the_agent_does(world, ns):
    """The agent asks for the time as a double of seconds, of which `datetime` takes the nearest."""
    path = world.write("1767225600.json", event())
    os.utime(path, ns=(0, ns))
    told = datetime.fromtimestamp(os.path.getmtime(path), timezone.utc)  # noqa: UP017 - as on Python 3.6
    (handed,) = world.run().accepted
    assert param(handed, "OpcodeName") == told.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@given(st.integers(-62_135_596_800 * 10**9, 253_402_300_799 * 10**9))
def test_event_time_utc_rounds_any_time_as_the_agent_does(ns):
    seconds, nanoseconds = divmod(ns, 10**9)
    told = datetime.fromtimestamp(seconds + nanoseconds * 1e-9, timezone.utc)  # noqa: UP017 - as on Python 3.6
    assert utc(ns) == told.isoformat(timespec="microseconds").replace("+00:00", "Z")
