"""A conformance run means the same for the command and for pytest: it is settled in one place."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path
from typing import Any

import pytest

from etp_kit.simulator.base.errors import BadInput
from etp_kit.simulator.contract.profiles import PROFILES
from etp_kit.simulator.judging.ranks import KNOWN
from etp_kit.simulator.judging.verdict import ClauseVerdict, ScenarioVerdict
from etp_kit.simulator.suite.request import ConformanceRequest

PROFILE = next(profile for profile in PROFILES.values() if profile.level == "core")
LISTED = (
    '[[known]]\nclause = "read.malformed"\nscenario = "read/malformed"\nreason = "for a while"\nexpires = 2999-01-01\n'
)


def test_what_is_not_given_is_the_reference_at_both_levels_everywhere() -> None:
    run = ConformanceRequest().settled()
    assert (run.suite.collector, run.suite.seed, run.suite.selection.level) == ("reference", 0, "hardened")
    assert {world for _, world in run.suite.selection.pairs} == {"fake", "real"}
    assert (run.expectations.profile, run.expectations.known) == (None, ())
    assert run.expectations.python == sys.version_info[:2]
    assert abs(datetime.datetime.now(datetime.UTC).date() - run.expectations.today) <= datetime.timedelta(days=1)


@pytest.mark.parametrize(("asked", "level"), [({}, PROFILE.level), ({"level": "hardened"}, "hardened")])
def test_a_profile_brings_its_level_unless_one_is_given(asked: dict[str, Any], level: str) -> None:
    run = ConformanceRequest(profile=PROFILE.name, **asked).settled()
    assert run.expectations.profile is PROFILE
    assert run.suite.selection.level == level


def test_a_program_runs_in_the_real_world_alone() -> None:
    run = ConformanceRequest(collector=f"cmd:{sys.executable}").settled()
    assert {world for _, world in run.suite.selection.pairs} == {"real"}


@pytest.mark.parametrize(
    ("asked", "where"),
    [
        ({"profile": "linux-agent-2.6"}, "--etp-profile"),
        ({"clauses": ["no.clause"]}, "--etp-clause"),
        ({"scenarios": ["no/scenario"]}, "--etp-scenario"),
        ({"collector": f"cmd:{sys.executable}", "world": "fake"}, "--etp-world"),
        ({"collector": "mutant:none"}, "--collector"),
    ],
)
def test_what_cannot_be_settled_names_the_option_as_it_was_given(asked: dict[str, Any], where: str) -> None:
    with pytest.raises(BadInput) as caught:
        ConformanceRequest(option="--etp-", **asked).settled()
    assert caught.value.where == where


def _failed() -> ScenarioVerdict:
    clauses = [ClauseVerdict(slug, "hardened", "fail", "seen") for slug in ("read.malformed", "read.file-size")]
    return ScenarioVerdict(id="read/malformed", world="real", seed=7, verdict="fail", clauses=clauses)


def test_a_result_is_shown_with_its_own_clauses_what_is_expected_and_how_to_see_it_again(tmp_path: Path) -> None:
    listed = tmp_path / "known.toml"
    listed.write_text(LISTED, encoding="utf-8")
    request = ConformanceRequest(clauses=["read.malformed"], known_failing=str(listed), collector="mutant:quota-raised")
    run = request.settled()
    shown = run.shown(_failed())
    assert [(clause.slug, clause.kind) for clause in shown.clauses] == [("read.malformed", KNOWN)]
    assert shown.reproduce.startswith("simulate --scenario read/malformed --seed 7 --collector mutant:")
