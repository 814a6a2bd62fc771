"""Extensions are installed, removed, renewed and renamed:
what a scenario says of it, and what becomes of that.
"""

from __future__ import annotations

from typing import Any

import pytest

from etp_kit.simulator.base.errors import BadInput
from etp_kit.simulator.base.units import SECOND
from etp_kit.simulator.core.history import History, Record
from etp_kit.simulator.core.limits import Limits
from etp_kit.simulator.core.steps import Step
from etp_kit.simulator.judging.ledger import Ledger
from etp_kit.simulator.load.options import Orders, course_of
from etp_kit.simulator.runner.job import Job
from etp_kit.simulator.runner.run import run
from etp_kit.simulator.runner.spec import RunSpec
from etp_kit.simulator.runner.worker import result_of
from etp_kit.simulator.scenario.library import scenario_from_data
from etp_kit.simulator.scenario.model import Scenario
from etp_kit.simulator.scenario.plan import ActorPlan, make_plan
from etp_kit.simulator.subjects.specs import resolve
from etp_kit.simulator.testing.event_world import EventWorld
from etp_kit.simulator.world.world import FakeWorld, RealWorld

PERIOD = 300 * SECOND
NAME = "Contoso.Agent-1.0"


def scenario(life: list[dict[str, Any]], passes: int = 4, **actor: Any) -> Scenario:
    one = {"handler": NAME, "events": 5, "life": life, **actor}
    return scenario_from_data({"schema": 1, "title": "t", "about": "a", "clauses": ["discover.layout"], "passes": passes, "actor": [one]}, "life")


def plans(life: list[dict[str, Any]], **actor: Any) -> tuple[ActorPlan, ...]:
    return make_plan(scenario(life, **actor), 0, Limits()).actors


