"""Timestamps as RFC 3339 has them: a table, and the law that writing one and reading it is no
change."""

import datetime
import os
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etp_kit.collector.program.moment import unix_ns

with open(os.path.join(os.path.dirname(__file__), "data", "moments.toml"), "rb") as file:
    MOMENTS = [(row["text"], int(row["ns"]) if "ns" in row else None) for row in tomllib.load(file)["moment"]]
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


@pytest.mark.parametrize(("text", "ns"), MOMENTS)
def test_a_timestamp(text, ns):
    assert unix_ns(text) == ns


@pytest.mark.parametrize("value", [None, 5, 1.5, True, [], {}])
def test_what_is_no_text(value):
    assert unix_ns(value) is None


_offsets = st.integers(-1439, 1439).map(lambda minutes: datetime.timezone(datetime.timedelta(minutes=minutes)))


@given(st.datetimes(EPOCH.replace(day=2, tzinfo=None), EPOCH.replace(year=2554, tzinfo=None), timezones=_offsets))
def test_what_python_writes_is_read_as_the_same_moment(moment):
    assert unix_ns(moment.isoformat()) == (moment - EPOCH) // datetime.timedelta(microseconds=1) * 1000


@given(st.text("0123456789-:.TtZz+ \n", max_size=40))
def test_whatever_is_no_timestamp_is_none_and_no_error(text):
    found = unix_ns(text)
    assert found is None or 0 <= found < 1 << 64
