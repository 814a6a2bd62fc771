"""Pauses the garbage collector during a run: finalizers would add calls to the history.

A run and its judges make little garbage before their end, so the memory is spared.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Within this no garbage is collected; whoever is outermost lets collections happen again."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
