"""Log records as the history tells them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..core import FORGED_LINE, SECRET_PREFIX, SECRET_TEXT, LogResult


def told_log(level: str, text: str, handlers: Sequence[str]) -> LogResult:
    """A log record as the history tells it: what is judged of its text, never the text."""
    return {
        "level": level,
        "unsafe": _shows_raw(text, handlers),
        "secret": SECRET_PREFIX in text or SECRET_TEXT in text,
        "extensions": [handler for handler in handlers if handler in text],
    }


#: Control characters that no log record needs; a line's end may stand in a sentence of the
#: collector's own.
_ACTING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_FORGED = re.compile(f"(?:^|[\n\r\x85\u2028\u2029]){FORGED_LINE}")


def _shows_raw(text: str, handlers: Sequence[str]) -> bool:
    """Whether a log record holds control characters, or a name or content of an extension that
    begins a line of its own."""
    return bool(_ACTING.search(text) or _FORGED.search(text)) or any(
        handler in text for handler in handlers if "\n" in handler or "\t" in handler
    )
