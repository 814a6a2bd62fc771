"""Values of events as every reader of JSON takes them: no NaN or Infinity, no lone surrogate (RFC 8259, section 8.2)."""

import json
import math

from ..text import encodable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def plain(value: "Any") -> "Any":
    """The value with numbers that JSON has not as text, and with U+FFFD for what UTF-8 has not."""
    if isinstance(value, str):
        return encodable(value)
    if isinstance(value, float) and not math.isfinite(value):
        return repr(value)
    if isinstance(value, dict):
        return {encodable(name): plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return value


def dumps(value: "Any") -> str:
    """One line of ASCII."""
    return json.dumps(plain(value), separators=(",", ":"), allow_nan=False)
