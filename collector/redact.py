"""Shared-access signatures never leave the machine (redact.*, CWE-532).

A secret sits in a URL, and a URL ends at white space. So the text is taken run by run of other
characters. In a run, from the first scheme on, everything behind the earlier of these goes:

* the `?` of an https URL that is followed at once by a SAS parameter and `=` (redact.sas);
* any `sig` with its equals sign, wherever it stands and however it is encoded (redact.complete).

Each search starts where the last one ended, and no pattern can match in two ways, so time is linear
(redact.linear).
"""

import functools
import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Pattern, Tuple

REDACTED = "<redacted>"

_PERCENT = "%(?:25)*"  # encoded once, or again and again
_SLASH = rf"(?:\\*/|{_PERCENT}2f)"  # JSON may write \/
_FLAGS = re.IGNORECASE | re.ASCII


@functools.lru_cache(maxsize=None)
def _patterns() -> "Tuple[Pattern[str], ...]":
    """Compiled at their first use, not at every start of the agent: white space, https, scheme,
    token, signature."""
    return (
        re.compile(r"\s"),
        re.compile("https://", _FLAGS),
        re.compile(rf"(?:https?|wss?)(?::|{_PERCENT}3a){_SLASH}{_SLASH}", _FLAGS),
        re.compile(r"\?(?=(?:sv|st|se|sr|sp|sip|spr|sig)=)", _FLAGS),
        re.compile(
            rf"(?:s|{_PERCENT}[57]3)(?:i|{_PERCENT}[46]9)(?:g|{_PERCENT}[46]7)(?:=|{_PERCENT}3d|\\+u003d)", _FLAGS
        ),
    )


def holds_none(text: str) -> bool:
    """Whether there is no secret in the text for sure, nor in any part of it; False says nothing.

    A token and a signature end with `=`, which may be written %3d or, behind a backslash, u003d.
    Without a percent sign no letter is encoded either: then a token has its `?`, and a signature
    its `sig`.
    """
    if "%" in text:
        return False
    if "=" not in text and "\\" not in text:
        return True
    return "?" not in text and "sig" not in text.lower()


def redact(text: str) -> str:
    """The text without any shared-access signature. Applying it twice changes nothing more."""
    if holds_none(text):
        return text
    white, _, scheme, token, signature = _patterns()
    if not token.search(text) and not signature.search(text):
        return text
    pieces = []
    kept = 0
    url = scheme.search(text)
    while url:
        space = white.search(text, url.end())
        end = space.start() if space else len(text)
        cut = _secret(text, url.start(), url.end(), end)
        if cut < end:
            pieces += [text[kept:cut], REDACTED]
            kept = end
        url = scheme.search(text, end)
    pieces.append(text[kept:])
    return "".join(pieces)


def _secret(text: str, start: int, after_scheme: int, end: int) -> int:
    """Where the secret begins in the run text[start:end], whose first URL starts there; `end` if it
    holds none."""
    _, https, _, token, signature = _patterns()
    cuts = [end]
    secure = https.search(text, start, end)
    if secure:
        known = token.search(text, secure.end(), end)
        if known:
            cuts.append(known.end())
    hidden = signature.search(text, after_scheme, end)
    if hidden:
        cuts.append(hidden.start())
    return min(cuts)
