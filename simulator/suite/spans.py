"""The lines of the reference that have to be executed before a mutant can differ from it.

Rules: what is changed in a statement shows once any line of the statement is reached, its head for
one that holds others. What is executed when a module is loaded, or is no statement at all, shows in
every run.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..shipped import Edit

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def lines_of(text: str, edit: Edit) -> frozenset[int] | None:
    """The lines, from 1, that an edit of that source hangs on; None: of any run. Raises KitBroke
    where it does not apply.
    """
    edit.apply(text)
    changed = edit.old.strip()
    first = text.count("\n", 0, text.index(edit.old) + edit.old.index(changed)) + 1
    last = first + changed.count("\n")
    found: set[int] = set()
    for node, inside in _parts(ast.parse(text), inside=False):
        lines = _own_lines(node)
        if lines.start <= last and first < lines.stop:
            if not inside:
                return None
            found |= set(lines)
    return frozenset(found) or None


def _parts(node: ast.AST, *, inside: bool) -> Iterator[tuple[ast.stmt | ast.excepthandler, bool]]:
    """Every statement and handler, and whether it is in a function."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.stmt, ast.excepthandler)):
            yield child, inside
            yield from _parts(child, inside=inside or isinstance(child, _FUNCTIONS))


def _own_lines(node: ast.stmt | ast.excepthandler) -> range:
    """The lines of a statement, or of the head of one that holds others."""
    body = getattr(node, "body", None)
    first = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", ()))])
    if isinstance(body, list) and body:
        return range(first, max(node.lineno + 1, body[0].lineno))
    return range(first, (node.end_lineno or node.lineno) + 1)
