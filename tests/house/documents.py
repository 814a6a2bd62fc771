"""The prose of the documents, for the measure of sentences.

A long sentence is read twice, in a document as in a docstring. What nobody reads as a sentence is
left out: code blocks, tables, headings, link targets, comments and the parts that a command makes.

Rules: an item of a list and a paragraph are texts of their own. A colon or a semicolon ends no
sentence: what follows it is read in the same breath, unless it is a list or a block. A code span
is one word, whatever stands in it. A page that is made as a whole is measured like any other: its
sentences come from data that can be mended.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from .source import ROOT

#: It tells of each change in as many words as it takes.
_ASIDE = ("CHANGELOG.md",)
_MADE = re.compile(r"<!-- made: \w+ -->\n.*?<!-- end -->", re.DOTALL)
#: Blanks would part the words of a code span, and a stop in it would end the sentence.
_PARTS = re.compile(r"[\s.!?]+")


def documents(root: Path = ROOT) -> list[Path]:
    """The pages at the top of the checkout and in docs."""
    pages = (*root.glob("*.md"), *(root / "docs").rglob("*.md"))
    return sorted(page for page in pages if page.name not in _ASIDE)


def paragraphs(text: str) -> Iterator[str]:
    """Each paragraph of a page, as one line of words."""
    tokens = MarkdownIt("commonmark").enable("table").parse(_MADE.sub("", text))
    for before, token in pairwise(tokens):
        if before.type == "paragraph_open":
            yield " ".join("".join(_words(one) for one in token.children or ()).split())


def _words(token: Token) -> str:
    if token.type == "code_inline":
        return _PARTS.sub("_", token.content)
    if token.type in ("softbreak", "hardbreak"):
        return " "
    return token.content if token.type == "text" else ""
