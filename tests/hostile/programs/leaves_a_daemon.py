"""Leaves a process that is nobody's child, in a session of its own, with its streams closed."""

import os
import time

from answering import answer


def attack(_: str) -> None:
    if os.fork():
        return
    os.setsid()
    if os.fork():
        os._exit(0)
    os.closerange(0, 100)
    time.sleep(1_000)


answer(attack)
