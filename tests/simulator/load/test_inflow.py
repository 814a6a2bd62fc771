"""The sink of a load as bytes: what comes late and cannot be read undoes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.errors import BadInput
from simulator.load.inflow import inflow
from simulator.load.verdict import Findings, verdict


def test_a_file_that_comes_late_and_cannot_be_read_is_told_and_ends_the_sink(tmp_path: Path) -> None:
    path = tmp_path / "sink"
    sink = inflow(str(path))
    sink.pump(pytest.fail)
    path.symlink_to(path)  # a loop: no user can open it
    sink.pump(pytest.fail)
    assert sink.ended
    assert "cannot be read" in sink.unreadable
    sink.pump(pytest.fail)
    assert sink.descriptor < 0


def test_a_file_that_cannot_be_read_from_the_start_is_bad_input(tmp_path: Path) -> None:
    path = tmp_path / "sink"
    path.symlink_to(path)
    with pytest.raises(BadInput, match="cannot be read"):
        inflow(str(path))


def test_what_a_sink_nobody_could_read_hides_is_unknown_and_not_lost() -> None:
    code, reasons = verdict(Findings(lost=7, unreadable="cannot be read"))
    assert code == 10
    assert reasons == ["what was delivered is not known: cannot be read"]
