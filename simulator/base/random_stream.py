"""Seeded random streams.

The rule: randomness is an argument, and a stream belongs to one noun (an actor, a schedule, a
listing). A stream is named by its key, so that adding an attacker to a scenario moves no number of
a bystander. Only ``random()`` and ``getrandbits()`` of ``random.Random`` are used below. Their
output for a seed is promised to stay the same in every Python version. That of ``choice``,
``shuffle`` or ``randrange`` is not.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, MutableSequence, Sequence
from typing import Any, TypeVar

T = TypeVar("T")


class Draw:
    """One stream of random numbers, named by ``key`` (the seed first, then who draws)."""

    __slots__ = ("_key", "bits", "random")

    #: ``random()``: a float in [0, 1).
    random: Callable[[], float]
    #: ``bits(k)``: an integer of ``k`` random bits.
    bits: Callable[[int], int]

    def __init__(self, *key: int | str) -> None:
        self._key = key

    def __getattr__(self, name: str) -> Any:
        """Seed the source when the first number is drawn.

        One stream of five is named and never used, and to seed one costs as much as a hundred
        numbers.
        """
        if name not in {"bits", "random"}:
            raise AttributeError(name)
        # repr of ints and strs is the same everywhere; hash() of a str is not.
        source = random.Random(  # noqa: S311 - simulation, not secrets
            int.from_bytes(hashlib.sha256(repr(self._key).encode("ascii", "backslashreplace")).digest(), "big")
        )
        self.random, self.bits = source.random, source.getrandbits
        return getattr(self, name)

    def spawn(self, *key: int | str) -> Draw:
        """A stream of its own for a part of this one's work; this stream does not move."""
        return Draw(*self._key, *key)

    def below(self, limit: int) -> int:
        """An integer in [0, limit), each as likely; ``limit`` is at least 1."""
        if limit < 1:
            raise ValueError(f"below() needs a limit of 1 or more, not {limit}")
        width = limit.bit_length()
        value = self.bits(width)
        while value >= limit:
            value = self.bits(width)
        return value

    def between(self, low: int, high: int) -> int:
        """An integer in [low, high], both ends included."""
        return low + self.below(high - low + 1)

    def chance(self, probability: float) -> bool:
        """True with this probability; always draws once, so that the stream moves alike."""
        return self.random() < probability

    def choice(self, items: Sequence[T]) -> T:
        """One of the items, each as likely."""
        return items[self.below(len(items))]

    def shuffle(self, items: MutableSequence[T]) -> None:
        """Put the items in a random order, in place (Fisher-Yates)."""
        for last in range(len(items) - 1, 0, -1):
            other = self.below(last + 1)
            items[last], items[other] = items[other], items[last]

    def sample(self, items: Sequence[T], amount: int) -> list[T]:
        """``amount`` different items in random order."""
        pool = list(items)
        self.shuffle(pool)
        return pool[:amount]

    def hexadecimal(self, digits: int) -> str:
        """So many random lower-case hexadecimal digits."""
        return f"{self.bits(4 * digits):0{digits}x}"
