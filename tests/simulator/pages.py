"""What a page of a report holds, as its script unpacks it: tests of several rooms look into it."""

from __future__ import annotations

import base64
import json
import re
import zlib
from typing import Any


def unpacked(text: str) -> dict[str, Any]:
    """The data of a page."""
    (packed,) = re.findall(r'<div id="data" hidden>([^<]*)</div>', text)
    found: dict[str, Any] = json.loads(zlib.decompress(base64.b64decode(packed, validate=True)))
    return found
