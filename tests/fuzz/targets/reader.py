"""The reader against a parser that has the whole text: the same elements, or its own refusal.

The first bytes choose the window and the limit of an element. Bit 7 of the first chooses whether
the text is made of fragments. Else it is the rest of the input.
"""

from __future__ import annotations

import io

from etp_kit.collector import reader
from etp_kit.collector.errors import Malformed, OversizeElement
from etp_kit.collector.event import USUAL, usual_values

from .. import second_reader
from ..bits import Bits

WINDOWS = (16, 17, 31, 64, 100, 65536)
LIMITS = (20, 64, 300, 262144)


def check(data: bytes) -> None:
    bits = Bits(data)
    first = bits.byte()
    window, limit = WINDOWS[first % 6], bits.one_of(LIMITS)
    raw = bits.file() if first & 128 else bits.rest()
    found = read(raw, window, limit)
    if second_reader.is_deep(raw.decode("latin-1")):
        return
    expected = second_reader.elements(raw)
    if expected is None:
        assert found in (Malformed, OversizeElement), "it reads what is no JSON"
    elif expected.longest > limit:
        assert found is OversizeElement, f"it takes an element of {expected.longest} characters, {limit} are allowed"
    else:
        assert found == [second_reader.plain(one) for one in expected.elements], "it reads something else"


def read(raw: bytes, window: int, limit: int) -> list[object] | type[Exception]:
    """The elements in plain form, or how they were refused."""
    try:
        shown, found = reader.elements(io.BytesIO(raw).read, len(raw), limit, usual_values, window)
        elements = list(found) if shown == reader.PAIRS else [tuple(zip(USUAL, one, strict=True)) for one in found]
    except Malformed:
        return Malformed
    except OversizeElement:
        return OversizeElement
    return [second_reader.plain(one) for one in elements]
