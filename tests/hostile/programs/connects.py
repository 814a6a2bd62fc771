"""Listens to, and connects to, whoever is on this machine, and calls by an abstract name."""

import socket
from contextlib import suppress

from answering import answer


def attack(_: str) -> None:
    with suppress(OSError), socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        one.listen()
    with suppress(OSError), socket.socket() as one:
        one.settimeout(0.1)
        one.connect(("127.0.0.1", 22))
    with suppress(OSError), socket.socket(socket.AF_UNIX) as one:
        one.connect("\0/tmp/.X11-unix/X0")


answer(attack)
