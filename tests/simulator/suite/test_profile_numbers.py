"""A limit of another size than the profile's is a difference; nothing else is."""

from __future__ import annotations

import pytest

from etp_kit.simulator.contract import LIMITS, Profile
from etp_kit.simulator.suite.profile_numbers import other_numbers

PROFILE = Profile("other", "another collector", "core", 300)
SAME = {"quota": 300, "max_message": LIMITS["max_message"].value}


@pytest.mark.parametrize(
    ("declared", "profile", "found"),
    [
        ({"quota": 7}, None, {}),
        (SAME, PROFILE, {}),
        ({"quota": 360}, PROFILE, {LIMITS["quota"].clause: "quota is 360, and the profile other says 300"}),
    ],
)
def test_another_number_is_a_difference_of_its_clause(
    declared: dict[str, int], profile: Profile | None, found: dict[str, str]
) -> None:
    assert other_numbers(declared, profile) == found
