"""Leaves directories 300 deep."""

import os

from answering import answer


def attack(log_dir: str) -> None:
    os.chdir(log_dir)
    for _ in range(300):
        os.mkdir("d")
        os.chdir("d")


answer(attack)
