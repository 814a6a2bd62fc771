"""Patterns that pick names: of clauses (``family.slug``),
scenarios (``folder/stem``) and whatever else is listed.

A pattern is a glob, the family or folder that holds the name,
or the stem of the name in whatever folder.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

from .errors import BadInput, did_you_mean


def matches(name: str, patterns: Iterable[str]) -> bool:
    """Whether any of the patterns picks the name."""
    return any(
        fnmatchcase(name, pattern) or name.startswith((f"{pattern}.", f"{pattern}/")) or name.rpartition("/")[2] == pattern
        for pattern in patterns
    )


def picked(names: Iterable[str], patterns: Sequence[str], what: str, where: str, *, hint: str = "") -> list[str]:
    """The names that the patterns pick, in their own order; all of them without a pattern.
    Raises BadInput for a pattern that picks nothing.

    ``what``: what the names are of, in words; ``where``:
    the option; ``hint``: what to do where no name is near.
    """
    known = list(names)
    for pattern in patterns:
        if not any(matches(name, [pattern]) for name in known):
            near = did_you_mean(pattern, [*known, *(name.rpartition("/")[2] for name in known), *map(_holder, known)])
            raise BadInput(f"no {what} matches {pattern!r}", where=where, hint=near or hint)
    return [name for name in known if matches(name, patterns)] if patterns else known


def _holder(name: str) -> str:
    """The family or folder."""
    return name.partition("/")[0] if "/" in name else name.partition(".")[0]
