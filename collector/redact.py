"""Shared-access signatures never leave the machine (redact.*, CWE-532).

A secret sits in a run of characters, which ends at white space, and goes to the end of its run.
Characters that XML cannot carry end no run, though some are white space: as the text is sent, they
are U+FFFD, and so end nothing. What makes a secret:

* the `?` of an https URL that is followed at once by a SAS parameter and `=` (redact.sas);
* a `sig` with its equals sign, however it is encoded, anywhere behind a scheme of any name
  (redact.complete);
* without a scheme, one that `?`, `&`, `;` or `=` makes a parameter. Every entity ends in `;`.

No pattern can match in two ways. What begins with a scheme takes its whole run, secret or not, and
so no run is looked at twice. That makes time linear (redact.linear), and is why a query begins at
one backslash, and not at any number of them.
"""

import functools
import re

from .text import NOT_XML, is_encodable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Pattern, Tuple

REDACTED = "<redacted>"

_FLAGS = re.IGNORECASE | re.ASCII
# All but the white space of Unicode that XML can carry.
_RUN = "[^\t\n\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"
_PERCENT = "%(?:25)*"  # encoded once, or again and again
_ESCAPED = "(?:u00|x)"  # behind a backslash, as JSON and JavaScript write it
_SLASH = rf"(?:\\*/|{_PERCENT}2f)"  # JSON may write \/
_SCHEME = rf"(?::|{_PERCENT}3a){_SLASH}{_SLASH}"
_MARK = rf"(?:[?&;=]|{_PERCENT}(?:3f|26|3b|3d)|\\{_ESCAPED}(?:3f|26|3b|3d))"
_HASH = rf"(?:#|{_PERCENT}23)"
_SEMICOLON = rf"(?:;|{_PERCENT}3b)"
# The beginning of an entity, or of an entity of an entity.
_AND = rf"(?:&|{_PERCENT}26|\\+{_ESCAPED}26)(?:(?:amp|{_HASH}0*38|{_HASH}x0*26){_SEMICOLON})*"
_EQUALS = rf"(?:\\*=|{_PERCENT}3d|\\+{_ESCAPED}3d|{_AND}(?:equals|{_HASH}0*61|{_HASH}x0*3d){_SEMICOLON})"
_APART = f"(?-i:{NOT_XML})*"  # parts a name as little as it ends a run; ignoring its case takes time to compile
_SIGNATURE = _APART.join((rf"(?:s|{_PERCENT}[57]3)", rf"(?:i|{_PERCENT}[46]9)", rf"(?:g|{_PERCENT}[46]7)", _EQUALS))
_SAS = r"\?(?=(?:sv|st|se|sr|sp|sip|spr|sig)=)"


@functools.lru_cache(maxsize=None)
def _forms() -> "Tuple[Pattern[str], ...]":
    """Compiled at their first use, not at every start of the agent: token and signature."""
    return re.compile(_SAS, _FLAGS), re.compile(_SIGNATURE, _FLAGS)


@functools.lru_cache(maxsize=None)
def _runs(tokens: bool) -> "Pattern[str]":
    """The same, of what begins with a scheme or holds a secret. The one group that matched, if any,
    is empty, and stands where the secret begins."""
    signature = rf"(){_SIGNATURE}{_RUN}*"
    token = rf"|{_SAS}(){_RUN}*" if tokens else ""
    return re.compile(
        rf"(?<=https)://{_RUN}*?(?:{signature}{token}|(?!{_RUN}))"
        rf"|{_SCHEME}{_RUN}*?(?:{signature}|(?<=https)(?=://)|(?!{_RUN}))"
        rf"|{_MARK}{_APART}{signature}",
        _FLAGS,
    )


def holds_none(text: str) -> bool:
    """Whether there is no secret for sure in a text that XML can carry, nor in any part of it;
    False says nothing.

    A token and a signature end with `=`, which may be written %3d, behind a backslash, or as an
    entity. Without a percent sign no letter is encoded either: then a token has its `?`, and a
    signature its `sig`.
    """
    if "%" in text:
        return False
    if "=" not in text and "\\" not in text and "&" not in text:
        return True
    return "?" not in text and "sig" not in text.lower()


def redact(text: str, tokens: bool = True) -> str:
    """The text without any shared-access signature. Applying it twice changes nothing more.

    `tokens`: whole tokens go (redact.sas), not the signature alone.
    """
    if holds_none(text) and is_encodable(text):
        return text
    token, signature = _forms()
    if not token.search(text) and not signature.search(text):
        return text
    pieces = []
    kept = 0
    for found in _runs(tokens).finditer(text):
        if found.lastindex:
            pieces += [text[kept : found.start(found.lastindex)], REDACTED]
            kept = found.end()
    pieces.append(text[kept:])
    return "".join(pieces)
