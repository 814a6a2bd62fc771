"""The rules of one pass that only looks, as a profile's collector would make it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from ..contract import PROFILES, Profile
from .reference import config

#: A collector's settings that are the profile's; everything else is the contract's default.
_NO_WAITING = {"tries": 1, "retry_delay": 0.0, "max_wait": 0.0}


class Terms(NamedTuple):
    """What a pass of the profile goes by. ``integer_pids``: whether EventPid and EventTid
    may be integers; ``remarks``: clause -> what the profile's collector does otherwise.
    """

    profile: Profile
    config: config.Config
    integer_pids: bool
    remarks: Mapping[str, str]

    @classmethod
    def of(cls, name: str = "reference", settings: Mapping[str, Any] | None = None) -> Terms:
        """The terms of a profile; ``settings``:
        limits of the collector that differ from the profile's.
        """
        profile = PROFILES[name]
        made = config.configure("/", None, **{"quota": profile.quota, **_NO_WAITING, **(settings or {})})
        remarks = {one.clause: one.reason for one in profile.difference} | {one.clause: one.reason for one in profile.known_failure}
        return cls(profile, made, "event.pids" not in remarks, remarks)
