"""TOML that others wrote, and text as a basic string of TOML.

What is read is bounded. A file of a megabyte can nest so deep, or have a key of so many parts, that
reading it takes gigabytes.

What is written keeps a rule: reading it back gives the same text. Nothing in it acts on a terminal
or an editor that shows the file. Control and format characters are escapes, also those that TOML
would allow as they are.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from pathlib import Path
from typing import Any

from .regular_files import read_given

#: Bytes of a file; the largest that ships has a few thousand.
_LARGEST = 1 << 20
#: Parts of a key; the deepest that means anything has five.
_MOST_PARTS = 64
_TEXTS = re.compile(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'|#.*')

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


def load_toml(text: str) -> dict[str, Any]:
    """The data of a file. Raises ValueError in one line for no TOML, or one beyond reason."""
    for number, line in enumerate(text.split("\n"), 1):
        if line.count(".") >= _MOST_PARTS and _TEXTS.sub("", line).count(".") >= _MOST_PARTS:
            raise ValueError(f"line {number} has a key of more than {_MOST_PARTS} parts")
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deep") from None


def read_toml(path: str | Path) -> dict[str, Any]:
    """As ``load_toml``, of a regular file that the user named. Raises OSError as well."""
    return load_toml(read_given(path, _LARGEST).decode("utf-8"))
