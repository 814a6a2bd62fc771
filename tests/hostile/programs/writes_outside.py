"""Writes below its user's home, into directories for everybody, and into the kernel's settings."""

import os
from contextlib import suppress

from answering import answer

PLACES = ("/tmp", "/var/tmp", "/dev/shm", os.path.expanduser("~"))


def attack(_: str) -> None:
    for place in PLACES:
        with suppress(OSError), open(f"{place}/etp-hostile-file", "w") as file:
            file.write("written")
    with suppress(OSError), open("/proc/sys/kernel/core_pattern", "r+") as file:
        file.write("core")


answer(attack)
