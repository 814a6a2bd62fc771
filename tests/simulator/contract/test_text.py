"""The data says what the contract says, word for word.

The contract as its authors keep it stands beside the repository while both are in the making. Where it is
absent, these comparisons are skipped; docs/contract.md is then the contract.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from etp_kit.simulator.contract.clauses import CLAUSES, FAMILIES, LIMITS
from etp_kit.simulator.contract.page import document
from etp_kit.simulator.contract.profiles import PROFILES, Difference, KnownFailure

SHARED = Path(__file__).resolve().parents[4] / "shared" / "CONTRACT.md"
ROW = re.compile(r"^\| (?P<slug>[a-z.-]+) \| (?P<level>core|hardened) \| (?P<statement>.*) \|$", re.MULTILINE)
HEADING = re.compile(r"^### (?P<families>[a-z, ]+?)(?:: .*)?$", re.MULTILINE)


@pytest.fixture(scope="module")
def contract() -> str:
    if not SHARED.is_file():
        pytest.skip("no shared/CONTRACT.md beside the repository to compare with")
    return SHARED.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def rows(contract: str) -> list[re.Match[str]]:
    found = list(ROW.finditer(contract))
    assert len(found) > 80, "the contract's tables are not where this test looks for them"
    return found


def test_same_clauses_in_the_same_order(rows: list[re.Match[str]]) -> None:
    assert list(CLAUSES) == [row["slug"] for row in rows]


def test_every_row_of_a_clause_table_is_seen(contract: str, rows: list[re.Match[str]]) -> None:
    section = contract[contract.index("## 2. Clauses") : contract.index("## 3. Profiles")]
    lines = [line for line in section.splitlines() if line.startswith("| ")]
    headers = [line for line in lines if line in ("| slug | level | statement |", "| --- | --- | --- |")]
    assert len(lines) - len(headers) == len(rows)


def test_same_levels(rows: list[re.Match[str]]) -> None:
    assert {c.slug: c.level for c in CLAUSES.values()} == {row["slug"]: row["level"] for row in rows}


def test_same_statements(rows: list[re.Match[str]]) -> None:
    assert {c.slug: c.statement for c in CLAUSES.values()} == {row["slug"]: row["statement"] for row in rows}


def test_same_families_in_the_same_order(contract: str) -> None:
    found = [name for heading in HEADING.finditer(contract) for name in heading["families"].split(", ")]
    assert list(FAMILIES) == found


def test_a_cwe_that_a_statement_names_is_in_its_data(rows: list[re.Match[str]]) -> None:
    for row in rows:
        named = set(re.findall(r"CWE-[0-9]+", row["statement"]))
        assert named <= set(CLAUSES[row["slug"]].cwe), row["slug"]


def test_limits_of_section_1(contract: str) -> None:
    first_section = contract[: contract.index("## 2. Clauses")]
    for name in ("quota", "max_file_size", "max_message", "max_event", "tries", "period"):
        assert f"{LIMITS[name].value:,}" in first_section, name


def test_prose_is_in_the_document(contract: str) -> None:
    """Section 1 but for its table of limits, which the document makes from the data, and the pitfalls."""
    document_text = document()
    for start, end in (
        ("## 1. Terms", "| limit | value |"),
        ("**Input.**", "## 2. Clauses"),
        ("## 4. Pitfalls", None),
    ):
        prose = contract[contract.index(start) : contract.index(end) if end else None].strip()
        assert prose in document_text, start


def test_same_profiles(contract: str) -> None:
    section = contract[contract.index("## 3. Profiles") : contract.index("## 4.")]
    named = re.findall(r"^\| (?!profile |---)([a-z0-9.-]+)", section, re.MULTILINE)
    assert list(PROFILES) == named
    for name, text in re.findall(r"^\| ([a-z0-9.-]+)[^|]* \| (.*) \|$", section, re.MULTILINE):
        if name in PROFILES:
            profile = PROFILES[name]
            entries: tuple[Difference | KnownFailure, ...] = (*profile.difference, *profile.known_failure)
            assert {entry.clause for entry in entries} == {slug for slug in CLAUSES if slug in text}, name
            assert (profile.level == "core") == ("level core" in text), name
