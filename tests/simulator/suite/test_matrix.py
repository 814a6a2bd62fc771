"""The matrix: before which step of a collector's work an object got in the way, and its row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from etp_kit.simulator.base.errors import KitBroke
from etp_kit.simulator.core import STARVED, History, Record
from etp_kit.simulator.core.history import COLLECTOR, KIT
from etp_kit.simulator.runner import Died, Job
from etp_kit.simulator.scenario.variants import Interleave
from etp_kit.simulator.suite import matrix
from etp_kit.simulator.suite.exhaustion import Explorer, Placement
from etp_kit.simulator.suite.matrix import STEPS, HostileObject, Row, objects, rows, scenario_of, step_met
from etp_kit.simulator.world.world import FakeWorld

EVENTS = "log/Contoso.Hostile/events"
FILE = f"{EVENTS}/1.json"
Told = tuple[str, str, str, Any]


def placed(*after: Told, problems: list[tuple[str, str]] | None = None) -> Placement:
    """A step in pass 1, and what follows it there. What is told elsewhere says nothing."""
    early = [(COLLECTOR, "call", FILE, {"call": "unlink"})]
    inside = [(KIT, "pass-begin", "", None), *early, ("0:X", "step", FILE, None), *after, (KIT, "pass-end", "", None)]
    told = [(0, record) for record in early] + [(1, record) for record in [*inside, *early]]
    history = History([Record(0, number, actor, op, path, result) for number, (actor, op, path, result) in told])
    return Placement(Interleave(0, 0, 1), history, 1, problems or [])


def call(label: str, path: str, actor: str = COLLECTOR) -> Told:
    return actor, "call", path, {"call": label}


@pytest.mark.parametrize(
    ("after", "step"),
    [
        ([call("scandir", EVENTS)], "list"),
        ([call("stat", EVENTS)], "list"),
        ([call("close", EVENTS)], "end"),
        ([call("readdir", f"{EVENTS}/x")], "list"),
        ([call("lstat", FILE)], "stat"),
        ([call("open", FILE)], "open"),
        ([call("read", FILE)], "read"),
        ([call("close", FILE)], "parse"),
        ([call("unlink", FILE)], "remove"),
        ([call("chmod", FILE)], "end"),
        ([call("unlink", f"{EVENTS}/1.tmp")], "sweep"),
        ([call("stat", "log"), call("stat", "log/Fabrikam.Bystander/events/1.json")], "end"),
        ([(COLLECTOR, "flush", "", {"confirmed": True})], "enqueue"),
        ([(COLLECTOR, "deliver", "", {"key": ["Contoso.Hostile", "1.json", 0]})], "enqueue"),
        ([(COLLECTOR, "deliver", "", {"key": ["Fabrikam.Bystander", "1.json", 0]}), call("open", FILE)], "open"),
        ([(COLLECTOR, "deliver", "", {"key": None})], "end"),
        ([(COLLECTOR, "notice", "", {}), call("open", FILE, "0:X")], "end"),
    ],
)
def test_a_step_is_named_by_what_the_collector_did_next(after: list[Told], step: str) -> None:
    assert step_met(placed(*after)) == step
    assert step in STEPS


def test_a_row_counts_each_placement_and_keeps_some_of_what_broke() -> None:
    row = Row("object")
    row.add(placed(call("open", FILE)))
    for _ in range(matrix._MOST_KEPT):
        row.add(placed(call("open", FILE), problems=[("run.errors", "one"), ("run.errors", "two")]))
    tried = 1 + matrix._MOST_KEPT
    assert (dict(row.tried), dict(row.failed), len(row.kept)) == (
        {"open": tried},
        {"open": tried - 1},
        matrix._MOST_KEPT,
    )
    assert row.kept[0] == ("run.errors", f"open: {Interleave(0, 0, 1)}", "one")


@pytest.mark.parametrize("hostile", objects().values(), ids=lambda hostile: hostile.name)
def test_each_object_has_a_scenario_with_a_bystander(hostile: HostileObject) -> None:
    scenario = scenario_of(hostile)
    assert scenario.id == f"matrix/{hostile.name}"
    assert [actor.role for actor in scenario.actor] == ["attacker", "bystander"]


class TestRows:
    def ended(self, monkeypatch: pytest.MonkeyPatch, outcome: object) -> Row:
        def results(jobs: list[Job[Any]], _: int) -> Iterator[tuple[Job[Any], Any, float]]:
            yield from ((job, outcome, 0.0) for job in jobs)

        monkeypatch.setattr(matrix, "results_of", results)
        (row,) = rows([next(iter(objects().values()))], "reference", "fake")
        return row

    def test_a_row_is_told_as_it_came(self, monkeypatch: pytest.MonkeyPatch) -> None:
        row = Row("object")
        row.add(placed())
        assert self.ended(monkeypatch, row) is row

    @pytest.mark.parametrize(("kind", "starved"), [("hang", False), (STARVED, True)])
    def test_a_death_is_a_row(self, monkeypatch: pytest.MonkeyPatch, kind: str, starved: bool) -> None:
        row = self.ended(monkeypatch, Died(kind, "no end", 9.0))
        assert (row.death, row.starved) == (f"{kind}: no end", starved)

    @pytest.mark.parametrize("outcome", [Row("object"), KitBroke("of ours")], ids=["never in the way", "broke"])
    def test_nothing_is_the_kits_failure(self, monkeypatch: pytest.MonkeyPatch, outcome: object) -> None:
        with pytest.raises(KitBroke):
            self.ended(monkeypatch, outcome)


def test_a_worker_puts_an_object_in_each_place(place: FakeWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[int, int]] = []

    def one(_: object, actor: int, step: int) -> list[Placement]:
        asked.append((actor, step))
        return [placed()]

    monkeypatch.setattr(Explorer, "placements", one)
    hostile = next(iter(objects().values()))
    row = matrix._work(hostile, "reference", 0)(place)
    assert {actor for actor, _ in asked} == {0}
    assert dict(row.tried) == {"end": len(asked)}
