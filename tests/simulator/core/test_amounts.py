"""Amounts and durations: what may be written, and the number that it means."""

from __future__ import annotations

import pytest

from etp_kit.simulator.core.amounts import Amount, amount, check_amount, duration
from etp_kit.simulator.core.limits import Limits

LIMITS = Limits(quota=360)


@pytest.mark.parametrize(
    ("written", "number"),
    [(7, 7), ("quota", 360), ("quota+1", 361), ("quota-1", 359), ("3*quota", 1080), ("quota-999", 0)],
)
def test_an_amount_is_a_number_or_an_expression_on_a_limit(written: Amount, number: int) -> None:
    assert amount(check_amount(written), LIMITS) == number


@pytest.mark.parametrize("written", [-1, True, "", "quotas", "quota+", "quota*2", "quota\n"])
def test_what_is_no_amount_is_refused_where_it_is_read(written: Amount) -> None:
    with pytest.raises(ValueError, match="an amount is"):
        check_amount(written)


def test_an_expression_that_nobody_checked_is_refused_where_it_is_used() -> None:
    with pytest.raises(ValueError, match="not an amount: 'quotas'"):
        amount("quotas", LIMITS)


@pytest.mark.parametrize(
    ("written", "seconds"),
    [(2, 2), (0.5, 0.5), ("250ms", 0.25), ("90s", 90), ("5m", 300), ("1.5h", 5400), ("1d", 86_400)],
)
def test_a_duration_is_seconds_or_a_number_with_its_unit(written: str | float, seconds: float) -> None:
    assert duration(written) == seconds * 1_000_000_000


@pytest.mark.parametrize("written", [True, "5", "5 m", "m", None])
def test_what_is_no_duration_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="a duration is a number of seconds"):
        duration(written)


@pytest.mark.parametrize("written", [0, -3, "0s"])
def test_a_duration_is_more_than_nothing(written: str | float) -> None:
    with pytest.raises(ValueError, match="more than 0"):
        duration(written)
