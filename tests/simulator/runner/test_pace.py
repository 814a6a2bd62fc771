"""A time on a slow machine is told as that of the machine of the limits."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from etp_kit.simulator.runner.pace import _DUE, _timed, slowness, worth


def taking(*seconds: float) -> Callable[[], float]:
    return iter(seconds * 3).__next__


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ((1, 1, 1), 1.0),
        ((2, 2, 2), 2.0),
        ((0.5, 0.5, 0.5), 1.0),
        ((1, 50, 2), 2.0),
        ((90, 90, 90), 8.0),
    ],
    ids=["as measured", "twice as slow", "faster", "noise in one round", "beyond belief"],
)
def test_slowness_is_the_median_of_rounds(times: tuple[float, ...], expected: float) -> None:
    assert slowness(taking(*(_DUE * time for time in times))) == pytest.approx(expected)


def test_the_fixed_work_takes_time_of_the_processor() -> None:
    """A clock that stands still would make every machine a fast one."""
    assert all(_timed() > 0.0001 for _ in range(3))


@pytest.mark.parametrize(
    ("seconds", "slow", "expected"), [(0.9, 3.0, 0.9), (3.0, 1.5, 2.0), (2.1, 1.0, 2.1), (1.2, 4.0, 1.0)]
)
def test_what_comes_near_a_limit_is_told_by_its_worth(seconds: float, slow: float, expected: float) -> None:
    assert worth(seconds, 1.0, lambda: slow) == pytest.approx(expected)


def test_what_is_far_from_a_limit_costs_no_look() -> None:
    def never() -> float:
        raise AssertionError

    assert worth(0.5, 1.0, never) == 0.5
