"""Stores that tests open are closed when they end: an open one is a warning, and a file that stays
locked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from etp_kit.simulator.sweep import Store

Opened = Callable[[Path | None, str], Store]


@pytest.fixture
def opened() -> Iterator[Opened]:
    with ExitStack() as stack:
        yield lambda path, collector: stack.enter_context(closing(Store(path, collector)))
