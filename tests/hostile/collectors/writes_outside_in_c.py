"""Does the same by the C library, which no hook sees."""

import ctypes

from . import attacking


def attack(_: str) -> None:
    library = ctypes.CDLL(None)
    for directory in (b"/tmp", b"/var/tmp", b"/dev/shm"):
        library.close(library.creat(directory + b"/etp-hostile-file", 0o644))


make = attacking(attack)
