"""When an actor's files arrive: shapes of traffic over one window.

The rule: an open arrival rate. A shape spreads a given number of arrivals over the window and knows nothing
of whoever reads them, so that a slow collector cannot slow its flood. Arithmetic is on integers alone: the
same times on every machine. Times are virtual ns from the start of the run, sorted, inside [begin, end).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from simulator.assignment import SECOND, Window
from simulator.draw import Draw

Traffic = Callable[[Window, int, Draw], list[int]]


def steady(window: Window, amount: int, draw: Draw) -> list[int]:
    """Evenly spread, each arrival anywhere within its share of the window."""
    span = window.end - window.begin
    below = draw.below
    return [
        (start := window.begin + span * index // amount)
        + below(max(1, window.begin + span * (index + 1) // amount - start))
        for index in range(amount)
    ]


def burst(window: Window, amount: int, draw: Draw) -> list[int]:
    """A few bursts, two seconds long at most, with nothing between them."""
    span = window.end - window.begin
    length = max(1, min(2 * SECOND, span // 4))
    starts = [window.begin + draw.below(max(1, span - length)) for _ in range(draw.between(1, 4))]
    return sorted(draw.choice(starts) + draw.below(length) for _ in range(amount))


TRAFFIC: Mapping[str, Traffic] = {"steady": steady, "burst": burst}
