"""Writes into the memory of the process that started its own."""

import os

from . import attacking


def attack(_: str) -> None:
    try:
        descriptor = os.open(f"/proc/{os.getppid()}/mem", os.O_RDWR)
    except OSError:
        return
    os.close(descriptor)


make = attacking(attack)
