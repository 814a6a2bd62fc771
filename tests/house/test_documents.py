"""Of a document's page exactly its prose is measured."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from . import documents, measures
from .source import ROOT

PAGE = r"""<!-- Made by a command: change that. -->
# A heading is no sentence

A *paragraph* on
two lines, with [a link](docs/a.md "and its title") and <https://a.b>.\
Its `code span. Of words!` is one word; so
is this.

* An item:

  ```
  a block
  ```
* **Another**: on
  two lines
  1. and one below it

| a table | of |
| --- | --- |
| two cells | each |

<!-- made: things -->
What a command made.
<!-- end -->
> A quotation.

    an indented block

![a picture](a.svg)
"""


def test_prose_is_the_paragraphs_and_the_items_of_lists() -> None:
    assert [one for one in documents.paragraphs(PAGE) if one] == [
        "A paragraph on two lines, with a link and https://a.b. Its code_span_Of_words_ is one word; so is this.",
        "An item:",
        "Another: on two lines",
        "and one below it",
        "A quotation.",
    ]


def test_a_stop_alone_ends_a_sentence_of_a_page() -> None:
    assert list(measures.page_sentences("One: two; three.\nFour `a. b`, (five.) Six\n\n* seven")) == [
        "One: two; three.",
        "Four a_b, (five.",
        "Six",
        "seven",
    ]


def test_the_long_sentences_of_each_page_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    page = ROOT / "README.md"
    monkeypatch.setattr(measures, "documents", lambda: [page])
    monkeypatch.setattr(measures, "measured", list)
    count = len(list(measures.page_sentences(page.read_text(encoding="utf-8"))))
    assert count > 20
    assert measures.over({"sentence": 0}) == {"sentence": {"README.md": count}}
    assert measures.over({"sentence": 1000}) == {}


@pytest.mark.skipif(
    not (ROOT / ".git").exists() or shutil.which("git") is None, reason="a source archive: nothing lists its files"
)
def test_every_page_that_git_keeps_is_measured() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "*.md"], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    kept = set(listed.stdout.rstrip("\0").split("\0"))
    assert {"README.md", "docs/contract.md", "docs/adr/0001-one-seam.md"} < kept
    assert kept - {page.relative_to(ROOT).as_posix() for page in documents.documents()} == {"CHANGELOG.md"}
