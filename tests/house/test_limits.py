"""Sizes keep to limits.toml, and its exceptions only shrink (after TigerBeetle's tidy)."""

from __future__ import annotations

from pathlib import Path

import pytest

from . import measures
from .source import Module

RENEW = "run `python -m tests.house.measures`"


@pytest.fixture(scope="module")
def state() -> tuple[measures.Exceptions, measures.Exceptions]:
    limits, written = measures.read()
    return written, measures.over(limits)


def test_nothing_has_outgrown_its_limit_or_its_exception(
    state: tuple[measures.Exceptions, measures.Exceptions],
) -> None:
    assert measures.grown(*state) == [], "shorten it"


def test_an_exception_is_as_small_as_what_it_excuses(state: tuple[measures.Exceptions, measures.Exceptions]) -> None:
    assert measures.shrunk(*state) == [], RENEW


def test_all_of_the_kit_and_its_tests_is_measured() -> None:
    paths = {measures.path_of(module) for module in measures.measured()}
    assert {
        "collector/sweep.py",
        "simulator/judging/ledger.py",
        "tests/house/test_limits.py",
        "etp_kit/__main__.py",
    } <= paths
    assert len(paths) == len(measures.measured())


# --- the measuring itself -------------------------------------------------------------------------------------------------

SAMPLE = '''"""A docstring of more than twenty columns."""

# A comment of more than twenty columns.
# https://example.org/one-word-is-not-broken
value = "a line of code of more than thirty columns"  # and why


class Box:
    @property
    def inside(self) -> str:
        def deeper() -> str:
            return """
                no docstring, but code of its own
            """

        return deeper()
'''


@pytest.fixture
def sample(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Module:
    path = tmp_path / "sample.py"
    path.write_text(SAMPLE)
    monkeypatch.setattr(measures, "ROOT", tmp_path)
    return Module("sample", path, is_package=False)


def test_sizes_are_those_of_modules_classes_and_functions(sample: Module) -> None:
    assert list(measures.sizes(sample)) == [
        ("module", "sample.py", 16),
        ("class", "sample.py::Box", 9),
        ("function", "sample.py::Box::inside", 7),
        ("function", "sample.py::Box::inside::deeper", 4),
    ]


def test_prose_and_code_have_columns_of_their_own(sample: Module) -> None:
    assert measures.too_long(sample, {"prose": 20, "code": 30}) == {"prose": 2, "code": 2}


DOCSTRING = """Four words are here. Five words, e.g. of them!

An empty line ends one
even without its stop.

* A bullet begins one,
  on two lines: (docs/a.md).
* So does the next
1. and a number, alike

==========  =================
``column``  a row of a table is no sentence
==========  =================

\b
simulate run as it is typed, and as long as it likes
"""


def test_a_sentence_ends_at_its_stop_a_bullet_or_an_empty_line() -> None:
    assert [one for one in measures.sentences(DOCSTRING) if one] == [
        "Four words are here.",
        "Five words, e.g.",
        "of them!",
        "An empty line ends one even without its stop.",
        "A bullet begins one, on two lines: (docs/a.md).",
        "So does the next",
        "and a number, alike",
    ]


@pytest.mark.parametrize(("most", "long"), [(4, 2), (8, 1), (9, 0)])
def test_long_sentences_are_those_with_more_words(most: int, long: int) -> None:
    text = "One word more than four. One two three four five six seven, eight nine."
    assert len(measures.long_sentences(measures.sentences(text), most)) == long


def test_a_docstring_of_whatever_has_one_is_measured(sample: Module) -> None:
    sample.path.write_text(SAMPLE.replace("    @property\n", '    """Of a box."""\n\n    @property\n'))
    assert list(measures.docstrings(sample)) == [
        ("", "A docstring of more than twenty columns.", 1),
        ("Box", "Of a box.", 9),
    ]


@pytest.mark.parametrize(
    ("written", "today", "grown", "shrunk", "after"),
    [
        ({"a": 500}, {"a": 500}, 0, 0, {"a": 500}),
        ({"a": 500}, {"a": 501}, 1, 0, {"a": 500}),
        ({"a": 500}, {"a": 499}, 0, 1, {"a": 499}),
        ({"a": 500}, {}, 0, 1, {}),
        ({}, {"a": 401}, 1, 0, {}),
    ],
)
def test_exceptions_only_shrink(
    written: dict[str, int], today: dict[str, int], grown: int, shrunk: int, after: dict[str, int]
) -> None:
    before, now = {"module": written}, {"module": today}
    assert len(measures.grown(before, now)) == grown
    assert len(measures.shrunk(before, now)) == shrunk
    assert measures.lowered(before, now) == {"module": after}


def test_renewing_writes_what_it_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = tmp_path / "limits.toml"
    text = measures.LIMITS.read_text()
    copy.write_text(text + '"gone.py" = 9999\n')
    monkeypatch.setattr(measures, "LIMITS", copy)
    measures.renew()
    assert copy.read_text() == text, RENEW
