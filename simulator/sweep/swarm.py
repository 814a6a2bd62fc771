"""Which of many things one seed may draw from: a random subset, weighted wildly.

Rules: uniform choice makes every scenario alike, and what shows only in the absence of something
else never shows. So each seed switches about half of the features off, and of the rest one may be
sixty times as likely as another (swarm testing).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from ..base import Draw

T = TypeVar("T")

#: The heaviest feature that is on is so many doublings above the lightest.
_DOUBLINGS = 6


class Swarm:
    """The choices of one seed. Each group of features has a stream and weights of its own."""

    def __init__(self, draw: Draw) -> None:
        self._draw = draw
        self._weights: dict[str, list[int]] = {}

    def choice(self, group: str, features: Sequence[T]) -> T:
        """One of the features of a group that this seed has on. The same group always has the same
        features.
        """
        weights = self._weights.get(group)
        if weights is None:
            weights = self._weights[group] = self._weighed(group, len(features))
        place = self._draw.below(sum(weights))
        for feature, weight in zip(features, weights, strict=True):
            if place < weight:
                return feature
            place -= weight
        raise AssertionError("the weights were summed up")

    def has(self, feature: str, chance: float) -> bool:
        """Whether this seed has a feature on that stands alone."""
        return self._draw.spawn("feature", feature).chance(chance)

    def _weighed(self, group: str, count: int) -> list[int]:
        draw = self._draw.spawn("weights", group)
        weights = [draw.chance(0.5) << draw.below(_DOUBLINGS + 1) for _ in range(count)]
        if not any(weights):
            weights[draw.below(count)] = 1
        return weights
