"""Thresholds of a scenario, against what was measured.

The rule: a threshold is crossed, kept or unknown, and unknown is no pass. ``lost`` and
``duplicated`` count events. ``backlog.max`` counts event files that stood at once. ``age.p99`` is
seconds until an event arrived; without a sink, until its file was seen gone. ``rss.growth`` is in
MiB, once the process was warm.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from ..scenario import Threshold

Outcome = Literal["kept", "crossed", "unknown"]


class Judged(NamedTuple):
    """A threshold and what was measured; None where that could not be."""

    metric: str
    most: float
    value: float | None

    @property
    def outcome(self) -> Outcome:
        return "unknown" if self.value is None else "crossed" if self.value > self.most else "kept"


def judge(thresholds: Sequence[Threshold], measured: Mapping[str, float | None]) -> list[Judged]:
    """Each threshold, in the scenario's order."""
    return [Judged(one.metric, one.most, measured.get(one.metric)) for one in thresholds]
