"""A place says by a call and a path where a step falls, and whose step it is."""

from __future__ import annotations

from typing import Any

import pytest

from etp_kit.simulator.scenario import Place, scenario_from_data


@pytest.mark.parametrize(
    ("place", "label", "path", "matches"),
    [
        ({}, "open", "log/A", True),
        ({"before": "un*"}, "unlink", "log/A", True),
        ({"before": "un*"}, "open", "log/A", False),
        ({"path": "log/A/*"}, "open", "log/A/events/1.json", True),
        ({"path": "log/A/*"}, "open", "log/B/events/1.json", False),
        ({"before": "deliver", "path": "*"}, "deliver", "", True),
    ],
)
def test_it_matches_acts_by_label_and_path(place: dict[str, Any], label: str, path: str, matches: bool) -> None:
    assert Place.model_validate({"actor": "A", **place}).matches(label, path) is matches


@pytest.mark.parametrize("name", ["Ext", "Ext-1", "later"])
def test_whoever_writes_under_a_name_may_be_placed(name: str) -> None:
    life = [{"do": "rename", "in_pass": 1, "to": "later"}]
    data: dict[str, Any] = {"schema": 1, "title": "t", "about": "a", "clauses": ["read.malformed"], "passes": 2}
    data |= {"actor": [{"handler": "Ext", "copies": 2, "life": life}], "place": [{"actor": name}]}
    assert scenario_from_data(data, "x").place[0].actor == name
