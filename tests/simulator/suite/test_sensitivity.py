"""docs/sensitivity.md is of the mutants that ship, each caught by its own clause."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from etp_kit.simulator.contract.clauses import CLAUSES
from etp_kit.simulator.shipped import mutants
from etp_kit.simulator.suite.sensitivity import Outcome
from etp_kit.simulator.suite.sensitivity_page import document

PAGE = Path(__file__).parents[3] / "docs" / "sensitivity.md"
ROW = re.compile(r"^\| (\S+) \| (\S+) \| (\S+) \| (.*) \|$", re.M)


def _rows(text: str) -> list[tuple[str, str, str, str]]:
    return [row for row in ROW.findall(text) if row[0] not in {"mutant", "---"}]


def test_each_mutant_has_a_row_or_is_named_as_one_that_came_later() -> None:
    text = PAGE.read_text(encoding="utf-8")
    _, _, after = text.partition("\nMade later,")
    late = re.findall(r"`([^`]+)`", after)
    rows = [(name, clause) for name, clause, _, _ in _rows(text)]
    whole = sorted(((m.name, m.clause) for m in mutants().values()), key=lambda row: (row[1], row[0]))
    assert rows == [row for row in whole if row[0] not in late]
    assert late == sorted({name for name, _ in whole} - {name for name, _ in rows})


def test_each_was_caught_by_its_own_clause() -> None:
    assert {caught for _, _, caught, _ in _rows(PAGE.read_text(encoding="utf-8"))} == {"yes"}


def test_what_else_caught_them_are_clauses() -> None:
    others = {slug for _, _, _, also in _rows(PAGE.read_text(encoding="utf-8")) for slug in also.split(", ") if slug}
    assert others
    assert others <= set(CLAUSES)


def test_the_page_has_its_date() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert re.search(r"^20[0-9]{2}-[01][0-9]-[0-3][0-9]: [0-9]+ of [0-9]+ caught", text, re.M)


@pytest.mark.parametrize("red", [{}, {"run.errors": "elsewhere"}])
def test_one_that_its_clause_did_not_catch_shows(red: dict[str, str]) -> None:
    mutant = next(iter(mutants().values()))
    assert f"| {mutant.name} | {mutant.clause} | **no** |" in document([Outcome(mutant, red)], "2026-01-05")
