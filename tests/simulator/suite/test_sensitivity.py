"""docs/sensitivity.md is of the mutants that ship: its own clause catches each, and few others are
red for it without a defect of their own.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from etp_kit.simulator.contract.clauses import CLAUSES
from etp_kit.simulator.shipped import mutants
from etp_kit.simulator.suite.sensitivity import Outcome
from etp_kit.simulator.suite.sensitivity_page import document

PAGE = Path(__file__).parents[3] / "docs" / "sensitivity.md"
ROW = re.compile(r"^\| (\S+) \| (\S+) \| (\S+) \| (.*) \| (.*) \|$", re.M)
SUM = re.compile(
    r"^(\d{4}-\d\d-\d\d): (\d+) of (\d+) caught by their own clause; (\d+) clauses red in all,\n(\d+) of them", re.M
)
#: The most that may be red for a defect of another clause only, of all that is red.
MOST = 0.10

MUTANT = next(mutant for mutant in mutants().values() if mutant.also)
OTHER = next(slug for slug in CLAUSES if slug != MUTANT.clause and slug not in MUTANT.also)
ALSO = next(iter(MUTANT.also))


def _rows(text: str) -> list[tuple[str, ...]]:
    return [row for row in ROW.findall(text) if row[0] not in {"mutant", "---"}]


@pytest.fixture(scope="module")
def page() -> str:
    return PAGE.read_text(encoding="utf-8")


def test_each_mutant_has_a_row_or_is_named_as_left_out(page: str) -> None:
    _, _, after = page.partition("\nLeft out,")
    left = re.findall(r"`([^`]+)`", after)
    rows = [(row[0], row[1]) for row in _rows(page)]
    whole = sorted(((m.name, m.clause) for m in mutants().values()), key=lambda row: (row[1], row[0]))
    assert rows == [row for row in whole if row[0] not in left]
    assert left == sorted({name for name, _ in whole} - {name for name, _ in rows})


def test_what_was_left_out_of_a_matrix_is_named() -> None:
    assert document([Outcome(MUTANT)], "2026-01-05", ["two", "one"]).endswith(":\n\n* `one`\n* `two`\n")
    assert "Left out" not in document([Outcome(MUTANT)], "2026-01-05")


def test_each_was_caught_by_its_own_clause(page: str) -> None:
    assert {row[2] for row in _rows(page)} == {"yes"}


def test_at_most_one_in_ten_red_clauses_is_red_for_a_defect_of_another_clause_only(page: str) -> None:
    rows = _rows(page)
    strange = [slug for row in rows for slug in row[4].split(", ") if slug]
    (told,) = SUM.findall(page)
    assert [int(number) for number in told[1:3]] == [len(rows), len(rows)]
    assert int(told[4]) == len(strange) <= MOST * int(told[3])
    assert set(strange) <= set(CLAUSES)


def test_each_clause_that_is_declared_to_be_broken_as_well_is_one_with_a_reason() -> None:
    declared = [(mutant, slug, why) for mutant in mutants().values() for slug, why in mutant.also.items()]
    assert declared
    assert all(slug in CLAUSES and slug != mutant.clause and len(why.split()) > 2 for mutant, slug, why in declared)


@pytest.mark.parametrize("red", [{}, {OTHER: "elsewhere"}])
def test_one_that_its_clause_did_not_catch_shows(red: dict[str, str]) -> None:
    row, *_ = _rows(document([Outcome(MUTANT, red)], "2026-01-05"))
    assert row[2] == "**no**"


def test_the_figure_counts_what_is_red_without_a_defect_of_its_own() -> None:
    red = {MUTANT.clause: "here", ALSO: "as well", OTHER: "quota/flood: *one* | two"}
    found = [Outcome(MUTANT, red), Outcome(replace(MUTANT, name="second"), {MUTANT.clause: "here"})]
    page = document(found, "2026-01-05")
    assert SUM.findall(page) == [("2026-01-05", "2", "2", "4", "1")]
    assert "(25.0 %)" in page
    first, second = _rows(page)[:2]
    assert (first[3], first[4]) == (f"{ALSO}: {MUTANT.also[ALSO]}", OTHER)
    assert (second[3], second[4]) == ("", "")
    assert rf"| {OTHER} | quota/flood: \*one\* \| two |" in page
