"""Exit codes: one table for the code."""

from __future__ import annotations

import re
from itertools import permutations
from pathlib import Path

import pytest

from etp_kit.simulator.base import OF_VERB, Exit, severity, worst

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("verb", OF_VERB)
def test_a_verb_tells_what_everybody_asks_for(verb: str) -> None:
    assert {0, 1, 2, 3, 4} <= set(OF_VERB[verb])


def test_every_code_has_its_place_among_several() -> None:
    assert sorted(severity(code) for code in Exit) == list(range(len(Exit)))


def test_of_several_the_worst_is_told_in_whatever_order_they_come() -> None:
    several = (Exit.INCONCLUSIVE, Exit.NOT_CONFORMANT, Exit.KIT_BROKE)
    assert {worst(order) for order in permutations(several)} == {Exit.KIT_BROKE}
    assert worst([]) is Exit.CONFORMANT


def test_no_code_is_written_as_a_number_elsewhere() -> None:
    """What ends a process names its code;
    ``os._exit`` ends children, whose codes are nobody's contract.
    """
    number = re.compile(r"(?<!_)\bexit\([0-9]|\breturn Exit\([0-9]|EXIT_[A-Z]+ *=|_EXITS = .*[0-9]")
    told = [
        f"{path.name}:{place}"
        for path in (ROOT / "simulator").rglob("*.py")
        for place, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if number.search(line)
    ]
    assert told == []
