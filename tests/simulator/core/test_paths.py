"""Paths of a world: made and read by the same words."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


#: Questions that a path answers, each with the paths of which it is so.
PATHS = (
    "log", "log/Ext", "log/Ext/events", "log/Ext/other", "log/Ext/events/1.json", "log/Ext/events/in/1.json",
    "lib/events", "lib/events/1.tld", "outside/actor-00a/events", "outside/secret.json",
)  # fmt: skip


@pytest.mark.parametrize(
    ("question", "so"),
    [
        (paths.is_handler_dir, {"log/Ext"}),
        (paths.is_events_dir, {"log/Ext/events"}),
        (paths.is_entry, {"log/Ext/events/1.json"}),
        (paths.is_entry_or_below, {"log/Ext/events/1.json", "log/Ext/events/in/1.json"}),
        (paths.is_in_subdirectory, {"log/Ext/events/in/1.json"}),
        (paths.is_outside, {"outside/actor-00a/events", "outside/secret.json"}),
        (paths.is_json, {"log/Ext/events/1.json", "log/Ext/events/in/1.json", "outside/secret.json"}),
        (paths.is_tld, {"lib/events/1.tld"}),
    ],
)
def test_a_path_tells_where_it_lies(question: Callable[[str], bool], so: set[str]) -> None:
    assert {path for path in PATHS if question(path)} == so


@given(st.text("a/", max_size=6), st.text("a/", max_size=4))
def test_what_lies_below_a_directory_begins_with_it(directory: str, rest: str) -> None:
    assert paths.is_below(f"{directory}/{rest}", directory)
    assert not paths.is_below(directory, directory)


def test_a_file_is_named_by_the_last_of_its_names() -> None:
    assert [paths.file_name(path) for path in ("log/Ext/events/1.json", "1.json")] == ["1.json", "1.json"]
