"""Collections of garbage, kept out of runs: they must not show in a history, and of a run and its judges little is garbage before its end."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Within this no garbage is collected; whoever is outermost lets collections happen again."""
    # By the threshold, so that one who switches collections off or on is seen (run.guest) and nobody's switch brings them back.
    before = gc.get_threshold()
    gc.set_threshold(0)
    try:
        yield
    finally:
        gc.set_threshold(*before)
