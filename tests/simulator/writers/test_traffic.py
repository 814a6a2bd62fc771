"""The shapes of traffic."""

from __future__ import annotations

from itertools import pairwise

import pytest

from etp_kit.simulator.base.random_stream import Draw
from etp_kit.simulator.base.units import SECOND
from etp_kit.simulator.core.window import Window
from etp_kit.simulator.writers.traffic import AMOUNT, DAY, TRAFFIC, arrivals_in

PERIOD = 300 * SECOND


@pytest.mark.parametrize("name", TRAFFIC)
class TestEveryShape:
    @pytest.mark.parametrize("window", [Window(2, 600 * SECOND, 900 * SECOND), Window(0, 0, 1), Window(1, 7, 60)])
    @pytest.mark.parametrize("amount", [0, 1, 2, 500])
    def test_gives_so_many_moments_in_order_inside_the_window(self, name, window, amount):
        found = TRAFFIC[name](window, amount, Draw(1, name))
        assert len(found) == amount
        assert found == sorted(found)
        assert all(window.begin <= at < window.end for at in found)

    def test_is_a_function_of_its_stream(self, name):
        window = Window(0, 0, PERIOD)
        assert (
            TRAFFIC[name](window, 50, Draw(1))
            == TRAFFIC[name](window, 50, Draw(1))
            != TRAFFIC[name](window, 50, Draw(2))
        )


HERE = Window(0, 0, PERIOD)


def part(name: str, begin: int, end: int, window: Window = HERE) -> float:
    """Which part of a thousand arrivals falls into [begin, end)."""
    return sum(begin <= at < end for at in TRAFFIC[name](window, 1_000, Draw(3, name))) / 1_000


def test_steady_is_even():
    assert part("steady", 0, PERIOD // 10) == 0.1


def test_bursts_fill_seconds_and_leave_minutes_empty():
    busy = {at // SECOND for at in TRAFFIC["burst"](Window(0, 0, PERIOD), 1_000, Draw(3))}
    assert len(busy) <= 12


def test_a_day_has_its_peak_in_the_morning_and_its_trough_at_night():
    day = Window(0, 0, DAY)
    hour = DAY // 24
    assert part("diurnal", 9 * hour, 12 * hour, day) > 5 * part("diurnal", 3 * hour, 6 * hour, day)


def amounts(mean: int) -> list[int]:
    """How many arrivals each five minutes of a day get."""
    windows = (Window(number, number * PERIOD, (number + 1) * PERIOD) for number in range(DAY // PERIOD))
    return [arrivals_in("diurnal", window, mean, Draw(1, window.number)) for window in windows]


def test_a_day_of_short_windows_has_the_same_peak():
    found = amounts(10)
    assert sum(found[9 * 12 : 12 * 12]) > 5 * sum(found[3 * 12 : 6 * 12])


@pytest.mark.parametrize("mean", [0, 1, 7, 100])
def test_a_day_keeps_its_mean(mean):
    assert abs(sum(amounts(mean)) - mean * DAY // PERIOD) <= 0.1 * mean * DAY // PERIOD


@pytest.mark.parametrize("name", sorted(set(TRAFFIC) - set(AMOUNT)))
def test_every_other_shape_gives_each_window_as_much(name):
    assert arrivals_in(name, HERE, 17, Draw(1)) == 17


def test_a_fleet_starts_at_once():
    assert part("fleet-start", 0, PERIOD // 10) > 0.8


def test_an_upgrade_storm_is_a_crowd_in_steady_traffic():
    arrivals = TRAFFIC["upgrade-storm"](Window(0, 0, PERIOD), 1_000, Draw(3))
    crowd = max(sum(start <= at < start + PERIOD // 20 for at in arrivals) for start in arrivals)
    assert 500 <= crowd < 600


def test_a_noisy_neighbour_speaks_in_volleys():
    arrivals = TRAFFIC["noisy"](Window(0, 0, PERIOD), 1_000, Draw(3))
    close = sum(later - earlier < 1_000_000 for earlier, later in pairwise(arrivals))
    assert close > 300


def test_the_last_moment_is_the_end_of_the_window():
    assert part("last-moment", PERIOD - PERIOD // 50, PERIOD) == 1.0
