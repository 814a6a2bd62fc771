"""Kills the process that started its own."""

import os
import signal
from contextlib import suppress

from . import attacking


def attack(_: str) -> None:
    with suppress(PermissionError):
        os.kill(os.getppid(), signal.SIGKILL)


make = attacking(attack)
