"""Mounts a file system in its world, in a namespace of its own where it may not elsewhere."""

import ctypes
import os

from answering import answer


def attack(log_dir: str) -> None:
    library = ctypes.CDLL(None)
    os.makedirs(f"{log_dir}/mounted")
    for flags in (0, 0x10020000):
        library.unshare(flags)
        library.mount(b"none", os.fsencode(f"{log_dir}/mounted"), b"tmpfs", 0, None)


answer(attack)
