"""Kills the process that it was started by."""

import os
import signal
from contextlib import suppress

from answering import answer


def attack(_: str) -> None:
    with suppress(PermissionError):
        os.kill(os.getppid(), signal.SIGKILL)


answer(attack)
