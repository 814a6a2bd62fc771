"""A profile's numbers beside those that a collector declares: a limit of another size is a
difference, and told as one.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..contract import LIMITS, Profile


def other_numbers(declared: Mapping[str, int], profile: Profile | None) -> dict[str, str]:
    """Clause -> which limit the collector has, and which its profile says.

    The run was judged by the declared limit, so that alone tells nothing of the profile. Where the
    profile is silent, the contract's own limit holds.
    """
    if profile is None:
        return {}
    found: dict[str, list[str]] = {}
    for name, value in declared.items():
        due = profile.quota if name == "quota" else LIMITS[name].value
        if value != due:
            found.setdefault(LIMITS[name].clause, []).append(
                f"{name} is {value}, and the profile {profile.name} says {due}"
            )
    return {clause: "; ".join(told) for clause, told in found.items()}
