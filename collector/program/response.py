"""An answer of HTTP/1.1, read by the grammar of RFC 9112 and within bounds.

What breaks off is no answer, wherever it breaks off. Neither is what does not keep to the grammar:
a header that ends in the middle could have gone on to say anything. A final answer whose body is
longer than anybody reads counts as one, without its body.
"""

import re
from collections import namedtuple

from .deadline import NoAnswer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Dict, List, Optional

MOST_BODY = 65536  # bytes that are read of a body
_MOST_HEAD = 65536  # bytes of all headers, interim answers (100 Continue) and trailers together
_MOST_LINE = 1024  # bytes of a chunk's size and its extensions
_STATUS = re.compile(rb"HTTP/1\.([01]) ([1-5]\d\d)(?: [\t -~\x80-\xff]*)?")
_FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[\t ]*([\t -~\x80-\xff]*)")
_LENGTH = re.compile(r"(\d{1,18})(?:[\t ]*,[\t ]*\1)*", re.ASCII)
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,15})[\t ]*(?:;[\t -~\x80-\xff]*)?")
_BODILESS = (204, 304)
_SWITCHES = 101

Response = namedtuple("Response", "status headers body")
Response.__doc__ = """status, of a final answer; headers, by names in small letters, values of
one name joined by commas; body, bytes, or None if it was too long to be read."""


class _TooLong(Exception):
    """More than is read of a body."""


class Source:
    """What a receiver sends, line by line and byte by byte; `more()` gives the next bytes, none at
    the end."""

    def __init__(self, more: "Callable[[], bytes]") -> None:
        self._more = more
        self._held = bytearray()
        self._head_left = _MOST_HEAD

    def line(self, most: int) -> bytes:
        """The next line, without its end. Raises NoAnswer if it breaks off or is longer than
        `most`."""
        seen = 0
        while True:
            end = self._held.find(b"\n", seen)
            if max(end, len(self._held) - 1) >= most and not 0 <= end < most:
                raise NoAnswer("the answer has a line that is too long")
            if end >= 0:
                found = bytes(self._held[:end])
                del self._held[: end + 1]
                return found[:-1] if found.endswith(b"\r") else found
            seen = len(self._held)
            if not self._fill():
                raise NoAnswer(
                    "the answer broke off in its header" if self._held else "no answer, or one that broke off"
                )

    def head_line(self) -> bytes:
        """A line of a header or trailer: all of them share one bound."""
        found = self.line(self._head_left)
        self._head_left -= len(found) + 1
        return found

    def exactly(self, count: int) -> bytes:
        """So many bytes. Raises NoAnswer if there are fewer."""
        while len(self._held) < count:
            if not self._fill():
                raise NoAnswer("the answer broke off in its body")
        found = bytes(self._held[:count])
        del self._held[:count]
        return found

    def rest(self, most: int) -> "Optional[bytes]":
        """All that comes until the end; None if that is more than `most`."""
        while len(self._held) <= most:
            if not self._fill():
                return bytes(self._held)
        return None

    def _fill(self) -> bool:
        got = self._more()
        self._held += got
        return bool(got)


def read_response(source: Source) -> Response:
    """The final answer. Raises NoAnswer for one that breaks off or is none."""
    while True:
        match = _STATUS.fullmatch(source.head_line())
        if match is None:
            raise NoAnswer("what came is no answer of HTTP/1.1")
        status, headers = int(match.group(2)), _headers(source)
        if status == _SWITCHES:
            raise NoAnswer("the receiver switches to a protocol that nobody asked for")
        if status >= 200:
            break
    if status in _BODILESS:
        return Response(status, headers, b"")
    try:
        body = _body(source, headers, match.group(1) == b"1")
    except _TooLong:
        body = None
    return Response(status, headers, body)


def _headers(source: Source) -> "Dict[str, str]":
    found = {}  # type: Dict[str, List[str]]
    for line in iter(source.head_line, b""):
        match = _FIELD.fullmatch(line)
        if match is None:
            raise NoAnswer("the answer has a header that is none")
        name, value = (part.decode("latin-1") for part in match.groups())
        found.setdefault(name.lower(), []).append(value.rstrip("\t "))
    return {name: ", ".join(values) for name, values in found.items()}


def _body(source: Source, headers: "Dict[str, str]", knows_chunks: bool) -> "Optional[bytes]":
    coding, length = headers.get("transfer-encoding"), headers.get("content-length")
    if coding is not None:
        if length is not None or coding.lower() != "chunked" or not knows_chunks:
            raise NoAnswer("nobody can tell where the answer ends")
        return _chunks(source)
    if length is None:
        return source.rest(MOST_BODY)
    match = _LENGTH.fullmatch(length)
    if match is None:
        raise NoAnswer("nobody can tell where the answer ends")
    return source.exactly(_bounded(int(match.group(1))))


def _chunks(source: Source) -> bytes:
    body = bytearray()
    while True:
        match = _CHUNK.fullmatch(source.line(_MOST_LINE))
        if match is None:
            raise NoAnswer("the answer has a chunk that is none")
        size = int(match.group(1), 16)
        if size == 0:
            _headers(source)  # trailers
            return bytes(body)
        _bounded(len(body) + size)
        body += source.exactly(size)
        if source.exactly(2) != b"\r\n":
            raise NoAnswer("the answer has a chunk that is none")


def _bounded(size: int) -> int:
    if size > MOST_BODY:
        raise _TooLong
    return size
