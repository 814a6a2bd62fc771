"""Who judges reads views: no judge and no part of the ledger takes a record apart by itself."""

from __future__ import annotations

import ast

import pytest

from .source import SIMULATOR, modules

JUDGING = sorted(name for name in modules() if name.startswith(f"{SIMULATOR}.judging."))
#: The story of an event, and the records around a failure, tell records as they stand.
TELLS_RECORDS = [f"{SIMULATOR}.judging.{name}" for name in ("around", "event_story", "record_line")]
#: Parts of a record, and of a case, that a view stands for.
RAW = {"op", "history"}


def raw(tree: ast.AST) -> set[str]:
    """The parts of raw records that are read there, and what is split out of a path by hand."""
    read = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    texts = [
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"split", "count"}
        and node.args
        and isinstance(node.args[0], ast.Constant)
    ]
    return (read & RAW) | {"a path's parts" for text in texts if text == "/"}


@pytest.mark.parametrize("name", [name for name in JUDGING if name not in TELLS_RECORDS])
def test_it_reads_views_and_paths_by_their_words(name: str) -> None:
    assert not raw(modules()[name].tree)


@pytest.mark.parametrize("name", TELLS_RECORDS)
def test_who_tells_records_is_no_exception_that_is_gone(name: str) -> None:
    assert raw(modules()[name].tree)


@pytest.mark.parametrize("text", ["r.op", "case.history", "path.split('/')[1]", "path.count('/')"])
def test_what_is_taken_apart_by_hand_is_found(text: str) -> None:
    assert raw(ast.parse(text))
