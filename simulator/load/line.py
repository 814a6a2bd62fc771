"""An event that a collector under test hands over,
as a line of JSON in the form of ``python -m etp_kit.collector``.
"""

from __future__ import annotations

import json
from typing import Any

from ..subjects import pair, plain


def line(event: Any) -> bytes:
    """One line of ASCII with its line feed; a value that JSON has not is told as text."""
    parameters = [pair(parameter) for parameter in getattr(event, "parameters", ())]
    key = getattr(event, "key", None)
    told = {
        "eventId": plain(getattr(event, "eventId", None)),
        "providerId": plain(getattr(event, "providerId", None)),
        "file_type": plain(getattr(event, "file_type", None)),
        "key": [plain(part) for part in key] if isinstance(key, (tuple, list)) else None,
        "parameters": [{"name": str(name), "value": plain(value)} for name, value in parameters],
    }
    return json.dumps(told, ensure_ascii=True, separators=(",", ":"), allow_nan=False).encode("ascii") + b"\n"
