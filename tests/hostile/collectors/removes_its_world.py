"""Removes its world, and puts a link there."""

import os
import shutil
from contextlib import suppress

from . import attacking


def attack(log_dir: str) -> None:
    root = os.path.dirname(log_dir)
    shutil.rmtree(root, ignore_errors=True)
    with suppress(OSError):
        os.symlink("/usr", root)


make = attacking(attack)
