"""One request and its answer over a connection of its own, all of it within one deadline.

Sockets never block; every wait is the deadline's. A name is looked up in a thread of its own, since
getaddrinfo(3) cannot be told to hurry. A receiver may answer before it has read all, and close:
what it says then counts.
"""

import errno
import os
import re
import select
import socket
import ssl
import threading

from .deadline import NoAnswer
from .response import Source, read_response

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List, Optional, Tuple

    from .deadline import Deadline
    from .response import Response

_PIECE = 65536  # bytes that are given to, or taken from, the kernel at once
_INTERIM = re.compile(rb"\A(?:HTTP/1\.[01] 1\d\d[^\n]*\n(?:[^\r\n][^\n]*\n)*\r?\n)*")


class Lookup:
    """The addresses of a host. One that takes longer than its deadline is gone on with, not begun
    again."""

    def __init__(self, host: str, port: int) -> None:
        self._where = (host, port)
        self._thread = None  # type: Optional[threading.Thread]
        self._done = threading.Event()
        self._found = []  # type: List[Any]
        self._error = None  # type: Optional[Exception]

    def addresses(self, deadline: "Deadline") -> "List[Any]":
        """As of getaddrinfo(). Raises OSError where there are none, NoAnswer when it takes too
        long."""
        if self._thread is None:
            self._done.clear()
            self._thread = threading.Thread(target=self._ask, daemon=True)
            self._thread.start()
        while not self._done.wait(deadline.look()):
            pass
        self._thread = None
        if self._error is not None:
            raise self._error
        return self._found

    def _ask(self) -> None:
        self._error = None
        try:
            self._found = socket.getaddrinfo(self._where[0], self._where[1], type=socket.SOCK_STREAM)
        except OSError as error:
            self._error = error
        except UnicodeError:
            self._error = OSError(errno.EINVAL, "the host's name is none")
        self._done.set()


def exchange(
    lookup: Lookup, tls: "Optional[Tuple[ssl.SSLContext, str]]", request: bytes, deadline: "Deadline"
) -> "Response":
    """Sends the request and gives the answer; `tls` is a context and the name to verify. Raises
    OSError, NoAnswer."""
    connected = _connected(lookup.addresses(deadline), deadline)
    try:
        if tls is not None:
            connected = tls[0].wrap_socket(
                connected, server_hostname=tls[1], do_handshake_on_connect=False, suppress_ragged_eofs=False
            )
        connection = _Connection(connected, deadline)
        if tls is not None:
            connection.handshake()
        connection.send(request)
        return read_response(Source(connection.receive))
    finally:
        connected.close()


def _connected(addresses: "List[Any]", deadline: "Deadline") -> socket.socket:
    """To the first address that takes a connection; each has an equal share of the time that is
    left."""
    failure = NoAnswer("the host has no address")  # type: Exception
    for number, (family, kind, protocol, _, address) in enumerate(addresses):
        deadline.left()
        tried = socket.socket(family, kind, protocol)
        try:
            _connect(tried, address, deadline, 1 / (len(addresses) - number))
            return tried
        except (OSError, NoAnswer) as error:
            failure = error
            tried.close()
    raise failure


def _connect(tried: socket.socket, address: "Any", deadline: "Deadline", share: float) -> None:
    tried.setblocking(False)
    code = tried.connect_ex(address)
    if code == errno.EINPROGRESS:
        deadline.ready(tried.fileno(), select.POLLOUT, share)
        code = tried.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if code:
        raise OSError(code, os.strerror(code))


class _Connection:
    """A connected socket that does not block."""

    def __init__(self, connected: socket.socket, deadline: "Deadline") -> None:
        self._socket = connected  # type: Any
        self._deadline = deadline
        self._early = b""  # what came while the request was sent
        self._ended = False

    def handshake(self) -> None:
        self._when_ready(self._socket.do_handshake)

    def send(self, request: bytes) -> None:
        """All of it, unless the receiver begins its final answer or hangs up: then the answer is
        left to be read."""
        left = memoryview(request)
        events = select.POLLIN | select.POLLOUT
        while left and not self._ended and not _answered(self._early):
            self._deadline.ready(self._socket.fileno(), events)
            self._listen()
            try:
                left = left[self._socket.send(left[:_PIECE]) :]
                events = select.POLLIN | select.POLLOUT
            except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError) as error:
                events = _wanted(error, select.POLLIN | select.POLLOUT)
            except (BrokenPipeError, ConnectionResetError):
                return

    def receive(self) -> bytes:
        """What comes next; nothing at the end."""
        if self._early:
            early, self._early = self._early, b""
            return early
        self._deadline.left()
        return self._when_ready(lambda: self._socket.recv(_PIECE))

    def _listen(self) -> None:
        """Takes what can be received without a wait."""
        try:
            got = self._socket.recv(_PIECE)
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return
        self._early += got
        self._ended = not got

    def _when_ready(self, act: "Any") -> "Any":
        while True:
            try:
                return act()
            except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError) as error:
                self._deadline.ready(self._socket.fileno(), _wanted(error, select.POLLIN))


def _wanted(error: OSError, otherwise: int) -> int:
    """What TLS waits for before it goes on, or what a bare socket does."""
    if isinstance(error, ssl.SSLWantReadError):
        return select.POLLIN
    return select.POLLOUT if isinstance(error, ssl.SSLWantWriteError) else otherwise


def _answered(early: bytes) -> bool:
    """Whether a final answer has begun, or something that is none; interim answers (100 Continue)
    end no request."""
    rest = _INTERIM.sub(b"", early, 1)
    return len(early) > _PIECE or rest[9:10] not in (b"", b"1")
