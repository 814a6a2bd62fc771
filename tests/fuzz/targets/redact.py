"""Redaction: what it leaves holds no signature, and a second time it finds nothing."""

from __future__ import annotations

from etp_kit.collector.redact import REDACTED, holds_none, redact
from etp_kit.collector.text import is_encodable

from ..bits import Bits
from ..signatures import signed


def check(data: bytes) -> None:
    bits = Bits(data)
    text = bits.rest().decode("utf-8", "surrogatepass" if _is_surrogate(data) else "replace")
    if data[:1] < b"\x80":
        bits = Bits(data)
        text = "".join(bits.text() for _ in range(1 + bits.byte() % 4))
    left = redact(text)
    assert redact(left) == left, "a second time it takes more"
    assert not (found := signed(left)), f"{found} is left"
    if holds_none(text) and is_encodable(text):
        assert left == text, "it changes what it says has no secret"
    if left != text:
        assert REDACTED in left


def _is_surrogate(data: bytes) -> bool:
    try:
        data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True
