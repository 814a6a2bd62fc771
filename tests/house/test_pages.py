"""A page that people write is read in one sitting. What a command makes may be as long as it is."""

from __future__ import annotations

from .documents import documents
from .source import ROOT

LONGEST = 500
_MADE_WHOLE = "<!-- Made by "


def long_pages() -> list[str]:
    """Pages of the site that nobody generated, and that are too long."""
    return [
        f"{page.relative_to(ROOT)}: {len(lines)} lines"
        for page in documents()
        for lines in [page.read_text(encoding="utf-8").splitlines()]
        if len(lines) > LONGEST and not lines[0].startswith(_MADE_WHOLE)
    ]


def test_no_page_that_people_write_is_longer_than_a_sitting() -> None:
    assert long_pages() == []


def test_there_are_pages_and_some_are_made() -> None:
    heads = [page.read_text(encoding="utf-8").partition("\n")[0] for page in documents()]
    assert len(heads) > 40
    assert sum(head.startswith(_MADE_WHOLE) for head in heads) > 4
