"""What sweeps found in the kit, each with its right value."""

from __future__ import annotations

from typing import Any

from etp_kit.simulator.runner import Job, result_of
from etp_kit.simulator.scenario import scenario_from_data
from etp_kit.simulator.subjects import resolve
from etp_kit.simulator.sweep.judged import judged_run


def judged(data: dict[str, Any], clause: str) -> tuple[str, list[str]]:
    """The verdict, and the clauses that were judged."""
    whole = {"schema": 1, "title": "t", "about": "a", "clauses": [clause], "passes": 2, **data}

    def work(place: Any) -> tuple[str, list[str]]:
        found = judged_run(scenario_from_data(whole, "found"), 0, resolve("reference"), place, [clause])
        return found.verdict, found.judged

    return result_of(Job("found", work, "fake", form=tuple[str, list[str]]))[0]


def test_a_clock_that_is_set_without_a_service_gives_its_clause_nothing_to_judge() -> None:
    """The judge of run.clock-step asked when a service was stopped where there was none, and the
    kit broke.
    """
    step = {"kind": "clock-step", "seconds": 3_600, "in_pass": 1}
    assert judged({"actor": [{"handler": "A"}], "fault": [step]}, "run.clock-step") == ("pass", [])
