"""Profiles name real clauses, and a known failure is expected only where it holds."""

from __future__ import annotations

import pytest

from etp_kit.simulator.contract.clauses import CLAUSES, LIMITS, ContractError, data
from etp_kit.simulator.contract.profiles import PROFILES, Difference, KnownFailure, Profile, load

ONE = """
[[profile]]
name = "agent-1"
about = "an agent"
level = "core"
quota = 300
[[profile.difference]]
clause = "event.pids"
reason = "takes process ids as text only"
[[profile.known_failure]]
clause = "read.malformed"
reason = "ends the pass"
when = "python >= 3.10"
"""

every_profile = pytest.mark.parametrize("profile", PROFILES.values(), ids=lambda profile: profile.name)


@every_profile
def test_profile_clauses_exist_and_stand_at_its_level(profile: Profile) -> None:
    entries: tuple[Difference | KnownFailure, ...] = (*profile.difference, *profile.known_failure)
    for entry in entries:
        assert entry.clause in CLAUSES
        assert profile.level == "hardened" or CLAUSES[entry.clause].level == "core"


def test_reference_differs_in_nothing() -> None:
    reference = PROFILES["reference"]
    assert (reference.level, reference.quota) == ("hardened", LIMITS["quota"].value)
    assert not reference.difference
    assert not reference.known_failure


def test_linux_agent_2_15_differs_in_the_level_alone() -> None:
    agent, reference = PROFILES["linux-agent-2.15"], PROFILES["reference"]
    assert (agent.level, agent.quota) == ("core", reference.quota)
    assert not agent.difference
    assert not agent.known_failure


def test_linux_agent_2_7_has_the_quota_of_its_time() -> None:
    assert PROFILES["linux-agent-2.7"].quota == 300


def test_linux_agent_2_7_fails_on_newer_pythons_only() -> None:
    agent = PROFILES["linux-agent-2.7"]
    assert agent.expected_failures((3, 9)) == ()
    assert {known.clause for known in agent.expected_failures((3, 10))} == {
        "read.malformed",
        "discover.no-log-dir",
    }


@pytest.mark.parametrize(
    ("when", "python", "applies"),
    [
        (None, (3, 6), True),
        ("python >= 3.10", (3, 9), False),
        ("python >= 3.10", (3, 10), True),
        ("python >= 3.10", (4, 0), True),
        ("python < 3.10", (3, 9), True),
        ("python < 3.10", (3, 10), False),
        ("python < 3.10", (2, 7), True),
    ],
)
def test_known_failure_applies(when: str | None, python: tuple[int, int], applies: bool) -> None:
    assert KnownFailure("read.malformed", "ends the pass", when).applies(python) is applies


def test_one_profile_is_accepted() -> None:
    assert list(load(ONE)) == ["agent-1"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"event.pids"', '"event.pid"', r"agent-1: unknown clause 'event\.pid' \(did you mean 'event\.pids'"),
        ('"event.pids"', '"read.malformed"', r"agent-1: clause 'read\.malformed' stands twice"),
        ("python >= 3.10", "python 3", "known_failure.0.when: .*'python 3'"),
        ("python >= 3.10", "python >= 3.10\\n", "known_failure.0.when: "),
        ("quota = 300", "quota = 0", r"profile\.0\.quota: .*found 0"),
        ("quota = 300", 'quota = "300"', r"profile\.0\.quota: .*found '300'"),
        ("quota = 300", "qouta = 300", r"profile\.0\.quota: "),
        ('reason = "ends the pass"', "", r"known_failure\.0\.reason: "),
        ('level = "core"', 'level = "all"', r"profile\.0\.level: .*'all'"),
    ],
)
def test_bad_profiles_are_refused_with_one_line(old: str, new: str, message: str) -> None:
    assert ONE.count(old) == 1
    with pytest.raises(ContractError, match=message) as caught:
        load(ONE.replace(old, new), source="mine.toml")
    assert str(caught.value).startswith("mine.toml: ")
    assert "\n" not in str(caught.value)


def test_no_profile_stands_twice() -> None:
    with pytest.raises(ContractError, match="profile 'agent-1' stands twice"):
        load(ONE + ONE)


def test_a_file_without_profiles_is_refused() -> None:
    with pytest.raises(ContractError, match="profile: "):
        load("profile = []")


def test_what_ships_is_what_a_checked_read_gives() -> None:
    assert load(data("profiles.toml")) == PROFILES
