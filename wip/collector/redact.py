"""Shared-access signatures never leave the machine (redact.*, CWE-532).

A secret sits in a URL, and a URL ends at white space. So the text is taken run by run of other characters. In a run,
from the first scheme on, everything behind the earlier of these goes:

* the `?` of an https URL that is followed at once by a SAS parameter and `=` (redact.sas);
* any `sig` with its equals sign, wherever it stands and however it is encoded (redact.complete).

Each search starts where the last one ended, and no pattern can match in two ways, so time is linear (redact.linear).
"""

import re

REDACTED = "<redacted>"

_PERCENT = "%(?:25)*"  # encoded once, or again and again
_SLASH = rf"(?:\\*/|{_PERCENT}2f)"  # JSON may write \/
_FLAGS = re.IGNORECASE | re.ASCII
_SPACE = re.compile(r"\s")
_HTTPS = re.compile("https://", _FLAGS)
_SCHEME = re.compile(rf"(?:https?|wss?)(?::|{_PERCENT}3a){_SLASH}{_SLASH}", _FLAGS)
_TOKEN = re.compile(r"\?(?=(?:sv|st|se|sr|sp|sip|spr|sig)=)", _FLAGS)
_SIGNATURE = re.compile(
    rf"(?:s|{_PERCENT}[57]3)(?:i|{_PERCENT}[46]9)(?:g|{_PERCENT}[46]7)(?:=|{_PERCENT}3d|\\+u003d)", _FLAGS
)


def redact(text: str) -> str:
    """The text without any shared-access signature. Applying it twice changes nothing more."""
    if not _TOKEN.search(text) and not _SIGNATURE.search(text):
        return text
    pieces = []
    kept = 0
    scheme = _SCHEME.search(text)
    while scheme:
        space = _SPACE.search(text, scheme.end())
        end = space.start() if space else len(text)
        cut = _secret(text, scheme.start(), scheme.end(), end)
        if cut < end:
            pieces += [text[kept:cut], REDACTED]
            kept = end
        scheme = _SCHEME.search(text, end)
    pieces.append(text[kept:])
    return "".join(pieces)


def _secret(text: str, start: int, after_scheme: int, end: int) -> int:
    """Where the secret begins in the run text[start:end], whose first URL starts there; `end` if it holds none."""
    cut = end
    https = _HTTPS.search(text, start, end)
    if https:
        token = _TOKEN.search(text, https.end(), end)
        if token:
            cut = token.end()
    signature = _SIGNATURE.search(text, after_scheme, end)
    if signature:
        cut = min(cut, signature.start())
    return cut
