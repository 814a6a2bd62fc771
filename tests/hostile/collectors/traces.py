"""Leaves a trace function behind that raises wherever it is called."""

import sys
import threading

from . import attacking


def trace(*_: object) -> None:
    raise RuntimeError("traced")


def attack(_: str) -> None:
    threading.settrace(trace)
    threading.setprofile(trace)
    sys.setprofile(trace)
    sys.settrace(trace)


make = attacking(attack)
