"""A receiver of OTLP/HTTP, and the requests that are made of it.

No redirect is followed, no proxy used, and no answer is read beyond a bound. The receiver is the
operator's; what stands between may not be.
"""

import re
import ssl
from urllib.parse import unquote, urlsplit

from ..text import printable
from .answer import LATER, MOST_TEXT, Answer, answer
from .deadline import Deadline, NoAnswer
from .exchange import Lookup, exchange
from .otlp import PATH

TYPE_CHECKING = False
if TYPE_CHECKING:
    import threading
    from typing import Dict, Optional

TIMEOUT = 10.0  # seconds of an exchange, of OTEL_EXPORTER_OTLP_TIMEOUT's default
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\x20-\x7e]*")
_OURS = {
    "Content-Type": "application/json",
    "Accept": "application/json",
    "Accept-Encoding": "identity",
    "Connection": "close",
    "User-Agent": "etp-kit-collector",
}
_FRAMING = ("host", "content-length", "transfer-encoding", "expect", "upgrade", "te", "trailer")


class Receiver:
    """Where the logs go. Raises ValueError, naming what is expected, for a URL that cannot be one.
    """

    def __init__(self, url: str, headers: "Dict[str, str]", stop: "threading.Event", timeout: float = TIMEOUT) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("expected is http://HOST[:PORT][/PATH] or https://...")
        if parts.query or parts.fragment or parts.username is not None or _VALUE.fullmatch(url) is None or " " in url:
            raise ValueError("a user, query, fragment or space has no place in it; headers can carry credentials")
        self._host = parts.hostname
        self._secure = parts.scheme == "https"
        self._lookup = Lookup(self._host, parts.port or (443 if self._secure else 80))
        self._stop = stop
        self._timeout = timeout
        path = parts.path if parts.path not in ("", "/") else PATH
        fields = dict({"Host": parts.netloc}, **_OURS)
        fields.update(headers)
        self._head = f"POST {path} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in fields.items())

    def post(self, body: bytes, records: int) -> Answer:
        """Sends one request with so many records; whatever goes wrong is an answer too."""
        deadline = Deadline(self._timeout, self._stop)
        request = f"{self._head}Content-Length: {len(body)}\r\n\r\n".encode("ascii") + body
        try:
            tls = (ssl.create_default_context(), self._host) if self._secure else None
            return answer(exchange(self._lookup, tls, request, deadline), records)
        except NoAnswer as error:
            why = str(error)
        except (OSError, ValueError) as error:  # a certificate's, up to Python 3.6
            why = f"{type(error).__name__}: {error}"
        return Answer(LATER, printable(why)[:MOST_TEXT], None, False)


def headers(text: str) -> "Dict[str, str]":
    """`name=value,name=value`, percent-encoded, as OTEL_EXPORTER_OTLP_HEADERS has them. ValueError
    names no value."""
    found = {}
    for number, pair in enumerate(filter(str.strip, text.split(",")), 1):
        name, equals, value = (part.strip() for part in pair.partition("="))
        value = unquote(value)
        if not equals or _TOKEN.fullmatch(name) is None or _VALUE.fullmatch(value) is None:
            raise ValueError(f"entry {number} is no header; expected is NAME=VALUE,NAME=VALUE")
        if name.lower() in _FRAMING or name.title() in _OURS:
            raise ValueError(f"entry {number} is a header that the program sets itself: {name}")
        found[name] = value
    return found
