"""Opens the memory of every process above it for writing."""

import os
from contextlib import suppress

from answering import answer


def attack(_: str) -> None:
    pid = os.getppid()
    while pid > 1:
        with suppress(OSError):
            os.close(os.open(f"/proc/{pid}/mem", os.O_RDWR))
        with open(f"/proc/{pid}/stat") as file:
            pid = int(file.read().rpartition(")")[2].split()[1])


answer(attack)
