"""Profiles: known collectors, what they differ in by design and what they are known to fail.

Its numbers are compared with those that the collector declares (``simulator.suite.conclusion``):
judged by its own number alone it would always be right. A difference is a choice that the
collector's makers stand by; a known failure is not. Both are judged all the same, so that an entry
which no longer holds is found (`stale`). Both need a reason for readers to weigh.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import field
from types import MappingProxyType
from typing import Annotated, Final

from pydantic import Field, StringConstraints, TypeAdapter
from pydantic.dataclasses import dataclass

from ..base import BadInput, did_you_mean
from .clauses import CLAUSES, STRICT, Level, Slug, Text, data, parse, require_distinct, require_known

_WHEN: Final = r"^python (>=|<) 3\.(0|[1-9][0-9]*)$"


@dataclass(frozen=True, slots=True, config=STRICT)
class Consequence:
    """A clause that fails for another's reason in scenarios that are about that other."""

    clause: Slug
    scenarios: Annotated[tuple[str, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True, config=STRICT)
class Difference:
    """A clause that the collector does otherwise by design, and what else that breaks."""

    clause: Slug
    reason: Text
    brings: tuple[Consequence, ...] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True, config=STRICT)
class KnownFailure:
    """A clause that the collector is known to break, always or on some versions of Python."""

    clause: Slug
    reason: Text
    when: Annotated[str, StringConstraints(pattern=_WHEN)] | None = None  # `python >= 3.N` or `python < 3.N`
    brings: tuple[Consequence, ...] = field(default_factory=tuple)

    def applies(self, python: tuple[int, int]) -> bool:
        """Whether the failure is to be expected of a collector that runs on this Python (major,
        minor).
        """
        if self.when is None:
            return True
        parsed = re.fullmatch(_WHEN, self.when)
        assert parsed is not None  # the pattern is checked when the data is loaded
        relation, minor = parsed.groups()
        return (python >= (3, int(minor))) == (relation == ">=")


@dataclass(frozen=True, slots=True, config=STRICT)
class Profile:
    """A known collector."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9.-]*$")]
    about: Text
    level: Level
    quota: Annotated[int, Field(strict=True, ge=1)]  # accepted events per extension per pass
    difference: tuple[Difference, ...] = field(default_factory=tuple)
    known_failure: tuple[KnownFailure, ...] = field(default_factory=tuple)

    def expected_failures(self, python: tuple[int, int]) -> tuple[KnownFailure, ...]:
        """The known failures that hold on this Python (major, minor)."""
        return tuple(known for known in self.known_failure if known.applies(python))


@dataclass(frozen=True, slots=True, config=STRICT)
class _File:
    profile: Annotated[tuple[Profile, ...], Field(min_length=1)]


def load(
    text: str, clauses: Collection[str] = frozenset(CLAUSES), source: str = "profiles.toml"
) -> Mapping[str, Profile]:
    """The profiles in `text` by name, in its order; ContractError if they do not hold together."""
    profiles = parse(source, text, TypeAdapter(_File)).profile
    require_distinct(source, "profile", (profile.name for profile in profiles))
    for profile in profiles:
        place = f"{source}: {profile.name}"
        entries: tuple[Difference | KnownFailure, ...] = (*profile.difference, *profile.known_failure)
        named = [entry.clause for entry in entries]
        require_known(place, "clause", [*named, *(c.clause for entry in entries for c in entry.brings)], clauses)
        require_distinct(place, "clause", named)
    return MappingProxyType({profile.name: profile for profile in profiles})


PROFILES: Final[Mapping[str, Profile]] = load(data("profiles.toml"))


def named_profile(name: str, option: str) -> Profile:
    """The profile of this name, as an option asks for it. Raises BadInput."""
    if name not in PROFILES:
        hint = did_you_mean(name, PROFILES) or f"one of: {', '.join(PROFILES)}"
        raise BadInput(f"no profile is named {name!r}", where=option, hint=hint)
    return PROFILES[name]
