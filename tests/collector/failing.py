"""A receiver that fails as a table says: bytes on real connections of the loopback."""

import contextlib
import os
import select
import socket
import struct
import threading
import tomllib

from .receiving import parsed

_DRIP = 0.01  # seconds that a drip waits for its client to go, between two bytes


def table():
    with open(os.path.join(os.path.dirname(__file__), "data", "failing.toml"), "rb") as file:
        return tomllib.load(file)["receiver"]


class Failing:
    """`received` holds the records of each request that was read whole; `connections` counts them
    all."""

    def __init__(self, does, unread=False, context=None):
        self.does = ([] if unread else ["@read"]) + does
        self.context = context
        self.received = []
        self.connections = 0
        self.over, self.end = os.pipe()  # closed with the test
        self.asked = threading.Event()

    def serve(self, connection):
        with contextlib.suppress(OSError):
            if self.context is not None:
                connection = self.context.wrap_socket(connection, server_side=True)
            with connection:
                self.play(connection)

    def play(self, connection):
        for act in self.does:
            word, _, text = act.partition(" ")
            if word == "@close":
                return
            if word in _ACTS:
                _ACTS[word](self, connection, text.encode("latin-1"))
            else:
                connection.sendall(act.encode("latin-1"))

    def read(self, connection, _text=b""):
        got = b""
        while b"\r\n\r\n" not in got:
            got += some(connection)
        head, _, body = got.partition(b"\r\n\r\n")
        (length,) = [int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
        while len(body) < length:
            body += some(connection)
        self.received.append(parsed(body))
        self.asked.set()

    def reset(self, connection, _text):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()

    def hang(self, connection, _text):
        self.asked.set()
        self.gone(connection, None)

    def drip(self, connection, text):
        self.asked.set()
        while not self.gone(connection, _DRIP * 1000):
            connection.sendall(text[:1])
            text = text[1:] + text[:1]

    def flood(self, connection, text):
        while True:
            connection.sendall(text * 1000)

    def gone(self, connection, milliseconds):
        poll = select.poll()
        poll.register(connection, select.POLLRDHUP)
        poll.register(self.over, 0)
        return poll.poll(milliseconds)


_ACTS = {
    "@read": Failing.read,
    "@reset": Failing.reset,
    "@hang": Failing.hang,
    "@drip": Failing.drip,
    "@flood": Failing.flood,
}


def some(connection):
    got = connection.recv(65536)
    if not got:
        raise ConnectionAbortedError("the client has gone")
    return got


@contextlib.contextmanager
def failing(does, unread=False, context=None):
    """Serves on a free port of the loopback until the end of the block; gives a Failing with its
    `url`."""
    told = Failing(does, unread, context)
    listening = socket.create_server(("127.0.0.1", 0))
    told.url = f"{'https' if context else 'http'}://127.0.0.1:{listening.getsockname()[1]}"

    def accept():
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            told.connections += 1
            serving.append(threading.Thread(target=told.serve, args=(connection,), daemon=True))
            serving[-1].start()

    serving = []
    accepting = threading.Thread(target=accept, daemon=True)
    accepting.start()
    try:
        yield told
    finally:
        os.close(told.end)
        listening.shutdown(socket.SHUT_RDWR)
        accepting.join()
        for one in serving:
            one.join()
        listening.close()
        os.close(told.over)
