"""A stage for each test of a part, in a fake world; clock, seam and hooks are as they were
afterwards.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from etp_kit.simulator.runner.spec import RunSpec
from etp_kit.simulator.runner.stage import Stage
from etp_kit.simulator.world import escape
from etp_kit.simulator.world import seam as seams
from etp_kit.simulator.world.clock import CLOCK
from etp_kit.simulator.world.files import install_files
from etp_kit.simulator.world.hooks import install_seam
from etp_kit.simulator.world.world import FakeWorld, RealWorld

from .staged import mkdir, spec, subject

MakeStage = Callable[..., Stage]


@pytest.fixture
def make_stage(tmp_path: Path) -> Iterator[MakeStage]:
    """``make_stage(spec, factory)``: one whose world is furnished."""
    install_seam()
    install_files()

    def make(of: RunSpec | None = None, factory: Any = None) -> Stage:
        of = of or spec()
        world = FakeWorld() if of.world == "fake" else RealWorld(tmp_path / "world")
        world.set_up()
        stage = Stage(of, subject(factory), world)
        CLOCK.on_sleep = stage.listener.sleep
        return stage

    CLOCK.reset()
    yield make
    CLOCK.reset()
    seams.enter_seam(None)
    escape.stop_watching()


@pytest.fixture
def attended() -> Iterator[None]:
    """Somebody can press Ctrl-C, also where the tests run without a terminal."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def real(make_stage: MakeStage) -> Stage:
    """One in the real world, with a directory of the only extension."""
    stage = make_stage(spec("real"))
    for path in ("log/Ext", "log/Ext/events"):
        stage.perform("agent", mkdir(path))
    stage.recorder.records.clear()
    return stage


@pytest.fixture
def stage(make_stage: MakeStage) -> Stage:
    return make_stage()
