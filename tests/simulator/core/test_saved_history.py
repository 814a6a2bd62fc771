"""A saved history is read back as it was, and what is none is one line that names the place."""

from __future__ import annotations

import json
from typing import Any

import pytest

from etp_kit.simulator.base.errors import BadInput
from etp_kit.simulator.core.history import History, Record
from etp_kit.simulator.core.saved_history import read_histories

RUN = {"limits": {}, "delivery": "at-most-once", "capabilities": {}, "actors": []}
RECORDS = [
    Record(0, 0, "kit", "run", "", RUN),
    Record(0, 0, "kit", "pass-begin", "", {"kind": "extension"}),
    Record(1, 0, "collector", "call", "log/A/events/\udcff.json", {"call": "stat"}),
    Record(2, 0, "collector", "restart", "", None),
    Record(3, 0, "kit", "tree", "", [["log/\udcff", "dir", 0]]),
]


def saved(*histories: History) -> bytes:
    return "".join(f"{line}\n" for history in histories for line in history.lines()).encode("ascii")


def changed(place: int, **fields: Any) -> bytes:
    """The history with one record otherwise; a field of None is left out."""
    lines = [json.loads(line) for line in History(RECORDS).lines()]
    lines[place] |= fields
    lines[place] = {name: value for name, value in lines[place].items() if value is not None}
    return "".join(f"{json.dumps(line)}\n" for line in lines).encode("ascii")


def refused(data: bytes) -> str:
    with pytest.raises(BadInput) as refusal:
        read_histories(data, "old.ndjson")
    text = str(refusal.value)
    assert text.startswith("old.ndjson: ")
    assert not set("\n\x1b") & set(text)
    return text


@pytest.mark.parametrize("count", [1, 2])
def test_what_was_saved_is_read_back(count: int) -> None:
    histories = [History(RECORDS)] * count
    found = read_histories(saved(*histories), "old.ndjson")
    assert [list(history.lines()) for history in found] == [list(history.lines()) for history in histories]


def test_the_last_line_needs_no_end() -> None:
    assert len(read_histories(saved(History(RECORDS)).rstrip(b"\n"), "old.ndjson")) == 1


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "holds no record"),
        (saved(History(RECORDS))[:-20], "cut off within line 5"),
        (saved(History(RECORDS[:4])), "its last record is 'restart'"),
        (saved(History(RECORDS[:4]), History(RECORDS)), "cut off before line 5"),
        (saved(History(RECORDS[1:])), "begins with 'pass-begin'"),
        (b"PK\x03\x04\n\n", "line 1 is no JSON"),
        (b"[" * 100_000 + b"\n", "line 1 is no JSON"),
        (b'{"i":NaN}\n', "line 1 is no JSON"),
        (b"[]\n", "line 1 is no record"),
        (b'{"i":0}\n', "line 1 is no record"),
        (b'{"\xc3\xa9":0}\n', "line 1 is no JSON"),
    ],
)
def test_what_is_no_whole_history_is_refused(data: bytes, told: str) -> None:
    assert told in refused(data)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"op": "guess"}, "a kind that is not known: 'guess'"),
        ({"guess": 1}, "a key that is not known: 'guess'"),
        ({"i": 7}, "has record 7, where 2 comes next"),
        ({"i": -1}, "has no i that is a number"),
        ({"t": 1 << 70}, "has no t that is a number"),
        ({"pass": True}, "has no pass that is a number"),
        ({"pass": 3}, "more passes than records"),
        ({"actor": 3}, "has 'actor' that is no text"),
        ({"path": []}, "has 'path' that is no text"),
        ({"result": None}, "it has no result"),
        ({"result": {"call": "stat", "guess": 1}}, "record 'call' that is none: guess"),
        ({"result": {"call": 3}}, "record 'call' that is none: call"),
        ({"result": []}, "record 'call' that is none: result"),
        ({"op": "\x1b[31m"}, "x1b[31m"),
    ],
)
def test_a_record_that_no_run_makes_is_refused_with_its_line(fields: dict[str, Any], told: str) -> None:
    text = refused(changed(2, **fields))
    assert "line 3 " in text
    assert told in text


def test_a_result_where_none_belongs_is_refused() -> None:
    assert "line 4 has a record 'restart' that is none: it has a result" in refused(changed(3, result={}))
