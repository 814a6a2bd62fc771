"""Writes to every descriptor of its process."""

import os

from . import attacking


def attack(_: str) -> None:
    for descriptor in range(3, 100):
        try:
            os.set_blocking(descriptor, False)
            os.write(descriptor, b"pass\n" * 100)
        except OSError:
            continue


make = attacking(attack, honest=False)
