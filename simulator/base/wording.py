"""Words with numbers: what is counted is named as one or as many."""

from __future__ import annotations


def word(count: int, one: str, many: str = "") -> str:
    """``scenario`` or ``scenarios``: the word for so many."""
    return one if count == 1 else many or f"{one}s"


def counted(count: int, one: str, many: str = "") -> str:
    """``1 scenario``, ``2,000 scenarios``: a number with its word."""
    return f"{count:,} {word(count, one, many)}"
