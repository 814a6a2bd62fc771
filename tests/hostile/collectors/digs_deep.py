"""Leaves directories 3,000 deep, and a link in the place of its world."""

import os

from . import attacking


def attack(log_dir: str) -> None:
    os.chdir(log_dir)
    for _number in range(3_000):
        os.mkdir("d")
        os.chdir("d")
    os.chdir("/")


make = attacking(attack)
