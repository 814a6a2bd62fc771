"""Leaves directories 300 deep."""

import os

from . import attacking


def attack(log_dir: str) -> None:
    os.chdir(log_dir)
    for _number in range(300):
        os.mkdir("d")
        os.chdir("d")
    os.chdir("/")


make = attacking(attack)
