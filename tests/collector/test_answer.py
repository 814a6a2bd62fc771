"""What an answer means, field by field; data/failing.toml has the answers that come over a
connection."""

import json
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from etp_kit.collector.program.answer import DENIED, LATER, REFUSED, TAKEN, Answer, answer
from etp_kit.collector.program.response import Response

#: What could forge a line of a log or change its order.
CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
NOW = 1792567680.0  # Wed, 21 Oct 2026 07:28:00 GMT


def meaning(status, headers=(), body=b"", records=3):
    return answer(Response(status, dict(headers), body), records, lambda: NOW)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        *((status, TAKEN) for status in (200, 202, 204, 299)),
        *((status, LATER) for status in (429, 502, 503, 504)),
        *((status, REFUSED) for status in (400, 413)),
        *((status, DENIED) for status in (300, 302, 401, 403, 404, 408, 415, 500, 501, 505, 599)),
    ],
)
def test_a_status(status, expected):
    assert meaning(status) == Answer(expected, "" if expected == TAKEN else f"HTTP {status}", None, False)


@pytest.mark.parametrize(
    ("asked", "pause"),
    [
        ("12", 12.0),
        ("0", 0.0),
        ("9" * 5000, 1e9),
        ("Wed, 21 Oct 2026 07:28:30 GMT", 30.0),
        ("Wed, 21 Oct 2026 07:27:30 GMT", 0.0),
        ("Wed, 31 Dec 9999 23:59:59 GMT", 1e9),
        ("Wednesday, 21-Oct-26 07:28:30 GMT", 30.0),
        ("Wed Oct 21 07:28:30 2026 +0000", 30.0),
        ("Wed, 99 Oct 2026 99:99:99 GMT", None),
        ("-1", None),
        ("1.5", None),
        ("soon", None),
        ("", None),
        ("\u0661", None),
    ],
)
def test_what_retry_after_asks_for(asked, pause):
    assert meaning(503, {"retry-after": asked}).pause == pause


@pytest.mark.parametrize(
    "body",
    [b"", b" \r\n", b"{}", b'{"partialSuccess":{}}', b'{"partialSuccess":null}', b'{"new":1}']
    + [b'{"partialSuccess":{"rejectedLogRecords":%b}}' % zero for zero in (b"0", b'"0"', b"null", b"0.0", b"-0")],
)
def test_all_is_kept(body):
    assert meaning(200, body=body) == Answer(TAKEN, "", None, False)


@pytest.mark.parametrize("two", [b"2", b'"2"', b"2.0", b"0.2e1"])
def test_some_are_rejected(two):
    body = b'{"partialSuccess":{"rejectedLogRecords":%b,"errorMessage":"\\u001b"}}' % two
    assert meaning(200, body=body) == Answer(TAKEN, "2 records rejected: \\x1b", None, True)


@pytest.mark.parametrize(
    "number", [b"1e999", b"-1e999", b"NaN", b"1.5", b"true", b'"x"', b'"2 "', b'"1e0"', b"4", b"-1", b"9" * 6000, b"{}"]
)
def test_a_number_that_makes_no_sense(number):
    got = meaning(200, body=b'{"partialSuccess":{"rejectedLogRecords":%b}}' % number)
    assert (got.meaning, got.lost) == (TAKEN, True)
    assert "cannot be read" in got.text


@pytest.mark.parametrize("body", [None, b"\xff", b"[" * 60000, b"[]", b"null", b'"{}"', b"\xef\xbb\xbf{}", b"OK"])
def test_a_body_that_makes_no_sense(body):
    got = meaning(200, body=body)
    assert (got.meaning, got.lost) == (TAKEN, True)


@given(
    st.binary(max_size=50)
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: (
            st.lists(inner, max_size=2)
            | st.dictionaries(st.sampled_from(["partialSuccess", "rejectedLogRecords", "errorMessage"]), inner)
        ),
    ).map(lambda value: json.dumps(value).encode())
)
@example(b'{"partialSuccess":{"errorMessage":"\\ua7d4"}}')  # which this Python's Unicode may not know
@example(b'{"partialSuccess":{"errorMessage":"\\u001b[31m\\u202e"}}')
def test_whatever_is_in_a_body_the_events_are_taken_once(body):
    got = meaning(200, body=body)
    assert got.meaning == TAKEN
    assert len(got.text) < 500
    assert not CONTROLS.search(got.text)


def test_a_long_message_is_cut():
    got = meaning(200, body=json.dumps({"partialSuccess": {"errorMessage": "x" * 9999}}).encode())
    assert (len(got.text), got.lost) == (300, False)