def written(plan: ActorPlan) -> set[int]:
    """The passes that it writes for."""
    return {step.at // PERIOD for step in plan.steps if step.act == "write"}


def changes(plan: ActorPlan) -> list[tuple[str, str, str]]:
    return [(step.act, step.path, step.to) for step in plan.steps if step.act != "write"]


def test_without_a_life_the_directories_are_there_and_the_plan_is_as_it_was() -> None:
    (plan,) = plans([])
    assert plan.present
    assert written(plan) == {0, 1, 2, 3}


def test_who_is_installed_late_writes_from_then_on() -> None:
    (plan,) = plans([{"do": "install", "in_pass": 2}])
    assert not plan.present
    assert changes(plan) == [("mkdir", f"log/{NAME}", ""), ("mkdir", f"log/{NAME}/events", "")]
    assert written(plan) == {2, 3}
    assert plan.steps[0].at == 2 * PERIOD + 1, "the pass before it is over"


@pytest.mark.parametrize(("when", "passes"), [("early", {0, 3}), ("late", {0, 1, 3}), ("during", {0, 1, 3})])
def test_who_is_removed_writes_nothing_until_it_is_installed_again(when: str, passes: set[int]) -> None:
    (plan,) = plans([{"do": "remove", "in_pass": 1, "when": when}, {"do": "install", "in_pass": 3}])
    assert plan.present
    assert written(plan) == passes
    assert changes(plan)[0] == ("rmtree", f"log/{NAME}", "")


def test_a_renewed_events_dir_is_another_one_at_once() -> None:
    (plan,) = plans([{"do": "renew", "in_pass": 1, "when": "during"}])
    events = f"log/{NAME}/events"
    assert changes(plan) == [("rmtree", events, ""), ("mkdir", events, "")]
    assert [step.during for step in plan.steps if step.act != "write"] == [True, True]
    assert written(plan) == {0, 1, 2, 3}


def test_a_new_name_is_a_handler_of_its_own() -> None:
    old, new = plans([{"do": "rename", "in_pass": 1, "when": "late", "to": "Contoso.Agent-1.1"}])
    assert (old.handler, new.handler) == (NAME, "Contoso.Agent-1.1")
    assert (old.present, new.present) == (True, False)
    assert (written(old), written(new)) == ({0, 1}, {2, 3})
    assert changes(new) == [("rename", f"log/{NAME}", "log/Contoso.Agent-1.1")]
    (label,) = new.steps[1].labels or ()
    assert label.parameters[0].startswith("Contoso.Agent-1.1-")
    assert new.steps[1].path.startswith("log/Contoso.Agent-1.1/events/")


def test_copies_keep_their_number_under_a_new_name() -> None:
    made = plans([{"do": "rename", "in_pass": 1, "to": "Contoso.New"}], copies=2)
    assert [plan.handler for plan in made] == [NAME, "Contoso.New", f"{NAME}-2", "Contoso.New-2"]
    assert len({plan.name for plan in made}) == 4


@pytest.mark.parametrize(
    ("life", "problem"),
    [
        ([{"do": "remove", "in_pass": 1}, {"do": "remove", "in_pass": 2}], "remove in pass 2, when it is not installed"),
        ([{"do": "renew", "in_pass": 1}, {"do": "install", "in_pass": 2}], "install in pass 2, when it is installed"),
        ([{"do": "renew", "in_pass": 2}, {"do": "renew", "in_pass": 1}], "in order of time"),
        ([{"do": "renew", "in_pass": 4}], "tells of pass 4, and there are 4"),
        ([{"do": "rename", "in_pass": 1}], "'to' goes with 'rename'"),
        ([{"do": "renew", "in_pass": 1, "to": "x"}], "'to' goes with 'rename'"),
        ([{"do": "rename", "in_pass": 1, "to": "a/b"}], "no directory name"),
        ([{"do": "rename", "in_pass": 1, "to": "-dash"}], "nothing is renamed to begin with '-'"),
        ([{"do": "vanish", "in_pass": 1}], "Input should be"),
        ([{"do": "renew", "in_pas": 1}], "did you mean 'in_pass'"),
    ],
)
def test_a_life_that_cannot_be_is_refused(life: list[dict[str, Any]], problem: str) -> None:
    with pytest.raises(BadInput, match=problem):
        scenario(life)


def test_a_writer_of_agent_events_has_no_such_life() -> None:
    with pytest.raises(BadInput, match="writes agent events"):
        scenario([{"do": "renew", "in_pass": 1}], producer="waagent")


def test_a_load_refuses_it(tmp_path: Any) -> None:
    with pytest.raises(BadInput, match="installs or removes extensions"):
        course_of(Orders(scenario([{"do": "renew", "in_pass": 1}]), tmp_path), Limits())


@pytest.mark.parametrize("world", ["fake", "real"])
@pytest.mark.parametrize("when", ["early", "late", "during"])
def test_every_event_has_one_fate_whenever_it_happens(world: str, when: str) -> None:
    story = scenario(
        [
            {"do": "renew", "in_pass": 1, "when": when}, {"do": "rename", "in_pass": 2, "when": when, "to": "Contoso.Agent-2"},
            {"do": "remove", "in_pass": 3, "when": when}, {"do": "install", "in_pass": 4, "when": when},
        ], passes=6,
    )  # fmt: skip
    spec = RunSpec(story, 0, "reference", world)
    job = Job("life", lambda place: list(run(spec, resolve("reference"), place)), world, form=list[Record])
    records, _ = result_of(job)
    fates = Ledger(History(records)).fates()
    assert set(fates) <= {"delivered", "withdrawn"}
    assert fates["delivered"] >= 5


@pytest.mark.parametrize("world", ["fake", "real"])
def test_a_tree_is_removed_with_all_that_is_in_it_and_no_link_is_followed(world: str) -> None:
    def removed(place: FakeWorld | RealWorld) -> list[str]:
        place.set_up()
        for step in (
            Step(0, "mkdir", "log/a"), Step(0, "mkdir", "log/a/b"), Step(0, "write", "log/a/b/1.json", b"[]"), Step(0, "mkfifo", "log/a/b/fifo"),
            Step(0, "symlink", "log/a/link", to="@/outside/directory"), Step(0, "immutable", "log/a/b/1.json"), Step(0, "rmtree", "log/a"),
        ):  # fmt: skip
            assert place.perform(step) == ""
        assert place.perform(Step(0, "rmtree", "log/a")) == "ENOENT"
        assert place.immutable == set()
        return [path for path, *_ in place.tree()]

    left, _ = result_of(Job("rmtree", removed, world))
    assert not [path for path in left if path.startswith("log/")]
    assert "outside/directory/1767571200000.json" in left


def test_equal_events_are_told_apart_in_a_world_of_ones_own(tmp_path: Any) -> None:
    world = EventWorld(tmp_path / "world")
    events = world.write(events=0, hazards=[{"kind": "equal", "amount": 2, "per_file": 2}])
    collected = world.collect()
    assert collected.problems == ()
    assert [len(collected.of(event)) for event in events] == [1, 1, 1, 1]
    assert sorted(event.index for event in events) == [0, 0, 1, 1]
