"""The contract as data: every clause once, with what it is good for and what judging it takes.

Rules kept here, and why:

- The text is data (clauses.toml): documents, judges, explanations and reports quote one source.
- The data is checked: a slip in it would turn into a clause that nobody judges. It is an error of
  the kit and never a verdict on a collector. `load` checks all of it, for tests and for who changes
  it. What ships is read without the checks of its texts, which would take a fifth of a second at
  every start (docs/adr/0020-start-up.md).
- A slug is for ever: known-failing lists and reports in other people's repositories name it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal

from ..base import KitBroke, did_you_mean
from .checked import Checked, checked

Level = Literal["core", "hardened"]

# Patterns are matched by pydantic, where `$` is the end of the text and never before a line feed.
# Text is one line that can stand in a cell of a Markdown table.
Text = Annotated[str, Checked(pattern=r"^\S[^\n|]*$")]
Slug = Annotated[str, Checked(pattern=r"^[a-z]+\.[a-z]+(-[a-z]+)*$")]
Cwe = Annotated[str, Checked(pattern=r"^CWE-[1-9][0-9]{0,4}$")]


class ContractError(KitBroke):
    """The kit's own contract data does not hold together.
    One line: file, place, fault, what was found.
    """


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Capability:
    """Something that judging can take:
    declared by the collector, or offered by the world that it runs in.
    """

    of: Literal["collector", "world"]
    meaning: Text


@dataclass(frozen=True, slots=True)
class Limit:
    """A number of the contract. The name is that of the collector's setting where there is one."""

    name: Annotated[str, Checked(pattern=r"^[a-z]+(_[a-z]+)*$")]
    value: Annotated[int, Checked(strict=True)]
    unit: Text
    clause: Slug  # states the limit
    reason: Text


@dataclass(frozen=True, slots=True)
class Contract:
    """Everything in clauses.toml. Singular names are TOML's arrays of tables."""

    families: dict[str, Text]
    harms: dict[str, Text]
    capabilities: dict[str, Capability]
    limit: tuple[Limit, ...]
    clause: Annotated[tuple[Clause, ...], Checked(min_length=1)]


def parse(source: str, text: str) -> dict[str, Any]:
    """The data of a text in TOML; ContractError, naming `source`, for anything else."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ContractError(f"{source}: not TOML: {error}") from None


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
    """The contract in `text`, with every text and name in it checked; ContractError otherwise."""
    try:
        contract = checked(Contract, parse(source, text))
    except ValueError as error:
        raise ContractError(f"{source}: {error}") from None
    return _resolved(contract, source)


def _resolved(contract: Contract, source: str) -> Contract:
    """The same; ContractError for a name in it that is none."""
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
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


def _shipped() -> Contract:
    """The contract that ships, as ``load`` would give it."""
    found = parse("clauses.toml", data("clauses.toml"))

    def clause(one: dict[str, Any]) -> Clause:
        lists = {key: tuple(value) for key, value in one.items() if isinstance(value, list)}
        return Clause(**(one | lists))

    contract = Contract(
        found["families"],
        found["harms"],
        {name: Capability(**one) for name, one in found["capabilities"].items()},
        tuple(Limit(**one) for one in found["limit"]),
        tuple(map(clause, found["clause"])),
    )
    return _resolved(contract, "clauses.toml")


_CONTRACT: Final = _shipped()

CLAUSES: Final[Mapping[str, Clause]] = MappingProxyType({clause.slug: clause for clause in _CONTRACT.clause})
FAMILIES: Final[Mapping[str, str]] = MappingProxyType(_CONTRACT.families)
HARMS: Final[Mapping[str, str]] = MappingProxyType(_CONTRACT.harms)
CAPABILITIES: Final[Mapping[str, Capability]] = MappingProxyType(_CONTRACT.capabilities)
LIMITS: Final[Mapping[str, Limit]] = MappingProxyType({limit.name: limit for limit in _CONTRACT.limit})
