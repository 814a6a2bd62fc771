"""A receiver's answer: however it arrives in pieces it means the same, and its beginning is none.
"""

from __future__ import annotations

from collections.abc import Iterator

from etp_kit.collector.program.answer import DENIED, LATER, REFUSED, TAKEN, answer
from etp_kit.collector.program.deadline import NoAnswer
from etp_kit.collector.program.response import Response, Source, read_response

_MEANINGS = {TAKEN, LATER, REFUSED, DENIED}
_RECORDS = 10


def check(data: bytes) -> None:
    size, raw = 1 + data[0] % 7 if data else 1, data[1:]
    whole = read(raw, max(1, len(raw)))
    assert read(raw, size) == whole, "it means something else in pieces"
    if whole is None:
        return
    told = answer(whole, _RECORDS, lambda: 0.0)
    assert told.meaning in _MEANINGS
    assert told.pause is None or told.pause >= 0.0
    assert "\n" not in told.text
    ends = "content-length" in whole.headers or "transfer-encoding" in whole.headers
    if ends and whole.body:
        needed = _needed(raw)
        assert read(raw[: needed - 1], size) is None, "it takes an answer that broke off"


def read(raw: bytes, size: int) -> Response | None:
    """The answer that comes in pieces of this size; None where there is none."""
    pieces = _pieces(raw, size)
    try:
        return read_response(Source(lambda: next(pieces, b"")))
    except NoAnswer:
        return None


def _pieces(raw: bytes, size: int) -> Iterator[bytes]:
    for at in range(0, len(raw), size):
        yield raw[at : at + size]


def _needed(raw: bytes) -> int:
    """How many bytes were read until the answer was whole."""
    taken = 0

    def more() -> bytes:
        nonlocal taken
        taken += 1
        return raw[taken - 1 : taken]

    read_response(Source(more))
    return taken
