"""What the program tells names nothing that only a checkout has.

A wheel holds no ``docs/``. Where more can be read, a message names a verb (``simulate explain``,
``simulate schema``), which every user has. Docstrings and comments are for who reads the source.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from .source import PACKAGE, SIMULATOR, Module, modules

PAGE = re.compile(r"\bdocs/[\w./-]+|\b[A-Z]{4,}\.md\b")
#: What is made for a checkout: the contract's page, of which this is the frame.
FRAMES = {"contract.md.tmpl"}


def documented(tree: ast.Module) -> Iterator[ast.Constant]:
    """The docstrings that nobody is shown: a command's is its help."""
    for node in ast.walk(tree):
        if not isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)) or not node.body:
            continue
        decorators = [ast.unparse(one) for one in getattr(node, "decorator_list", [])]
        first = node.body[0]
        if any(".command" in one or ".group" in one for one in decorators) or not isinstance(first, ast.Expr):
            continue
        if isinstance(first.value, ast.Constant):
            yield first.value


def told(tree: ast.Module) -> Iterator[str]:
    """All texts of a module that may reach a user."""
    hidden = set(map(id, documented(tree)))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in hidden:
            yield node.value


def values(data: Any) -> Iterator[str]:
    """The texts of a TOML file, which holds no comment once it is read."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, (dict, list)):
        for one in data.values() if isinstance(data, dict) else data:
            yield from values(one)


def pages(texts: Iterator[str]) -> list[str]:
    return [found for text in texts for found in PAGE.findall(text)]


def programs() -> list[Module]:
    """The simulator's modules, without what makes pages of a checkout."""
    return [one for one in modules().values() if one.name.startswith(SIMULATOR) and not one.is_program]


def test_no_message_names_a_page_of_a_checkout() -> None:
    assert len(programs()) > 200
    assert {one.name: found for one in programs() if (found := pages(told(one.tree)))} == {}


@pytest.mark.parametrize("folder", ["simulator", "scenarios"])
def test_no_text_of_shipped_data_does(folder: str) -> None:
    files = list((PACKAGE / folder).resolve().rglob("*.toml"))
    assert len(files) > 10
    read = {path: tomllib.loads(path.read_text(encoding="utf-8")) for path in files}
    assert {path.name: found for path, data in read.items() if (found := pages(values(data)))} == {}


def test_no_file_that_a_user_is_given_does() -> None:
    """A first version is a user's own file, and comments of it are read by that user."""
    room = (PACKAGE / "simulator").resolve()
    given = [path for path in room.rglob("*.tmpl") if path.name not in FRAMES]
    given.append(room / "scenario" / "template.toml")
    assert len(given) > 5
    read = {path: path.read_text(encoding="utf-8") for path in given}
    assert {path.name: found for path, text in read.items() if (found := PAGE.findall(text))} == {}


def test_what_would_be_found_is_found() -> None:
    """The tests above would pass if they saw nothing."""
    tree = ast.parse(
        '"""docs/a.md"""\n@click.command("x")\ndef x():\n    """docs/b.md"""\n'
        '    raise E("docs/c.md", hint=f"{1} docs/d.md")\n'
        'class C:\n    """docs/e.md"""\n'
    )
    assert sorted(pages(told(tree))) == ["docs/b.md", "docs/c.md", "docs/d.md"]
