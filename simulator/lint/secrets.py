"""Secrets that no collector recognises. The contract's redaction knows shared-access signatures in
URLs and queries (redact.*) and nothing else. So these reach telemetry as they were written; only
their publisher can keep them out.

Every repetition is bounded, so that a text of any length costs its length.
"""

from __future__ import annotations

import functools
import re

#: What is said of it -> how it looks.
_LOOKS = {
    "a storage account key": r"(?i)\bAccountKey\s{0,8}=\s{0,8}[A-Za-z0-9+/]{16,128}={0,2}",
    "a shared access key": r"(?i)\bSharedAccessKey\s{0,8}=\s{0,8}[^\s;\"']{8,256}",
    "a shared-access signature outside of a query": r"(?i)(?<![a-z0-9])sig(?:=|%3d)[A-Za-z0-9%+/_-]{16,256}",
    "a bearer token": r"(?i)\bBearer\s{1,8}[A-Za-z0-9._~+/-]{12,4096}=*",
    "a JSON Web Token": r"\beyJ[A-Za-z0-9_-]{8,512}\.eyJ[A-Za-z0-9_-]{0,4096}(?:\.[A-Za-z0-9_-]{0,1024})?",
    "a user's password in a URL": r"://[^\s/?#@:]{0,256}:[^\s/?#@]{1,256}@",
    "a private key": r"-----BEGIN [A-Z ]{0,32}PRIVATE KEY-----",
    "a password": r"(?i)(?:password|passwd|pwd|client_?secret|api_?key|access_?key)\"?(?:=|:\s{0,8}\")(?![*<$/]|redacted)[^\s\"';&,]{4,256}",
}
_MASK = "<redacted>"


@functools.cache
def _patterns() -> dict[str, re.Pattern[str]]:
    return {said: re.compile(pattern) for said, pattern in _LOOKS.items()}


def exposed(text: str) -> list[str]:
    """What kinds of secret a text holds after a collector's redaction."""
    found = {said: pattern.search(text) for said, pattern in _patterns().items()}
    kinds = [said for said, match in found.items() if match]
    # `AccountKey=` ends in a name that a password may have too: it is told by its own.
    return [said for said in kinds if said != "a password" or not {"a storage account key", "a shared access key"} & set(kinds)]


def masked(text: str) -> str:
    """The text without them: a report of what leaks must not be the next leak."""
    for pattern in _patterns().values():
        text = pattern.sub(_MASK, text)
    return text
