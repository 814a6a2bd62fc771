"""Text that came from outside, made fit for the wire and for logs.

The wire is XML 1.0: what it cannot carry would cost the event in the sender, long after the file is
gone (event.text). A log is read by people and machines that trust its line ends (report.log-safe).
"""

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Match

# Compiled at their first use: sets beyond Latin-1 take long, and every start of the agent would pay
# for it.
NOT_XML = "[\x00-\x08\x0b\x0c\x0e-\x1f]|[\ud800-\udfff\ufffe\uffff]"
# C0, DEL, C1, line and paragraph separators, the marks that reorder text, lone surrogates.
_NOT_PRINTABLE = "[\x00-\x1f\x7f-\x9f]|[\u200e\u200f\u2028-\u202e]|[\u2066-\u2069\ud800-\udfff]"


def encodable(text: str) -> str:
    """The text with U+FFFD for each character that XML 1.0 cannot carry, lone surrogates among
    them."""
    return text if is_encodable(text) else re.sub(NOT_XML, "\ufffd", text)


def is_encodable(text: str) -> bool:
    """Whether XML can carry the text for sure; False says nothing.

    What it cannot carry are controls, surrogates and noncharacters, none of which is printable.
    Line ends and tabs are not printable either, and it carries them.
    """
    return text.isprintable() or text.replace("\n", "").replace("\r", "").replace("\t", "").isprintable()


def printable(text: str) -> str:
    """The text with each control character escaped as \\xNN or \\uNNNN."""
    return re.sub(_NOT_PRINTABLE, _escape, text)


def _escape(match: "Match[str]") -> str:
    code = ord(match.group())
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
