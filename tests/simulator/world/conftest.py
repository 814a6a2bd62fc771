"""Tests of a seam that stands in the test's own process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from etp_kit.simulator.base.gc_pause import uncollected


@pytest.fixture(autouse=True)
def no_garbage_is_collected() -> Iterator[None]:
    """A process that an earlier test left as garbage would close its descriptors at this seam."""
    with uncollected():
        yield
