"""Names: which entries are event files, in which order they are read, and how a hostile name is shown.

``str.isdigit`` and ``\\d`` know other scripts' digits, ``$`` matches before a trailing newline, and a case-blind match takes the long s for
an s: so the pattern is spelt out (select.ascii).
"""

import re

_EVENT_FILE = re.compile(r"[0-9]+\.[jJ][sS][oO][nN]\Z")
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def is_event_file(name: str) -> bool:
    """True for ``<ASCII digits>.json``, the ending in any case (select.name, select.ascii)."""
    return _EVENT_FILE.match(name) is not None


def is_skipped_handler(name: str) -> bool:
    """True for a handler that is neither read nor cleaned (discover.dash)."""
    return name.startswith("-")


def _escape(match: "re.Match[str]") -> str:
    code = ord(match.group())
    return "\\x%02x" % code if code < 0x100 else "\\u%04x" % code


def shown(text: str) -> str:
    """The text with everything that could act in a log or on a terminal written out (report.log-safe, CWE-117)."""
    return _UNSAFE.sub(_escape, text)
