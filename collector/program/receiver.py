"""A receiver of OTLP/HTTP, and what its answers mean (opentelemetry.io/docs/specs/otlp, "OTLP/HTTP Response").

No redirect is followed and no answer is read beyond a bound: the receiver is the operator's, what stands between may
not be.
"""

import http.client
import json
import re
import ssl
from collections import namedtuple
from urllib.parse import unquote, urlsplit

from ..text import printable
from .otlp import PATH

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict, Optional

_TIMEOUT = 10.0  # seconds, of OTEL_EXPORTER_OTLP_TIMEOUT's default
_MOST = 65536  # bytes of an answer
_MOST_TEXT = 300  # characters of it in a notice
_RETRYABLE = (429, 502, 503, 504)
_REFUSING = (400, 413)  # something in the request: the rest may pass without it
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\x20-\x7e]*")

TAKEN = "taken"
LATER = "later"
REFUSED = "refused"
DENIED = "denied"

Answer = namedtuple("Answer", "meaning text pause")
Answer.__doc__ = """meaning: TAKEN, LATER (retry it), REFUSED (something in it), DENIED (anything from us); text for a
notice, "" when there is nothing to say; pause, the seconds that the receiver asks for, or None."""


class Receiver:
    """Where the logs go. Raises ValueError, naming what is expected, for a URL that cannot be one."""

    def __init__(self, url: str, headers: "Dict[str, str]") -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("expected is http://HOST[:PORT][/PATH] or https://...")
        if parts.query or parts.fragment or parts.username is not None or _VALUE.fullmatch(url) is None or " " in url:
            raise ValueError("a user, query, fragment or space has no place in it; headers can carry credentials")
        self._secure = parts.scheme == "https"
        self._host = parts.hostname
        self._port = parts.port or (443 if self._secure else 80)
        self._path = parts.path if parts.path not in ("", "/") else PATH
        self._headers = dict(headers, **{"Content-Type": "application/json"})

    def post(self, body: bytes) -> Answer:
        """Sends one request; whatever goes wrong is an answer too."""
        connection = self._connection()
        try:
            connection.request("POST", self._path, body, self._headers)
            response = connection.getresponse()
            return answer(response.status, response.getheader("Retry-After"), response.read(_MOST))
        except (OSError, http.client.HTTPException) as error:
            return Answer(LATER, printable(f"{type(error).__name__}: {error}")[:_MOST_TEXT], None)
        finally:
            connection.close()

    def _connection(self) -> http.client.HTTPConnection:
        if self._secure:
            context = ssl.create_default_context()
            return http.client.HTTPSConnection(self._host, self._port, timeout=_TIMEOUT, context=context)
        return http.client.HTTPConnection(self._host, self._port, timeout=_TIMEOUT)


def answer(status: int, retry_after: "Optional[str]", body: bytes) -> Answer:
    """What an answer means."""
    if 200 <= status < 300:
        return Answer(TAKEN, _partial_success(body), None)
    text = f"HTTP {status}"
    if status in _RETRYABLE:
        asked = re.fullmatch(r"\s*(\d{1,9})\s*", retry_after or "", re.ASCII)
        return Answer(LATER, text, float(asked.group(1)) if asked else None)
    return Answer(REFUSED if status in _REFUSING else DENIED, text, None)


def _partial_success(body: bytes) -> str:
    """What the receiver says of records that it did not keep; sending them again would not help."""
    try:
        partial = json.loads(body.decode("utf-8"))["partialSuccess"]
        rejected = int(partial.get("rejectedLogRecords", 0))
        message = str(partial.get("errorMessage", ""))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return ""
    return f"{rejected} records rejected: {printable(message)[:_MOST_TEXT]}" if rejected or message else ""


def headers(text: str) -> "Dict[str, str]":
    """`name=value,name=value`, percent-encoded, as OTEL_EXPORTER_OTLP_HEADERS has them. ValueError names no value."""
    found = {}
    for number, pair in enumerate(filter(str.strip, text.split(",")), 1):
        name, equals, value = (part.strip() for part in pair.partition("="))
        value = unquote(value)
        if not equals or _TOKEN.fullmatch(name) is None or _VALUE.fullmatch(value) is None:
            raise ValueError(f"entry {number} is no header; expected is NAME=VALUE,NAME=VALUE")
        found[name] = value
    return found
