"""The signatures that a text holds, by the words of redact.complete.

It shares nothing with the collector: each character is decoded first, then the plain forms are
looked for.
"""

from __future__ import annotations

import re

_ENCODED = re.compile("%(?:25)*([0-9a-fA-F]{2})")
_EQUALS = re.compile(r"\\+u003d", re.IGNORECASE)
_SLASH = re.compile(r"\\+/")
_URL = re.compile("(?:https?|wss?)://", re.IGNORECASE)


def signed(text: str) -> list[str]:
    """Each run without white space that holds a URL, and behind its scheme a ``sig`` with ``=``."""
    return [run for run in text.split() if _is_signed(run)]


def _is_signed(run: str) -> bool:
    decoded = _ENCODED.sub(lambda found: chr(int(found.group(1), 16)), run)
    decoded = _SLASH.sub("/", _EQUALS.sub("=", decoded))
    url = _URL.search(decoded)
    return url is not None and "sig=" in decoded[url.end() :].lower()
