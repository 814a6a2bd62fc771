"""Places: a step falls just where the scenario says, and a place that nothing meets is told."""

from __future__ import annotations

from typing import Any

import pytest

from etp_kit.simulator.base import BadInput
from etp_kit.simulator.core import COLLECTOR, History, Record
from etp_kit.simulator.runner import Job, Placed, Run, RunSpec, result_of
from etp_kit.simulator.scenario import scenario_from_data
from etp_kit.simulator.subjects import resolve

DATA: dict[str, Any] = {
    "schema": 1, "title": "t", "about": "a", "clauses": ["run.errors"], "passes": 1,
    "actor": [{"handler": "A", "events": 3, "hazards": [{"kind": "vanishing"}]}],
}  # fmt: skip


def ran(*places: dict[str, Any]) -> tuple[History, int]:
    def work(world: Any) -> tuple[list[Record], int]:
        scenario = scenario_from_data({**DATA, "place": list(places)}, "x")
        run = Run(RunSpec(scenario, 0, "reference", world.name), resolve("reference"), world)
        history = run.execute()
        assert isinstance(run.schedule, Placed)
        return list(history), len(run.schedule.unmet)

    records, unmet = result_of(Job("x", work, "fake", form=tuple[list[Record], int]))[0]
    return History(records), unmet


@pytest.mark.parametrize("nth", [1, 2, 3])
def test_a_step_falls_before_the_nth_match(nth: int) -> None:
    history, unmet = ran({"actor": "A", "before": "open", "path": "log/A/events/*", "nth": nth})
    assert unmet == 0
    records = [record for record in history if record.pass_number == 0]
    begin = max(i for i, record in enumerate(records) if record.op == "pass-begin")
    inside = records[begin:]
    step = next(i for i, record in enumerate(inside) if record.op == "step")
    calls = [(i, record) for i, record in enumerate(inside) if record.op == "call" and record.actor == COLLECTOR]
    opened = [i for i, one in calls if one.result["call"] == "open" and one.path.startswith("log/A/events/")]
    assert sum(i < step for i in opened) == nth - 1
    assert inside[step + 1].op == "call"


def test_a_place_that_nothing_meets_is_told() -> None:
    history, unmet = ran({"actor": "A", "before": "open", "nth": 999})
    assert unmet == 1
    assert history.records[-2].op == "step"  # it waited for the end of its pass


def test_a_place_names_who_writes() -> None:
    with pytest.raises(BadInput, match="'place' names 'B', and no actor writes under that name"):
        ran({"actor": "B"})
