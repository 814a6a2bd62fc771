"""Shares of a rate are exact for ever, and arrivals are open:
a function of the plan, never of an agent.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etp_kit.simulator.base.errors import BadInput
from etp_kit.simulator.base.units import SECOND
from etp_kit.simulator.core.limits import Limits
from etp_kit.simulator.load.rate import extensions_of, natural_rate, parse_rate, shares

from .build import scenario

RATES = st.fractions(min_value=Fraction(1, 50), max_value=500, max_denominator=50)


@settings(deadline=None)
@given(RATES, st.lists(st.integers(1, 500), min_size=1, max_size=8), st.sampled_from([0.5, 2, 7, 300]), st.integers(1, 400))
def test_a_share_keeps_the_rate(rate: Fraction, amounts: list[int], period: float, seconds: int) -> None:
    limits = Limits(period=round(period * SECOND))
    made = shares(extensions_of(scenario(*({"events": n} for n in amounts)), None), limits, 1, rate)
    assert natural_rate(made) == rate
    for share, amount in zip(made, amounts, strict=True):
        windows = share.windows(seconds * SECOND)
        exact = rate * seconds * amount / sum(amounts)
        # whole windows are given, so the last may reach beyond the end
        assert exact <= len(windows) * share.events <= exact + share.events + 1


@settings(deadline=None)
@given(RATES, st.integers(1, 3_000))
def test_windows_follow_each_other_without_gap_or_overlap(rate: Fraction, amount: int) -> None:
    (share,) = shares(extensions_of(scenario({"events": amount}), None), Limits(period=2 * SECOND), 1, rate)
    windows = share.windows(40 * SECOND)
    assert windows[0].begin == 0
    assert windows[-1].end >= 40 * SECOND
    for one, following in pairwise(windows):
        assert one.begin < one.end == following.begin


@settings(deadline=None)
@given(st.integers(1, 5_000), st.lists(st.integers(0, 50), min_size=1, max_size=9).filter(any))
def test_a_number_of_events_is_split_whole(events: int, amounts: list[int]) -> None:
    made = shares(extensions_of(scenario(*({"events": n} for n in amounts)), None), Limits(), 1, Fraction(100), events)
    assert sum(share.budget or 0 for share in made) == events
    for share in made:
        assert len(share.windows(1)) * share.events >= (share.budget or 0)


def test_an_extension_that_is_silent_before_some_passes_is_so_in_every_round() -> None:
    made = shares(extensions_of(scenario({"events": 10, "passes": [0, 2]}, passes=3), None), Limits(), 3, None)
    assert [window.number for window in made[0].windows(7 * 300 * SECOND)] == [0, 2, 3, 5, 6]
    assert natural_rate(made) == Fraction(20, 900)


def test_more_extensions_than_the_scenario_has_are_bystanders() -> None:
    found = extensions_of(scenario({"role": "attacker"}, {"copies": 2}, {}), 7)
    assert [one.handler for one in found] == [
        "Contoso.Agent.0", "Contoso.Agent.1", "Contoso.Agent.1-2", "Contoso.Agent.2", "Contoso.Agent.1-3", "Contoso.Agent.2-2", "Contoso.Agent.1-4",
    ]  # fmt: skip
    assert [one.number for one in found] == list(range(7))


def test_fewer_extensions_are_the_first() -> None:
    assert [one.handler for one in extensions_of(scenario({"copies": 3}, {}), 2)] == ["Contoso.Agent.0", "Contoso.Agent.0-2"]


def test_no_more_extensions_than_tokens_can_tell_apart() -> None:
    with pytest.raises(BadInput, match="4096 can be told apart"):
        extensions_of(scenario({}), 4_097)


def test_a_rate_of_nothing_is_refused() -> None:
    with pytest.raises(BadInput, match="write no events"):
        shares(extensions_of(scenario({"events": 0}), None), Limits(), 1, Fraction(5))


@pytest.mark.parametrize(("text", "rate"), [("500/s", 500), ("90/m", Fraction(3, 2)), ("7200/h", 2), ("0.5", Fraction(1, 2))])
def test_rates_are_read(text: str, rate: Fraction) -> None:
    assert parse_rate(text) == rate


@pytest.mark.parametrize("text", ["", "0", "0/s", "-1/s", "5/d", "5 /s", "1e3", "٣/s", "5/s\n", "inf"])
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="a rate is such as"):
        parse_rate(text)
