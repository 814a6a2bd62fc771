"""Exit codes: one table for the code, and the documents tell no other."""

from __future__ import annotations

import re
from itertools import permutations
from pathlib import Path

import pytest

from etp_kit.simulator.base import Exit, severity, worst

ROOT = Path(__file__).parents[3]


def rows(document: str) -> dict[int, str]:
    """code -> meaning of a document's table of exit codes."""
    text = (ROOT / document).read_text(encoding="utf-8")
    section = re.split(r"^#+ .*[Ee]xit codes$", text, flags=re.M)[1].split("\n## ")[0]
    return {int(code): meaning for code, meaning in re.findall(r"^\| (\d+) \| (.*) \|$", section, re.M)}


def test_the_readme_has_the_whole_table() -> None:
    assert rows("README.md") == {code.value: code.meaning for code in Exit}


@pytest.mark.parametrize("document", ["docs/lint.md", "docs/load.md", "docs/conformance.md"])
def test_a_document_of_one_verb_tells_known_codes_alone(document: str) -> None:
    told = rows(document)
    assert {0, 1, 4} <= set(told) <= {code.value for code in Exit}


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
