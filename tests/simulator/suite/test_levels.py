"""Core is judged under ordinary conditions;
a profile's entry explains what it brings, there and nowhere else.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from etp_kit.simulator.contract.clauses import CLAUSES
from etp_kit.simulator.contract.profiles import PROFILES
from etp_kit.simulator.judging.verdict import ClauseVerdict, ScenarioVerdict
from etp_kit.simulator.runner.spec import RunSpec
from etp_kit.simulator.scenario.library import load_scenario
from etp_kit.simulator.shipped import shipped_scenarios
from etp_kit.simulator.suite.examination import supervised
from etp_kit.simulator.suite.expectations import Expectations
from etp_kit.simulator.suite.selection import is_hardened, select
from etp_kit.simulator.suite.suite import Suite

LIBRARY = {name: load_scenario(name) for name in shipped_scenarios()}
PROFILE = PROFILES["linux-agent-2.7"]


def expectations() -> Expectations:
    return Expectations(profile=PROFILE, python=(3, 11))


def test_core_runs_nothing_that_is_hostile_beyond_it_and_checks_every_core_clause() -> None:
    selection = select(LIBRARY, level="core")
    assert not [name for name, _ in selection.pairs if is_hardened(LIBRARY[name])]
    assert not selection.unchecked
    assert set(selection.clauses) == {slug for slug, clause in CLAUSES.items() if clause.level == "core"}


def test_a_scenario_says_its_level_where_its_clauses_do_not() -> None:
    assert is_hardened(LIBRARY["deliver/crash-at-most-once"])
    assert not is_hardened(LIBRARY["stop/during"])
    assert is_hardened(LIBRARY["read/malformed"])


def test_a_scenario_that_is_named_runs_at_any_level() -> None:
    assert select(LIBRARY, level="core", scenarios=["read/malformed"]).pairs


def test_at_core_nothing_is_exhausted() -> None:
    name = "small/two-handlers"
    selection = select(LIBRARY, level="core", scenarios=[name], world="fake")
    assert LIBRARY[name].exhaust
    assert Suite(LIBRARY, selection, "reference").run(name, "fake").variants == {}


def test_what_an_entry_brings_is_explained_where_it_says() -> None:
    expected = expectations().of("redact/signed-urls", "deliver.sound")
    assert expected is not None
    kind, reason = expected.kind, expected.reason
    assert (kind, reason.partition(":")[0]) == ("difference", "follows from redact.sas")
    assert expectations().of("quota/flood", "deliver.sound") is None


def test_what_is_brought_and_passes_is_stale() -> None:
    passes = ScenarioVerdict("redact/signed-urls", 0, "fake", "pass", clauses=[ClauseVerdict("deliver.sound", "core", "pass")])
    assert ("deliver.sound", "redact/signed-urls") in {(clause, scenario) for clause, scenario, _ in expectations().stale([passes])}


@pytest.mark.parametrize("profile", PROFILES.values(), ids=lambda profile: profile.name)
def test_what_is_brought_names_scenarios_that_judge_at_that_level(profile: object) -> None:
    assert isinstance(profile, type(PROFILE))
    for entry in (*profile.difference, *profile.known_failure):
        for brought in entry.brings:
            assert brought.clause in CLAUSES
            assert set(brought.scenarios) <= set(LIBRARY)
            assert profile.level == "hardened" or not any(is_hardened(LIBRARY[name]) for name in brought.scenarios)


BLOCKED = """
import os

def make(log_dir, agent_events_dir, sender):
    class Blocked:
        def collect(self):
            for handler in os.listdir(log_dir):
                events = os.path.join(log_dir, handler, "events")
                for name in os.listdir(events):
                    try:
                        with open(os.path.join(events, name), "rb") as file:
                            file.read()
                    finally:
                        os.remove(os.path.join(events, name))
    return Blocked()
"""


def test_a_collector_that_blocks_is_blocked_whatever_it_does_on_its_way_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "blocked_collector.py").write_text(BLOCKED)
    monkeypatch.syspath_prepend(str(tmp_path))
    result = supervised(RunSpec(load_scenario("select/fifo"), 0, "py:blocked_collector:make", "fake"), keep_lines=True)
    ends = [record["result"]["end"] for record in map(json.loads, result.lines) if record["op"] == "pass-end"]
    assert ends[0] == "would-block"
    assert "run.errors" in {clause.slug for clause in result.clauses if clause.verdict == "fail"}
