"""When an actor's files arrive: shapes of traffic over one window.

The rule: an open arrival rate. A shape spreads a given number of arrivals over the window. It knows
nothing of whoever reads them, so a slow collector cannot slow its flood. Arithmetic is on integers
alone: the same times on every machine. Times are virtual ns from the start of the run, sorted,
inside [begin, end).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate

from ..base import SECOND, Draw
from ..core import Window

Traffic = Callable[[Window, int, Draw], list[int]]

DAY = 86_400 * SECOND
#: Relative load in each hour of a day: quiet nights, two peaks, a batch job at two in the morning.
HOURS = (3, 2, 9, 2, 2, 3, 6, 10, 16, 20, 22, 20, 17, 19, 22, 21, 18, 14, 10, 8, 7, 6, 5, 4)


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
    length = _part(window, 4, most=2 * SECOND)
    starts = [window.begin + draw.below(_room(window, length)) for _ in range(draw.between(1, 4))]
    return sorted(draw.choice(starts) + draw.below(length) for _ in range(amount))


def diurnal(window: Window, amount: int, draw: Draw) -> list[int]:
    """As a day goes: denser where the hour is busier. The run begins at midnight."""
    span = window.end - window.begin
    slices = 48
    loads = [_load(window.begin + span * (2 * index + 1) // (2 * slices)) for index in range(slices)]
    return _by_weight(window, amount, draw, loads)


def of_the_day(window: Window, mean: int, draw: Draw) -> int:
    """How many of a ``mean`` number of arrivals a window fallen to its hour gets;
    over a whole day the mean is kept.
    """
    samples = 8
    span = window.end - window.begin
    load = sum(_load(window.begin + span * (2 * index + 1) // (2 * samples)) for index in range(samples))
    whole, rest = divmod(mean * load, samples * _MEAN_LOAD)
    return whole + (draw.below(samples * _MEAN_LOAD) < rest)


def fleet_start(window: Window, amount: int, draw: Draw) -> list[int]:
    """All machines come up at once:
    most arrivals at the window's begin, fewer and fewer after it.
    """
    return _by_weight(window, amount, draw, [2 ** max(0, 9 - index) for index in range(40)])


def upgrade_storm(window: Window, amount: int, draw: Draw) -> list[int]:
    """Every extension upgrades at once:
    half of all arrivals in a twentieth of the window, the rest steady.
    """
    length = _part(window, 20)
    start = window.begin + draw.below(_room(window, length))
    crowd = amount // 2
    return sorted([*steady(window, amount - crowd, draw), *(start + draw.below(length) for _ in range(crowd))])


def noisy(window: Window, amount: int, draw: Draw) -> list[int]:
    """A chatterer: anywhere in the window,
    and every now and then a volley within one millisecond.
    """
    span = window.end - window.begin
    found: list[int] = []
    while len(found) < amount:
        at = window.begin + draw.below(span)
        volley = draw.between(2, 12) if draw.chance(0.2) else 1
        found += [min(window.end - 1, at + draw.below(1_000_000)) for _ in range(volley)]
    return sorted(found[:amount])


def last_moment(window: Window, amount: int, draw: Draw) -> list[int]:
    """All in the last fiftieth of the window, as the pass is about to begin."""
    length = _part(window, 50)
    return sorted(window.end - length + draw.below(length) for _ in range(amount))


def _part(window: Window, of: int, *, most: int = DAY) -> int:
    return max(1, min(most, (window.end - window.begin) // of))


def _room(window: Window, length: int) -> int:
    return max(1, window.end - window.begin - length)


def _load(at: int) -> int:
    """The load at a moment, between the hours in a straight line."""
    hour, into = divmod(at % DAY * len(HOURS), DAY)
    here, then = HOURS[hour], HOURS[(hour + 1) % len(HOURS)]
    return 1 + 1_000 * here + 1_000 * (then - here) * into // DAY


#: What `_load` is on average over a day.
_MEAN_LOAD = 1 + 1_000 * sum(HOURS) // len(HOURS)


def _by_weight(window: Window, amount: int, draw: Draw, weights: Sequence[int]) -> list[int]:
    """Arrivals at random, in equal slices of the window that weigh so much."""
    span = window.end - window.begin
    sums = list(accumulate(weights))
    found = []
    for _ in range(amount):
        point = draw.below(sums[-1])
        index = next(place for place, total in enumerate(sums) if point < total)
        start, end = span * index // len(weights), span * (index + 1) // len(weights)
        found.append(window.begin + start + draw.below(max(1, end - start)))
    return sorted(found)


TRAFFIC: Mapping[str, Traffic] = {
    "steady": steady,
    "burst": burst,
    "diurnal": diurnal,
    "fleet-start": fleet_start,
    "upgrade-storm": upgrade_storm,
    "noisy": noisy,
    "last-moment": last_moment,
}

#: How many arrivals a window gets, where that is not always the same.
AMOUNT: Mapping[str, Callable[[Window, int, Draw], int]] = {"diurnal": of_the_day}


def arrivals_in(shape: str, window: Window, mean: int, draw: Draw) -> int:
    """How many arrivals of this shape fall into the window, of so many on average."""
    return AMOUNT[shape](window, mean, draw) if shape in AMOUNT else mean
