"""The tables of exit codes in documents are made from the one in code, and none has another."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from etp_kit.simulator.base import Exit
from etp_kit.simulator.cli.exit_codes_page import PAGES, main

ROOT = Path(__file__).parents[3]


def rows(document: str) -> dict[int, str]:
    """code -> meaning of a document's table of exit codes."""
    text = (ROOT / document).read_text(encoding="utf-8")
    section = re.split(r"^#+ .*[Ee]xit codes$", text, flags=re.M)[1].split("\n## ")[0]
    return {int(code): meaning for code, meaning in re.findall(r"^\| (\d+) \| (.*) \|$", section, re.M)}


def test_the_readme_has_the_whole_table() -> None:
    assert rows("README.md") == {code.value: code.meaning for code in Exit}


def test_every_documents_table_is_made_from_the_one_in_code() -> None:
    assert main(["--check"], ROOT) == 0, "run `python -m etp_kit.simulator.cli.exit_codes_page`"


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
