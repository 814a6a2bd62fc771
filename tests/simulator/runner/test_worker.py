"""Workers: what is told of a child that died, and what is left of its world."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from etp_kit.simulator.base import KitBroke
from etp_kit.simulator.runner import worker
from etp_kit.simulator.runner.job import Died, Job
from etp_kit.simulator.runner.spec import RunSpec
from etp_kit.simulator.runner.worker import result_of
from etp_kit.simulator.scenario.library import load_scenario
from etp_kit.simulator.suite.examination import examine, supervised
from etp_kit.simulator.world.clearing import clear
from etp_kit.simulator.world.world import FakeWorld, RealWorld


@pytest.mark.parametrize(("number", "told"), [(signal.SIGKILL, "SIGKILL"), (40, "signal 40")])
def test_a_death_is_told_by_its_signal(number: int, told: str) -> None:
    with pytest.raises(Died, match=f"killed by {told}"):
        result_of(Job("dies", lambda _: os.kill(os.getpid(), number), "fake", 60))


def test_a_directory_into_which_a_dying_program_still_writes_is_removed_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def clears(path: str) -> str:
        calls.append(path)
        if len(calls) < 3:
            (Path(path) / "late").touch()
            return "late"
        return clear(path)

    monkeypatch.setattr(worker, "_TICK", 0.001)
    made = [tmp_path / "root", tmp_path / "temporary"]
    for place in made:
        place.mkdir()
    places = iter(map(str, made))
    monkeypatch.setattr(worker, "temporary_root", lambda: next(places))
    monkeypatch.setattr(worker, "clear", clears)
    result_of(Job("works", lambda _: None, "real", 60))
    assert not any(place.exists() for place in made)
    assert calls == [str(made[0])] * 3 + [str(made[1])]


def test_a_history_without_end_is_a_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    """A collector that removes nothing hands everything over again at each pass."""
    monkeypatch.setattr("etp_kit.simulator.runner.listener.MOST_RECORDS", 100)
    result = supervised(RunSpec(load_scenario("small/two-handlers"), 0, "mutant:clean-up-skipped", "fake"))
    assert "ended: time-up" in next(clause.reason for clause in result.clauses if clause.slug == "run.errors")


def test_a_collector_that_replaces_a_function_of_the_library_spoils_no_later_run() -> None:
    """A worker makes many runs, and plans each with the functions that a collector can reach."""

    def verdicts(place: FakeWorld | RealWorld) -> list[str]:
        scenario = load_scenario("event/keys")
        specs = [RunSpec(scenario, seed, "mutant:library-patched", place.name) for seed in (0, 1)]
        return [examine(spec, place).verdict for spec in specs]

    assert result_of(Job("patches", verdicts, "fake", 60))[0] == ["pass", "pass"]


def test_a_result_that_json_does_not_have_is_the_kits_mistake() -> None:
    with pytest.raises(KitBroke, match="object is in no result"):
        result_of(Job("odd", lambda _: object(), "fake", 60))
