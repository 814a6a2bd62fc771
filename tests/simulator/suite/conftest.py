"""A worker's place within the test's own process. Clock, seam and hooks are restored afterwards."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from etp_kit.simulator.world import escape
from etp_kit.simulator.world import seam as seams
from etp_kit.simulator.world.clock import CLOCK
from etp_kit.simulator.world.files import install_files
from etp_kit.simulator.world.hooks import install_seam
from etp_kit.simulator.world.world import FakeWorld


@pytest.fixture
def place() -> Iterator[FakeWorld]:
    """A fake world in which runs can be made here."""
    install_seam()
    install_files()
    CLOCK.reset()
    yield FakeWorld()
    CLOCK.reset()
    seams.enter_seam(None)
    escape.stop_watching()
