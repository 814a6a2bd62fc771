"""Hostile text made safe to show.

Names, messages and errors come from extensions and from subjects under test. On a terminal or in a
log a control character, an escape sequence or a bidirectional override acts; here it is written out
instead. The signature of a URL opens what it signs to everyone who reads it, so none is shown.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

#: Control, format, surrogate, private and unassigned characters,
#: and the line and paragraph separators.
_UNSAFE_CATEGORIES = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_PLAIN = re.compile(r"[ -~]*\Z")
#: The value of a signature, where a parameter of a URL or of a connection string holds one.
_SIGNED = re.compile(r"""((?<![a-z0-9])sig(?:nature)?(?:=|%3d))[^&\s"'<>\\]+""", re.IGNORECASE)


def safe(text: str, limit: int = 200) -> str:
    """The text on one line, at most ``limit`` characters,
    with everything that could act written as an escape, and without signatures.
    """
    cut = unsigned(text if len(text) <= limit else text[: limit - 1] + "…")
    if _PLAIN.match(cut):
        return cut
    return "".join(_escaped(c) if unicodedata.category(c) in _UNSAFE_CATEGORIES else c for c in cut)


def unsigned(text: str) -> str:
    """The text without the signatures of its URLs."""
    if "=" not in text and "%3" not in text:
        return text
    return _SIGNED.sub(r"\1REDACTED", text)


def _escaped(character: str) -> str:
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def near(file: str) -> str:
    """The path as somebody in the working directory calls it, so that a report of CI names a file
    of the checkout. It is not made safe: who shows it does that.
    """
    path, here = Path(file), Path.cwd()
    return str(path.relative_to(here)) if file and path.is_relative_to(here) else file
