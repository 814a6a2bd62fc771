"""Leaves directories that nobody can enter."""

import os

from answering import answer


def attack(log_dir: str) -> None:
    os.makedirs(f"{log_dir}/closed/inner")
    open(f"{log_dir}/closed/inner/file", "w").close()
    os.chmod(f"{log_dir}/closed/inner", 0)
    os.chmod(f"{log_dir}/closed", 0)


answer(attack)
