"""Which of several expectations tells of a failure, and what is left of a verdict then."""

from __future__ import annotations

import pytest

from etp_kit.simulator.contract.clauses import CLAUSES
from etp_kit.simulator.contract.profiles import Consequence, Difference, KnownFailure, Profile
from etp_kit.simulator.judging.verdict import ClauseVerdict, ScenarioVerdict
from etp_kit.simulator.suite.expectations import Expectations, marked

OWN, BROUGHT, FREE = list(CLAUSES)[:3]
BRINGS = (Consequence(BROUGHT, ("a",)),)
PROFILE = Profile("other", "another collector", "core", 300, (Difference(OWN, "so it was meant", BRINGS),))
OLD = Profile("old", "an old one", "core", 300, (), (KnownFailure(OWN, "a bug of old", "python < 3.9", BRINGS),))


def verdict(name: str = "a", **clauses: str) -> ScenarioVerdict:
    """``own``, ``brought`` and ``free``: what was said of each clause."""
    slugs = {"own": OWN, "brought": BROUGHT, "free": FREE}
    judged = [ClauseVerdict(slugs[key], CLAUSES[slugs[key]].level, said, "lost") for key, said in clauses.items()]
    return ScenarioVerdict(name, 0, "fake", "fail", clauses=judged)


def kinds(result: ScenarioVerdict) -> list[tuple[str, str]]:
    return [(clause.verdict, clause.kind) for clause in result.clauses]


def mark(result: ScenarioVerdict, profile: Profile = PROFILE, python: tuple[int, int] = (3, 12)) -> ScenarioVerdict:
    return marked(result, (OWN, BROUGHT, FREE), Expectations(profile, python=python))


def test_what_a_difference_brings_is_expected_in_its_scenarios_alone() -> None:
    assert kinds(mark(verdict("a", brought="fail"))) == [("fail", "difference")]
    assert kinds(mark(verdict("b", brought="fail"))) == [("fail", "")]


def test_why_it_follows_is_told_with_what_was_found_and_who_expects_it() -> None:
    (clause,) = mark(verdict("a", brought="fail")).clauses
    assert clause.reason == f"follows from {OWN}: so it was meant; lost"
    assert (clause.expected_by, clause.expected_why) == (
        "the profile other",
        f"follows from {OWN}: so it was meant",
    )


@pytest.mark.parametrize(("python", "kind"), [((3, 8), "known"), ((3, 9), "")])
def test_a_known_failure_is_expected_on_its_pythons(python: tuple[int, int], kind: str) -> None:
    assert kinds(mark(verdict("a", own="fail", brought="fail"), OLD, python)) == [("fail", kind)] * 2


@pytest.mark.parametrize(
    ("profile", "clauses", "whole"),
    [
        (PROFILE, {"own": "fail", "free": "pass"}, ("fail", "difference")),
        (OLD, {"own": "fail", "free": "skip"}, ("fail", "known")),
        (PROFILE, {"own": "fail", "free": "fail"}, ("fail", "")),
        (PROFILE, {"own": "fail", "free": "error"}, ("error", "")),
        (PROFILE, {"own": "pass", "free": "pass"}, ("pass", "")),
    ],
    ids=["by design", "known", "another fails", "another is the kit's error", "all hold"],
)
def test_a_scenario_is_as_expected_where_each_of_its_failures_is(
    profile: Profile, clauses: dict[str, str], whole: tuple[str, str]
) -> None:
    found = mark(verdict("a", **clauses), profile, (3, 8))
    assert (found.verdict, found.kind) == whole


def test_what_was_not_selected_is_not_told() -> None:
    assert marked(verdict("a", own="fail", free="pass"), (FREE,), Expectations()).clauses[0].slug == FREE


def test_what_is_brought_and_passes_where_it_should_fail_is_stale() -> None:
    stale = Expectations(PROFILE).stale([verdict("a", own="fail", brought="pass")])
    assert stale == [(BROUGHT, "a", "the profile other expects it to fail, and it passes")]
