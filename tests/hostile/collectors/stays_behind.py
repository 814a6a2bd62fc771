"""Leaves a process of a session of its own behind, by a chain of quick forks."""

import os
import time

from . import attacking


def attack(_: str) -> None:
    if os.fork():
        return
    os.setsid()
    for _number in range(20):
        if os.fork():
            os._exit(0)
    os.closerange(0, 100)
    end = time.monotonic() + 1_000
    while time.monotonic() < end:
        os.sched_yield()


make = attacking(attack)
