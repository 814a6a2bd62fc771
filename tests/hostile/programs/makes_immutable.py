"""Leaves files that nobody can remove."""

import subprocess

from answering import answer


def attack(log_dir: str) -> None:
    with open(f"{log_dir}/held", "w"):
        subprocess.run(["chattr", "+i", f"{log_dir}/held"], check=False, capture_output=True)


answer(attack)
