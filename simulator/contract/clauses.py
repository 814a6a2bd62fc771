"""The contract as data: every clause once, with what it is good for and what judging it takes.

Rules kept here, and why:

- The text is data (clauses.toml): documents, judges, explanations and reports quote one source.
- The data is checked when it is loaded. A slip in it would turn into a clause that nobody judges;
  it is an error of the kit and never a verdict on a collector.
- A slug is for ever: known-failing lists and reports in other people's repositories name it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Mapping
from importlib import resources
from types import MappingProxyType
from typing import Annotated, Final, Literal, TypeVar

from pydantic import ConfigDict, Field, StrictInt, StringConstraints, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from ..base import KitBroke, did_you_mean

Level = Literal["core", "hardened"]

# Patterns are matched by pydantic, where `$` is the end of the text and never before a line feed.
# Text is one line that can stand in a cell of a Markdown table.
Text = Annotated[str, StringConstraints(pattern=r"^\S[^\n|]*$")]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z]+\.[a-z]+(-[a-z]+)*$")]
Cwe = Annotated[str, StringConstraints(pattern=r"^CWE-[1-9][0-9]{0,4}$")]

STRICT: Final = ConfigDict(extra="forbid")


class ContractError(KitBroke):
    """The kit's own contract data does not hold together.
    One line: file, place, fault, what was found.
    """


@dataclass(frozen=True, slots=True, config=STRICT)
class Clause:
    """One checkable promise of a collector."""

    slug: Slug
    level: Level
    statement: Text  # Markdown
    harm: str  # a key of HARMS
    effect: Text  # what happens to operators or other people when a collector breaks the clause
    cwe: tuple[Cwe, ...] = ()
    requires: tuple[str, ...] = ()  # keys of CAPABILITIES; without one of them the clause cannot be judged
    partly_requires: tuple[str, ...] = ()  # without one of them a part of the statement goes unjudged

    @property
    def family(self) -> str:
        """The slug up to its first dot: a key of FAMILIES."""
        return self.slug.partition(".")[0]

    def missing(self, offered: Collection[str]) -> tuple[str, ...]:
        """The capabilities without which the clause is skipped,
        in the order in which it names them.
        """
        return tuple(name for name in self.requires if name not in offered)

    def unjudged(self, offered: Collection[str]) -> tuple[str, ...]:
        """The capabilities whose absence leaves a part of the statement unjudged:
        a pass has to say so.
        """
        return tuple(name for name in self.partly_requires if name not in offered)


@dataclass(frozen=True, slots=True, config=STRICT)
class Capability:
    """Something that judging can take:
    declared by the collector, or offered by the world that it runs in.
    """

    of: Literal["collector", "world"]
    meaning: Text


@dataclass(frozen=True, slots=True, config=STRICT)
class Limit:
    """A number of the contract. The name is that of the collector's setting where there is one."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z]+(_[a-z]+)*$")]
    value: StrictInt
    unit: Text
    clause: Slug  # states the limit
    reason: Text


@dataclass(frozen=True, slots=True, config=STRICT)
class Contract:
    """Everything in clauses.toml. Singular names are TOML's arrays of tables."""

    families: dict[str, Text]
    harms: dict[str, Text]
    capabilities: dict[str, Capability]
    limit: tuple[Limit, ...]
    clause: Annotated[tuple[Clause, ...], Field(min_length=1)]


T = TypeVar("T")


def parse(source: str, text: str, shape: TypeAdapter[T]) -> T:
    """Text in TOML as `shape`; ContractError, naming `source` and the place, for anything else."""
    try:
        return shape.validate_python(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ContractError(f"{source}: not TOML: {error}") from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        found = "" if first["type"] in ("missing", "missing_argument") else f"; found {first['input']!r:.80}"
        more = "" if error.error_count() == 1 else f" (and {error.error_count() - 1} more)"
        raise ContractError(f"{source}: {place}: {first['msg']}{found}{more}") from None


def _hint(word: str, known: Iterable[str]) -> str:
    hint = did_you_mean(word, known)
    return f" ({hint})" if hint else ""


def require_known(place: str, kind: str, words: Iterable[str], known: Collection[str]) -> None:
    """Every word is known; ContractError otherwise."""
    for word in words:
        if word not in known:
            raise ContractError(f"{place}: unknown {kind} {word!r}{_hint(word, known)}")


def require_distinct(source: str, kind: str, words: Iterable[str]) -> None:
    """No word stands twice; ContractError otherwise."""
    seen: set[str] = set()
    for word in words:
        if word in seen:
            raise ContractError(f"{source}: {kind} {word!r} stands twice")
        seen.add(word)


def load(text: str, source: str = "clauses.toml") -> Contract:
    """The contract in `text`, with every name in it resolved; ContractError otherwise."""
    contract = parse(source, text, TypeAdapter(Contract))
    slugs = [clause.slug for clause in contract.clause]
    require_distinct(source, "clause", slugs)
    require_distinct(source, "limit", (limit.name for limit in contract.limit))
    for clause in contract.clause:
        place = f"{source}: {clause.slug}"
        require_known(place, "family", [clause.family], contract.families)
        require_known(place, "harm", [clause.harm], contract.harms)
        needs = clause.requires + clause.partly_requires
        require_known(place, "capability", needs, contract.capabilities)
        require_distinct(place, "capability", needs)
    for limit in contract.limit:
        require_known(f"{source}: limit {limit.name}", "clause", [limit.clause], slugs)
    return contract


def data(name: str) -> str:
    """A text file that ships beside this module."""
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")


_CONTRACT: Final = load(data("clauses.toml"))

CLAUSES: Final[Mapping[str, Clause]] = MappingProxyType({clause.slug: clause for clause in _CONTRACT.clause})
FAMILIES: Final[Mapping[str, str]] = MappingProxyType(_CONTRACT.families)
HARMS: Final[Mapping[str, str]] = MappingProxyType(_CONTRACT.harms)
CAPABILITIES: Final[Mapping[str, Capability]] = MappingProxyType(_CONTRACT.capabilities)
LIMITS: Final[Mapping[str, Limit]] = MappingProxyType({limit.name: limit for limit in _CONTRACT.limit})
