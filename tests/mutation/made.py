"""The mutants: what mutmut's operators make of the collector, one change each.

Rules: the operators are mutmut's own and are applied everywhere, in functions and outside, as
limits and reasons stand outside; left out is only what no collector ever executes (blocks for type
checkers, docstrings) and ``program/``, which is no part of the contract. The same text twice is one
mutant. A mutant is known by what it changes, not by its line, so that what was said of it holds
while other lines move.
"""

from __future__ import annotations

import ast
import difflib
import hashlib
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from random import Random

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.file_mutation import Mutation, MutationVisitor
from mutmut.mutation.mutators import mutation_operators
from mutmut.mutation.pragma_handling import IgnoredCode

#: Where a mutation says nothing: names for type checkers and for people.
_UNUSED = frozenset({"TYPE_CHECKING", "__all__", "__doc__"})


@dataclass(frozen=True, slots=True)
class Made:
    """One mutant: the file's new text, the lines of the original that it changes (first,
    last), and the change as lines taken and given.
    """

    id: str
    file: str
    first: int
    last: int
    taken: str
    given: str
    text: str


def population(directory: Path) -> list[tuple[Path, int]]:
    """(file, number of the mutation in it) of all that mutmut's operators can do to a collector."""
    paths = [path for path in sorted(directory.glob("*.py")) if path.name != "__main__.py"]
    return [(path, number) for path in paths for number in range(len(_mutations(path)[1]))]


def sample(directory: Path, count: int, seed: int) -> list[Made]:
    """So many mutants, in order of files and places; the same for the same seed and code.
    Two of one text count once.
    """
    everything = population(directory)
    Random(seed).shuffle(everything)
    found: dict[str, tuple[tuple[Path, int], Made]] = {}
    for place in everything:
        if len(found) >= count:
            break
        mutant = _made(*place)
        if mutant is not None:
            found.setdefault(mutant.text, (place, mutant))
    return _named([mutant for _, mutant in sorted(found.values(), key=lambda entry: entry[0])])


def _named(made: list[Made]) -> list[Made]:
    """The same mutants;
    the second one that changes the same lines between the same neighbours is ``<id>-2``.
    """
    met: Counter[str] = Counter()
    named = []
    for mutant in made:
        met[mutant.id] += 1
        named.append(mutant if met[mutant.id] == 1 else replace(mutant, id=f"{mutant.id}-{met[mutant.id]}"))
    return named


class _Visitor(MutationVisitor):
    """mutmut's, without what nobody executes."""

    def on_visit(self, node: cst.CSTNode) -> bool:
        return not _is_unused(node) and super().on_visit(node)


def _is_unused(node: cst.CSTNode) -> bool:
    if isinstance(node, cst.If):
        return isinstance(node.test, cst.Name) and node.test.value == "TYPE_CHECKING" and node.orelse is None
    if isinstance(node, cst.Assign):
        target = node.targets[0].target
        name = target.attr if isinstance(target, cst.Attribute) else target
        return isinstance(name, cst.Name) and name.value in _UNUSED
    return False


@cache
def _mutations(path: Path) -> tuple[MetadataWrapper, list[Mutation]]:
    wrapper = MetadataWrapper(cst.parse_module(path.read_text(encoding="utf-8")))
    visitor = _Visitor(mutation_operators, IgnoredCode(set(), set(), set()))
    wrapper.visit(visitor)
    return wrapper, visitor.mutations


def _made(path: Path, number: int) -> Made | None:
    wrapper, mutations = _mutations(path)
    mutation = mutations[number]
    original = wrapper.module.code
    text = wrapper.module.deep_replace(mutation.original_node, mutation.mutated_node).code
    if text == original or not _compiles(text):
        return None
    matcher = difflib.SequenceMatcher(None, before := original.splitlines(), after := text.splitlines(), autojunk=False)
    changes = [block for block in matcher.get_opcodes() if block[0] != "equal"]
    first, last = changes[0][1], max(changes[-1][2], changes[0][1] + 1)
    taken = "\n".join(line for _, i, j, _, _ in changes for line in before[i:j])
    given = "\n".join(line for _, _, _, i, j in changes for line in after[i:j])
    place = wrapper.resolve(PositionProvider).get(mutation.original_node)
    if place is not None:
        first, last = min(first, place.start.line - 1), max(last, place.end.line)
    around = "\n".join(before[max(0, first - 2) : first])
    if mutation.contained_by_top_level_function is None:
        first, last = _statement(path, first, last)
    name = hashlib.sha256("\0".join((path.name, around, taken, given)).encode()).hexdigest()[:10]
    return Made(name, path.name, first + 1, last, taken, given, text)


def _statement(path: Path, first: int, last: int) -> tuple[int, int]:
    """The lines (from 0) of the whole statement outside functions:
    Python counts a table of constants as its first line.
    """
    for node in ast.walk(_tree(path)):
        if isinstance(node, (ast.Assign, ast.AnnAssign, ast.Expr)) and node.lineno - 1 <= first and last <= (node.end_lineno or 0):
            return node.lineno - 1, node.end_lineno or last
    return first, last


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _compiles(text: str) -> bool:
    """mutmut's operators know no scopes: a ``return`` at the level of a module is no program."""
    try:
        compile(text, "mutant", "exec", dont_inherit=True)
    except SyntaxError:
        return False
    return True
