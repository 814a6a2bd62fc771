"""The judge of events against a second one; its fast path and its slow one are both held to it.
"""

from __future__ import annotations

import io

from etp_kit.collector import reader
from etp_kit.collector.event import judge, usual_values

from .. import second_judge, second_reader
from ..bits import Bits

#: (characters of a message, of an event): the contract's, and small ones that inputs reach.
LIMITS = ((3072, 6144), (40, 90), (3, 200))
#: Behind these a reason names what differs from one collector to another.
_NAMED = ("EmptyMessageError", "OversizeEventError", "NotAnObjectError")


def check(data: bytes) -> None:
    bits = Bits(data)
    limits = bits.one_of(LIMITS)
    raw = bits.element().encode("utf-8", "surrogatepass")
    (second,) = second_reader.decoder.decode(f"[{raw.decode('utf-8', 'surrogatepass')}]")
    expected = second_judge.judged(second, *limits)
    shown, elements = reader.elements(io.BytesIO(raw).read, len(raw), 1 << 20, usual_values)
    for element in elements:
        fields, reason = judge(element, shown, *limits)
        assert (fields if reason is None else _short(reason)) == expected, (fields, reason, expected)


def _short(reason: str) -> str:
    return next((name for name in _NAMED if reason.startswith(name)), reason)
