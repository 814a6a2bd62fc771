"""Profiles: known collectors, what they differ in by design and what they are known to fail.

Its numbers are compared with those that the collector declares (``simulator.suite.conclusion``):
judged by its own number alone it would always be right. A difference is a choice that the
collector's makers stand by; a known failure is not. Both are judged all the same, so that an entry
which no longer holds is found (`stale`). Both need a reason for readers to weigh.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Annotated, Any, Final

from ..base import BadInput, did_you_mean
from .checked import Checked, checked
from .clauses import CLAUSES, ContractError, Level, Slug, Text, data, parse, require_distinct, require_known

_WHEN: Final = r"^python (>=|<) 3\.(0|[1-9][0-9]*)$"


@dataclass(frozen=True, slots=True)
class Consequence:
    """A clause that fails for another's reason in scenarios that are about that other."""

    clause: Slug
    scenarios: Annotated[tuple[str, ...], Checked(min_length=1)]


@dataclass(frozen=True, slots=True)
class Difference:
    """A clause that the collector does otherwise by design, and what else that breaks."""

    clause: Slug
    reason: Text
    brings: tuple[Consequence, ...] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class KnownFailure:
    """A clause that the collector is known to break, always or on some versions of Python."""

    clause: Slug
    reason: Text
    when: Annotated[str, Checked(pattern=_WHEN)] | None = None  # `python >= 3.N` or `python < 3.N`
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


@dataclass(frozen=True, slots=True)
class Profile:
    """A known collector."""

    name: Annotated[str, Checked(pattern=r"^[a-z][a-z0-9.-]*$")]
    about: Text
    level: Level
    quota: Annotated[int, Checked(strict=True, ge=1)]  # accepted events per extension per pass
    difference: tuple[Difference, ...] = field(default_factory=tuple)
    known_failure: tuple[KnownFailure, ...] = field(default_factory=tuple)

    def expected_failures(self, python: tuple[int, int]) -> tuple[KnownFailure, ...]:
        """The known failures that hold on this Python (major, minor)."""
        return tuple(known for known in self.known_failure if known.applies(python))


@dataclass(frozen=True, slots=True)
class _File:
    profile: Annotated[tuple[Profile, ...], Checked(min_length=1)]


def load(
    text: str, clauses: Collection[str] = frozenset(CLAUSES), source: str = "profiles.toml"
) -> Mapping[str, Profile]:
    """The profiles in `text` by name, in its order, with every text and name in them checked;
    ContractError if they do not hold together.
    """
    try:
        profiles = checked(_File, parse(source, text)).profile
    except ValueError as error:
        raise ContractError(f"{source}: {error}") from None
    return _resolved(profiles, clauses, source)


def _resolved(profiles: tuple[Profile, ...], clauses: Collection[str], source: str) -> Mapping[str, Profile]:
    """The profiles by name; ContractError for a name in them that is none."""
    require_distinct(source, "profile", (profile.name for profile in profiles))
    for profile in profiles:
        place = f"{source}: {profile.name}"
        entries: tuple[Difference | KnownFailure, ...] = (*profile.difference, *profile.known_failure)
        named = [entry.clause for entry in entries]
        require_known(place, "clause", [*named, *(c.clause for entry in entries for c in entry.brings)], clauses)
        require_distinct(place, "clause", named)
    return MappingProxyType({profile.name: profile for profile in profiles})


def _shipped() -> Mapping[str, Profile]:
    """The profiles that ship, as ``load`` would give them."""

    def brought(entries: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        return [
            {**one, "brings": tuple(Consequence(b["clause"], tuple(b["scenarios"])) for b in one.get("brings", ()))}
            for one in entries
        ]

    def profile(found: dict[str, Any]) -> Profile:
        differences = tuple(Difference(**one) for one in brought(found.pop("difference", ())))
        failures = tuple(KnownFailure(**one) for one in brought(found.pop("known_failure", ())))
        return Profile(**found, difference=differences, known_failure=failures)

    source = "profiles.toml"
    return _resolved(tuple(map(profile, parse(source, data(source))["profile"])), frozenset(CLAUSES), source)


PROFILES: Final[Mapping[str, Profile]] = _shipped()


def named_profile(name: str, option: str) -> Profile:
    """The profile of this name, as an option asks for it. Raises BadInput."""
    if name not in PROFILES:
        hint = did_you_mean(name, PROFILES) or f"one of: {', '.join(PROFILES)}"
        raise BadInput(f"no profile is named {name!r}", where=option, hint=hint)
    return PROFILES[name]
