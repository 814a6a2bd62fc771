"""Text as a basic string of TOML.

The rule: reading it back gives the same text, and nothing in it acts on a terminal or an editor that shows the file: control and format
characters are escapes, also those that TOML would allow as they are.
"""

from __future__ import annotations

import unicodedata

_NAMED = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_ACTING = {"Cc", "Cf", "Co", "Cn", "Zl", "Zp"}


def quoted(text: str) -> str:
    """The text in double quotes. It holds no lone surrogate: no TOML file can."""
    return f'"{"".join(map(_written, text))}"'


def _written(character: str) -> str:
    if character in _NAMED:
        return _NAMED[character]
    if unicodedata.category(character) not in _ACTING:
        return character
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
