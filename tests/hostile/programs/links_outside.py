"""Moves a file out of its world, and writes through a link that leads out of it."""

import os
from contextlib import suppress

from answering import answer


def attack(log_dir: str) -> None:
    with suppress(OSError):
        os.symlink("/tmp", f"{log_dir}/way")
        with open(f"{log_dir}/way/etp-hostile-file", "w") as file:
            file.write("written")
    with suppress(OSError):
        open(f"{log_dir}/mine", "w").close()
        os.rename(f"{log_dir}/mine", "/dev/shm/etp-hostile-file")


answer(attack)
