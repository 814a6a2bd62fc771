"""Exit codes: one table for the code, and the documents tell no other."""

from __future__ import annotations

import re
from itertools import permutations
from pathlib import Path

import pytest

from etp_kit.simulator.base import OF_VERB, Exit, severity, worst
from etp_kit.simulator.safe.exit_codes_page import PAGES, main

ROOT = Path(__file__).parents[3]


def rows(document: str) -> dict[int, str]:
    """code -> meaning of a document's table of exit codes."""
    text = (ROOT / document).read_text(encoding="utf-8")
    section = re.split(r"^#+ .*[Ee]xit codes$", text, flags=re.M)[1].split("\n## ")[0]
    return {int(code): meaning for code, meaning in re.findall(r"^\| (\d+) \| (.*) \|$", section, re.M)}


def test_the_readme_has_the_whole_table() -> None:
    assert rows("README.md") == {code.value: code.meaning for code in Exit}


@pytest.mark.parametrize("verb", OF_VERB)
def test_a_verb_tells_what_everybody_asks_for(verb: str) -> None:
    assert {0, 1, 2, 3, 4} <= set(OF_VERB[verb])


def test_every_documents_table_is_made_from_the_one_in_code() -> None:
    assert main(["--check"], ROOT) == 0, "run `python -m etp_kit.simulator.safe.exit_codes_page`"


def test_no_document_has_a_table_of_its_own() -> None:
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    headed = re.compile(r"^#+ .*exit codes$", re.I | re.M)
    told = {str(page.relative_to(ROOT)) for page in pages if headed.search(page.read_text(encoding="utf-8"))}
    assert told == set(PAGES)


@pytest.mark.parametrize("page", PAGES)
def test_a_changed_row_is_seen(tmp_path: Path, page: str, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "docs").mkdir()
    for name in PAGES:
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    text = (tmp_path / page).read_text(encoding="utf-8")
    (tmp_path / page).write_text(text.replace("\n| 4 | ", "\n| 4 | not "), encoding="utf-8")
    assert main(["--check"], tmp_path) == 1
    assert str(tmp_path / page) in capsys.readouterr().err
    assert main([], tmp_path) == 0
    assert (tmp_path / page).read_text(encoding="utf-8") == text


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
