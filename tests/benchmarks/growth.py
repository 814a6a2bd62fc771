"""How the cost of a pass grows: with files, extensions, the size of events, and what a large file
is made of.

Cost is processor time as in ``compare``; the slope is that of the straight line through the points,
both axes in powers of ten: 1 is linear, less is better.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tests.benchmarks.compare import Content, Load, event, listed, measured

#: Steeper than this is a finding: linear, and what noise adds.
STEEPEST = 1.1

KIB = 1 << 10
#: What fills a large file behind its first event.
KINDS: Mapping[str, str] = {
    "empty objects": "{}",
    "numbers": "12.5",
    "empty lists": "[]",
    "texts": '"' + "x" * 100 + '"',
    "nested": "[" * 50 + "]" * 50,
}


def _sized(size: int) -> Content:
    """A hundred events of about so many bytes each; beyond what a Message may have, the OperationId
    is longer."""

    def content(number: int) -> bytes:
        bare = len(json.dumps(event(number, 1)))
        message = max(1, min(size - bare, 3_000))
        made = []
        for place in range(100):
            one = event(number * 100 + place, message)
            one["OperationId"] += "x" * max(0, size - bare - message)
            made.append(one)
        return json.dumps(made).encode()

    return content


def _filled(kind: str, size: int) -> Content:
    def content(number: int) -> bytes:
        first, element = json.dumps(event(number)), KINDS[kind]
        return f"[{first}{f', {element}' * ((size - len(first) - 2) // (len(element) + 2))}]".encode()

    return content


@dataclass(frozen=True)
class Curve:
    """``along``: what grows, with the loads; ``subjects``: who is measured, of floor, reference and
    peer."""

    title: str
    along: str
    load: Callable[[int], Load]
    steps: Sequence[int]
    peer: bool = True


def _of_kind(kind: str) -> Callable[[int], Load]:
    return lambda size: Load(4, 1, _filled(kind, size))


CURVES: Mapping[str, Curve] = {
    "files": Curve(
        "Files of one extension, quota 360",
        "files",
        lambda files: Load(1, files, listed(1)),
        (100, 1_000, 10_000, 100_000),
    ),
    "extensions": Curve(
        "Extensions with ten files each", "extensions", lambda count: Load(count, 10, listed(1)), (1, 10, 100, 1_000)
    ),
    "event-size": Curve(
        "A hundred events a file, 20 extensions",
        "bytes of an event",
        lambda size: Load(20, 1, _sized(size)),
        (300, 800, 2_000, 6_000),
    ),
}
#: Of these the peer takes no element that is no object.
ELEMENTS: Mapping[str, Curve] = {
    kind: Curve(
        "Elements of a file by kind", "bytes of a file", _of_kind(kind), (64 * KIB, 512 * KIB, 4_096 * KIB), peer=False
    )
    for kind in KINDS
}


def points(curve: Curve, subjects: Sequence[str], rounds: int) -> dict[str, list[tuple[int, float]]]:
    """Subject -> (step, seconds of the quickest round)."""
    found: dict[str, list[tuple[int, float]]] = {subject: [] for subject in subjects}
    for step in curve.steps:
        for subject, seconds in measured(
            curve.load(step), subjects, 1 if step >= 100_000 and curve.along == "files" else rounds
        ).items():
            found[subject].append((step, max(min(seconds), 1e-6)))
    return found


def slope(line: Sequence[tuple[int, float]]) -> float:
    """Of the straight line through the points in powers of ten (least squares)."""
    xs, ys = ([math.log10(value) for value in values] for values in zip(*line, strict=True))
    x_mean, y_mean = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((x - x_mean) * (y - y_mean) for x, y in zip(xs, ys, strict=True)) / sum((x - x_mean) ** 2 for x in xs)
