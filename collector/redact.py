"""Secrets of URLs (shared access signatures) leave a text before anything else sees it.

Rules: a text is looked at run by run, a run being what stands between white space; in a run with a URL scheme, everything from the first
parameter of a signature on becomes ``<redacted>``. That loses the rest of the run and never a secret (redact.sas, redact.complete). Each
pattern is searched once a run and none can backtrack, so the time is linear in any text (redact.linear, CWE-1333). Percent-encoding, also
twice over, and JSON's ``\\/`` hide nothing.
"""

import re

_RUN = re.compile(r"\S+")
_SCHEME = re.compile(r"(?:http|ws)(s?)(?::|%(?:25)*3a)(?:\\*/|%(?:25)*2f){2}", re.IGNORECASE)
_EQUALS = r"(?:=|%(?:25)*3d)"
_SAS = re.compile(r"(?:\?|%(?:25)*3f)((?:sv|st|se|sr|sp|sip|spr|sig)" + _EQUALS + ")", re.IGNORECASE)
_SIG = re.compile(
    r"(?:s|%(?:25)*[57]3)(?:i|%(?:25)*[46]9)(?:g|%(?:25)*[46]7)" + _EQUALS, re.IGNORECASE
)

REDACTED = "<redacted>"


def redact(text: str) -> str:
    """The text without the signatures of its URLs."""
    if "/" not in text and "%" not in text:
        return text  # no scheme can be in it
    return _RUN.sub(_redacted_run, text)


def _redacted_run(match: "re.Match[str]") -> str:
    run = match.group()
    scheme = _SCHEME.search(run)
    if scheme is None:
        return run
    sas = _SAS.search(run, scheme.end())
    sig = _SIG.search(run, scheme.end())
    if sig is None and (sas is None or not scheme.group(1)):
        return run  # without a signature only https is known to carry tokens
    starts = [found for found in (sas and sas.start(1), sig and sig.start()) if found is not None]
    return run[: min(starts)] + REDACTED
