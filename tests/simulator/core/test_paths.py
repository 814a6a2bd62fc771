"""Paths of a world: made and read by the same words."""

from __future__ import annotations

import pytest

from etp_kit.simulator.core import paths


@pytest.mark.parametrize(
    ("made", "path"),
    [
        (paths.directory_outside(10), "outside/actor-00a"),
        (paths.handler_dir("Ext"), "log/Ext"),
        (paths.event_path("Ext", "1.json"), "log/Ext/events/1.json"),
        (paths.event_path("", "1.tld"), "lib/events/1.tld"),
    ],
)
def test_a_path_is_made_of_its_words(made: str, path: str) -> None:
    assert made == path


@pytest.mark.parametrize(
    ("path", "handler", "in_log", "of_agent", "event_file"),
    [
        ("log/Ext/events/1.json", "Ext", True, False, True),
        ("log/Ext/events/1.JSON", "Ext", True, False, True),
        ("log/Ext/events/a.json", "Ext", True, False, False),
        ("log/Ext/events/\u0661.json", "Ext", True, False, False),
        ("log/Ext/events/1.txt", "Ext", True, False, False),
        ("log/Ext/events/json", "Ext", True, False, False),
        ("log/Ext/other/1.json", "Ext", True, False, False),
        ("log/Ext/events/in/1.json", "Ext", True, False, False),
        ("lib/events/1.tld", "", False, True, False),
        ("outside/secret.json", "", False, False, False),
    ],
)
def test_a_path_tells_whose_it_is(path: str, handler: str, in_log: bool, of_agent: bool, event_file: bool) -> None:
    told = paths.handler_of(path), paths.is_in_log_dir(path), paths.is_agent_event(path), paths.is_event_file(path)
    assert told == (handler, in_log, of_agent, event_file)
