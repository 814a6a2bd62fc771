"""Who speaks: the ids that real producers put into their events."""

from __future__ import annotations

from ...base import Draw


def uuid(draw: Draw) -> str:
    """A random UUID, version 4."""
    digits = draw.hexadecimal(32)
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{'89ab'[draw.bits(2)]}{digits[17:20]}-{digits[20:]}"


def pid(draw: Draw) -> int:
    """A process id as Linux gives them out."""
    return draw.between(300, 32_767)


def version(draw: Draw, major: int) -> str:
    """An extension's version, three parts."""
    return f"{major}.{draw.below(10)}.{draw.below(100)}"
