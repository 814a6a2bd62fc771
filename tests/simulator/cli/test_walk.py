"""A walked page shows what its steps print, and ends as it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from .walk import IN_A_CHECKOUT, ROOT, WALKED, Took, masked, prepared, program, renewed, steps, walk

#: Page -> the steps that end otherwise than with 0, and the page says so.
FAILED = {
    "tour.md": {"mutant:quota-raised": 1, "--clause 'select.*'": 1},
    "read-a-report.md": {"mutant:quota-raised": 1},
    "write-a-scenario.md": {"mutant:quota-raised": 1},
}


@pytest.mark.parametrize("page", [*WALKED, *IN_A_CHECKOUT], ids=lambda page: page.name)
def test_a_walked_page_shows_what_its_steps_print(page: Path, tmp_path: Path) -> None:
    if page in IN_A_CHECKOUT and not (ROOT / "simulator").is_dir():
        pytest.skip("no checkout: what the page changes lies elsewhere")
    text = page.read_text(encoding="utf-8")
    place = prepared(page, tmp_path / "empty")
    taken = list(walk(text, place, program(tmp_path / "bin")))
    for step, took in zip(steps(text), taken, strict=True):
        assert masked(step.shown) == masked(took.printed), f"{step.command}\n{took.printed}"
    failed = dict(FAILED.get(page.name, {}))
    for step, took in zip(steps(text), taken, strict=True):
        code = next((failed.pop(words) for words in list(failed) if words in step.command), 0)
        assert took.code == code, f"{step.command}\n{took.printed}"
    assert not failed


PAGE = "A word.\n\n```console\n$ echo one; cd /\none\n$ pwd\n/home\n$ cat <<END\n> two\n> END\n```\n"


def test_steps_follow_from_each_other(tmp_path: Path) -> None:
    place = tmp_path / "empty"
    place.mkdir()
    taken = list(walk(PAGE, place, program(tmp_path / "bin")))
    assert taken == [Took("one\n", 0), Took("/\n", 0), Took("two\n", 0)]
    assert renewed(PAGE, taken) == PAGE.replace("/home", "/").replace("> END\n", "> END\ntwo\n")


def test_a_time_alone_changes_no_page() -> None:
    page = "```console\n$ simulate\nsimulated in 1.25 s\n```\n"
    assert renewed(page, [Took("simulated in 9.00 s\n", 0)]) == page
    assert "9 min" in renewed(page, [Took("9 min simulated in 9.00 s\n", 0)])


def test_a_page_without_steps_is_an_error() -> None:
    with pytest.raises(ValueError, match="no step"):
        steps("```\nsimulate list\n```\n")


def test_no_walked_page_leaves_anything_out() -> None:
    for page in (*WALKED, *IN_A_CHECKOUT):
        assert not re.search(r"^\.\.\.$|\[\.\.\.\]", page.read_text(encoding="utf-8"), re.MULTILINE), page
