"""Sizes of modules, classes, functions, lines and sentences, held against limits.toml.

Rules: a limit and each exception are written once, in limits.toml. An exception is today's value
and may only shrink: a larger value fails, and so does a smaller one that nobody wrote down.
``python -m tests.house.measures`` writes smaller values and drops what is no exception any more;
it never adds or raises one.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from .documents import documents, paragraphs
from .source import ROOT, Module, modules, modules_below

LIMITS = Path(__file__).with_name("limits.toml")
#: Sizes are lines. Columns are counted as the lines of a file that are too long.
SIZES = ("module", "class", "function")
COLUMNS = ("code", "prose")
#: Words are counted as the sentences of a file's docstrings, or of a document, that are too long.
WORDS = ("sentence",)
KINDS = (*SIZES, *COLUMNS, *WORDS)

Exceptions = dict[str, dict[str, int]]


def measured() -> list[Module]:
    """The kit and its tests."""
    return [*modules().values(), *modules_below(ROOT / "tests", "tests")]


def path_of(module: Module) -> str:
    """A file as people name it, in the checkout's own folders."""
    return re.sub(r"^etp_kit/(?=collector/|simulator/)", "", module.path.relative_to(ROOT).as_posix())


def sizes(module: Module) -> Iterator[tuple[str, str, int]]:
    """(kind, name, lines) of a module and of its classes and functions, decorators aside."""
    yield "module", path_of(module), len(module.text.splitlines())
    yield from _sizes(module.tree, path_of(module))


def _sizes(node: ast.AST, within: str) -> Iterator[tuple[str, str, int]]:
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _sizes(child, within)
            continue
        name = f"{within}::{child.name}"
        assert child.end_lineno is not None
        yield "class" if isinstance(child, ast.ClassDef) else "function", name, child.end_lineno - child.lineno + 1
        yield from _sizes(child, name)


def prose(module: Module) -> set[int]:
    """Numbers of the lines that are docstring or comment and nothing else."""
    lines = set()
    for node in ast.walk(module.tree):
        if (
            isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
            and ast.get_docstring(node) is not None
        ):
            text = node.body[0]
            assert text.end_lineno is not None
            lines |= set(range(text.lineno, text.end_lineno + 1))
    for token in tokenize.generate_tokens(io.StringIO(module.text).readline):
        if token.type == tokenize.COMMENT and token.line.lstrip().startswith("#"):
            lines.add(token.start[0])
    return lines


def too_long(module: Module, limits: dict[str, int]) -> dict[str, int]:
    """How many lines are too long; rulers and single words, such as addresses, aside."""
    found = dict.fromkeys(COLUMNS, 0)
    written = prose(module)
    for number, line in enumerate(module.text.splitlines(), 1):
        kind = "prose" if number in written else "code"
        if len(line) > limits[kind] and not re.fullmatch(r"\s*((#:? )?\S+|# --- .* -+)", line):
            found[kind] += 1
    return found


def docstrings(module: Module) -> Iterator[tuple[str, str, int]]:
    """(name, text, line) of each docstring; a module's own name is ""."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            text = ast.get_docstring(node)
            if text is not None:
                yield getattr(node, "name", ""), text, node.body[0].lineno


#: What begins or parts sentences without being one: bullets, rows and rulers of tables.
_NO_SENTENCE = re.compile(r"^\s*(?:[-*]|\d+\.)\s|^.*\S {2,}\S.*$|^[=\s]+$", re.MULTILINE)


def sentences(text: str) -> Iterator[str]:
    """The sentences of a docstring, without tables and what stands as it is typed.

    A sentence ends at a full stop, a bullet, an empty line or a row of a table. A row has two
    spaces between its columns; a paragraph stands as it is typed after click's backspace.
    """
    for paragraph in re.split(r"\n\s*\n", text):
        if paragraph.lstrip(" \n").startswith("\b"):
            continue
        for part in _NO_SENTENCE.split(paragraph):
            yield from stopped(" ".join(part.split()))


def stopped(line: str) -> list[str]:
    """A line of words, parted at its stops."""
    return re.split(r"(?<=[.!?])[)\"'`]*\s+", line)


def page_sentences(text: str) -> Iterator[str]:
    """The sentences of a document. A paragraph that is a picture has none."""
    for paragraph in filter(str.split, paragraphs(text)):
        yield from stopped(paragraph)


def long_sentences(sentences: Iterable[str], most: int) -> list[str]:
    """Those with too many words."""
    return [sentence for sentence in sentences if len(sentence.split()) > most]


def read() -> tuple[dict[str, int], Exceptions]:
    """The limits and the exceptions, as they are written."""
    with LIMITS.open("rb") as stream:
        data = tomllib.load(stream)
    return data["limits"], {kind: data["exceptions"].get(kind, {}) for kind in KINDS}


def over(limits: dict[str, int]) -> Exceptions:
    """What is over its limit today."""
    found: Exceptions = defaultdict(dict)
    for module in measured():
        for kind, name, lines in sizes(module):
            if lines > limits[kind]:
                found[kind][name] = max(lines, found[kind].get(name, 0))
        for kind, count in too_long(module, limits).items():
            if count:
                found[kind][path_of(module)] = count
        texts = (text for _name, text, _line in docstrings(module))
        long = long_sentences((sentence for text in texts for sentence in sentences(text)), limits["sentence"])
        if long:
            found["sentence"][path_of(module)] = len(long)
    for page in documents():
        long = long_sentences(page_sentences(page.read_text(encoding="utf-8")), limits["sentence"])
        if long:
            found["sentence"][page.relative_to(ROOT).as_posix()] = len(long)
    return found


def lowered(written: Exceptions, today: Exceptions) -> Exceptions:
    """The exceptions as they may stand: none that is not written, each at the smaller value."""
    return {
        kind: {name: min(value, today[kind][name]) for name, value in one.items() if name in today.get(kind, {})}
        for kind, one in written.items()
    }


def grown(written: Exceptions, today: Exceptions) -> list[str]:
    """What is over its limit and was not, or was less, as lines that limits.toml would need."""
    return [
        f'[exceptions.{kind}] "{name}" = {value} (allowed: {written[kind].get(name, "its limit")})'
        for kind, one in today.items()
        for name, value in sorted(one.items())
        if value > written[kind].get(name, 0)
    ]


def shrunk(written: Exceptions, today: Exceptions) -> list[str]:
    """Exceptions that are larger than what they excuse."""
    return [
        f'[exceptions.{kind}] "{name}" = {value} (today: {today.get(kind, {}).get(name, "within its limit")})'
        for kind, one in written.items()
        for name, value in sorted(one.items())
        if value > today.get(kind, {}).get(name, 0)
    ]


def text_of(exceptions: Exceptions) -> str:
    """The second half of limits.toml."""
    return "".join(
        f"\n[exceptions.{kind}]\n"
        + "".join(f'"{name}" = {value}\n' for name, value in sorted(exceptions[kind].items()))
        for kind in KINDS
    )


def renew() -> None:
    """Write the exceptions that have shrunk."""
    limits, written = read()
    head = LIMITS.read_text(encoding="utf-8").split("\n[exceptions.")[0]
    LIMITS.write_text(head + text_of(lowered(written, over(limits))), encoding="utf-8")


if __name__ == "__main__":
    renew()
