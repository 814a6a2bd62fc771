"""An event that a collector under test hands over,
as a line of JSON in the form of ``python -m etp_kit.collector``.
"""

from __future__ import annotations

import json
import math
from typing import Any

from ..subjects import pair


def line(event: Any) -> bytes:
    """One line of ASCII with its line feed; a value that JSON has not is told as text."""
    parameters = [pair(parameter) for parameter in getattr(event, "parameters", ())]
    key = getattr(event, "key", None)
    told = {
        "eventId": _plain(getattr(event, "eventId", None)),
        "providerId": _plain(getattr(event, "providerId", None)),
        "file_type": _plain(getattr(event, "file_type", None)),
        "key": [_plain(part) for part in key] if isinstance(key, (tuple, list)) else None,
        "parameters": [{"name": str(name), "value": _plain(value)} for name, value in parameters],
    }
    return json.dumps(told, ensure_ascii=True, separators=(",", ":"), allow_nan=False).encode("ascii") + b"\n"


def _plain(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return repr(value)
    return value if value is None or isinstance(value, (str, int, float)) else f"<{type(value).__name__}>"
