"""Tests of a seam that stands in the test's own process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from etp_kit.simulator.base.gc_pause import uncollected
from etp_kit.simulator.world import seam as seams

from .worlds import Stage, fake_stage, real_stage


@pytest.fixture(autouse=True)
def no_garbage_is_collected() -> Iterator[None]:
    """A process that an earlier test left as garbage would close its descriptors at this seam."""
    with uncollected():
        yield


@pytest.fixture(params=["fake", "real"])
def stage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stage]:
    """Each world with a seam before it."""
    yield fake_stage() if request.param == "fake" else real_stage(tmp_path / "world")
    seams.enter_seam(None)
