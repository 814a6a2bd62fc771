"""Scenarios that are refused, each with the line that says why; and plans, with and without."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import pytest

from etp_kit.simulator.base.errors import BadInput
from etp_kit.simulator.core.limits import Limits
from etp_kit.simulator.scenario import library
from etp_kit.simulator.scenario.library import load_scenario, parse_scenario, scenario_from_data
from etp_kit.simulator.scenario.plan import make_plan

GOOD: dict[str, Any] = {"schema": 1, "title": "t", "about": "a", "clauses": ["read.malformed"], "passes": 2}
GOOD["actor"] = [{"handler": "Ext"}]


def of_actor(**changes: Any) -> dict[str, Any]:
    return {"actor": [{"handler": "Ext", **changes}]}


def of_life(*changes: tuple[str, int, str]) -> dict[str, Any]:
    return of_actor(life=[{"do": do, "in_pass": number, "when": when} for do, number, when in changes])


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"title": None}, "'title': "),
    ({"duration": "1h"}, "give either 'passes' or 'duration'"),
    ({"passes": None}, "give either 'passes' or 'duration'"),
    ({"passes": None, "duration": "soon"}, "a duration is a number of seconds"),
    ({"passes": None, "duration": "1s"}, "means 0 passes"),
    ({"stop_at": "1m"}, "'stop_at' goes with 'service'"),
    ({"stop_at": "never", "service": True}, "a duration is a number of seconds"),
    ({"collector": {"period": 0}}, "collector.period is a number of seconds above 0, not 0"),
    ({"collector": {"period": True}}, "collector.period"),
    (of_actor(handler="a/b"), "handler 'a/b' is no directory name"),
    (of_actor(handler=".."), "handler '..' is no directory name"),
    (of_actor(name_bytes="2f"), "name_bytes can hold neither 00 nor 2f"),
    (of_actor(events="quotas"), "an amount is"),
    (of_actor(lives=[]), "unknown key 'actor\\[0\\].lives'"),
    (of_life(("remove", 1, "late"), ("install", 1, "early")), "'life' is told in order of time"),
    (of_life(("remove", 0, "early"), ("remove", 1, "early")), "remove in pass 1, when it is not installed"),
    (of_life(("renew", 0, "early"), ("install", 1, "early")), "install in pass 1, when it is installed"),
    (of_life(("install", 2, "early")), "'life' tells of pass 2, and there are 2, from 0"),
    ({"place": [{"actor": "Ext", "in_pass": 2}]}, "'place' tells of pass 2, and there are 2, from 0"),
    ({"place": [{"actor": "Other"}]}, "'place' names 'Other', and no actor writes under that name"),
    (of_life(("rename", 1, "early")), "'to' goes with 'rename'"),
    (of_actor(life=[{"do": "rename", "in_pass": 1, "to": "-x"}]), "nothing is renamed to begin with '-'"),
    (of_actor(life=[{"do": "rename", "in_pass": 1, "to": "."}]), "'.' is no directory name"),
]


@pytest.mark.parametrize(("changes", "said"), REFUSED)
def test_a_scenario_that_cannot_be_is_refused(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        scenario_from_data(GOOD | changes, "x.toml")


def test_a_key_that_is_missing_is_named() -> None:
    with pytest.raises(BadInput, match="missing key 'title'"):
        scenario_from_data({key: value for key, value in GOOD.items() if key != "title"}, "x.toml")


def test_text_that_is_no_toml_is_refused() -> None:
    with pytest.raises(BadInput, match="not TOML"):
        parse_scenario("schema = ", "x.toml")


def test_a_file_that_is_no_toml_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text("schema = ")
    with pytest.raises(BadInput, match="not TOML"):
        load_scenario(str(path))


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreadable(_path: Path) -> dict[str, Any]:
        raise PermissionError(errno.EACCES, "Permission denied")

    path = tmp_path / "x.toml"
    path.touch()
    monkeypatch.setattr(library, "read_toml", unreadable)
    with pytest.raises(BadInput, match="cannot be read: Permission denied"):
        load_scenario(str(path))


def test_worlds_come_with_the_fake_one_first() -> None:
    declared = [scenario_from_data(GOOD | {"world": world}, "x").worlds for world in ("both", "fake", "real")]
    assert declared == [("fake", "real"), ("fake",), ("real",)]


def test_a_duration_is_as_many_passes_as_fit() -> None:
    data = {key: value for key, value in GOOD.items() if key != "passes"}
    one = scenario_from_data(data | {"duration": "11m", "stop_at": "1m", "service": True}, "x")
    assert one.pass_count == 2


def test_a_plan_without_attackers_is_the_plan_but_for_them() -> None:
    actors = [{"handler": "Bad", "role": "attacker"}, {"handler": "Good"}]
    scenario = scenario_from_data(GOOD | {"actor": actors}, "x")
    whole, without = (make_plan(scenario, 0, Limits(), without_attackers=one) for one in (False, True))
    assert without.actors == whole.actors[1:]


def test_the_plan_of_the_same_run_is_made_once() -> None:
    scenario = scenario_from_data(GOOD, "x")
    assert make_plan(scenario, 0, Limits()) is make_plan(scenario, 0, Limits())
    assert make_plan(scenario, 1, Limits()) is not make_plan(scenario, 0, Limits())


def test_more_events_than_a_run_holds_are_refused() -> None:
    scenario = scenario_from_data(GOOD | of_actor(events=500_001), "x")
    with pytest.raises(BadInput, match="plans 1,000,002 events"):
        make_plan(scenario, 0, Limits())


def test_what_a_handler_with_a_dash_writes_is_left() -> None:
    (plan,) = make_plan(scenario_from_data(GOOD | of_actor(handler="-Ext"), "x"), 0, Limits()).actors
    dues = {label.due for step in plan.steps for label in step.labels or ()}
    assert dues == {"leave"}
