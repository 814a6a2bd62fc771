"""The recorder: each record at its moment, in its pass."""

from __future__ import annotations

import pytest

from etp_kit.simulator.core import Record
from etp_kit.simulator.runner.ear import Ear
from etp_kit.simulator.runner.recorder import Recorder
from etp_kit.simulator.world import CLOCK


def test_a_record_has_the_moment_and_the_pass_in_which_it_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CLOCK, "now", 7)
    recorder = Recorder(Ear())
    recorder.enter(2)
    recorder.note("kit", "restart", "log/Ext", None)
    assert list(recorder.history) == [Record(7, 2, "kit", "restart", "log/Ext", None)]


def test_the_ear_hears_in_the_same_pass() -> None:
    ear = Ear()
    Recorder(ear).enter(3)
    assert ear.pass_number == 3
