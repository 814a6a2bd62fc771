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
    # By the threshold, so that one who switches collections off or on is seen (run.guest) and
    # nobody's switch brings them back.
    before = gc.get_threshold()
    gc.set_threshold(0)
    try:
        yield
    finally:
        gc.set_threshold(*before)
