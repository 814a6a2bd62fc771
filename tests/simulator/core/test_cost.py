"""What is held after each pass: growth is told, noise is not."""

from __future__ import annotations

import pytest

from etp_kit.simulator.core.cost import Held

FLAT = (5,) * 16
GROWING = tuple(range(16))


@pytest.mark.parametrize(
    ("held", "problems"),
    [
        (Held(FLAT, FLAT, FLAT), []),
        (Held((), FLAT, FLAT), []),
        (Held((*range(8), *FLAT[:8]), FLAT, FLAT), []),
        (Held((9, *FLAT[:14], 99), FLAT, FLAT), []),
        (Held(GROWING, FLAT, FLAT), ["memory grows by 1 bytes a pass, 0 are due"]),
        (Held(FLAT, GROWING, FLAT), ["descriptors grow from 8 to 15 in 7 passes"]),
        (Held(FLAT, FLAT, GROWING), ["threads grow from 8 to 15 in 7 passes"]),
    ],
)
def test_only_what_grows_over_the_second_half_is_a_problem(held: Held, problems: list[str]) -> None:
    assert held.problems(0) == problems


def test_memory_may_grow_by_what_is_allowed() -> None:
    assert Held(GROWING, FLAT, FLAT).problems(1) == []
