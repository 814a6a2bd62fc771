"""The picture and the table of docs/architecture.md, from the imports:
``python -m tests.house.picture [--check]``.

A map drawn by hand is wrong after the next import.
So the arrows are read from the code, the purposes from the rooms' doors, and a test compares.

Rules: a room is a folder of ``simulator/`` with an ``__init__.py``. Every import counts, also one
in a function or for types alone. A room stands one floor above the highest that it imports. The
picture leaves out each arrow that follows from others. Imports in a circle are an error: they have
no floors.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
DOCUMENT: Final = ROOT / "docs" / "architecture.md"

#: The one neighbour of ``simulator/`` that rooms import.
_COLLECTOR: Final = "collector"

#: A made part of the document, with the markers that hold it.
_PART: Final = re.compile(r"(<!-- made: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)

Arrows = Mapping[str, set[str]]


class NoMap(Exception):
    """The code or the document is such that no map can be made."""


def arrows(root: Path = ROOT) -> dict[str, set[str]]:
    """Each room, and ``collector``, with what it imports directly."""
    simulator = root / "simulator"
    rooms = {path.parent.name for path in simulator.glob("*/__init__.py")}
    found: dict[str, set[str]] = {name: set() for name in sorted(rooms | {_COLLECTOR})}
    for room in rooms:
        for path in sorted((simulator / room).rglob("*.py")):
            package = path.relative_to(root).parts[:-1]
            tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
            for target in _imported(tree, package):
                other = _home(target)
                if other in found and other != room:
                    found[room].add(other)
    return found


def _imported(tree: ast.Module, package: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Every module or name that a module imports, as the path from the top of the repository."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            base = above + tuple((node.module or "").split(".") if node.module else ())
            yield from (_inside((*base, alias.name)) for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (_inside(tuple(alias.name.split("."))) for alias in node.names)


def _home(target: tuple[str, ...]) -> str:
    """The room of an imported name, ``collector``, or "" for what is neither."""
    return _COLLECTOR if target[0] == _COLLECTOR else "".join(target[1:2]) if target[0] == "simulator" else ""


def _inside(target: tuple[str, ...]) -> tuple[str, ...]:
    """The path of an import without the package that holds it once it is installed."""
    return target[1:] if target[0] == "etp_kit" and len(target) > 1 else target


def floors(imports: Arrows) -> dict[str, int]:
    """The floor of each room, 1 at the bottom. Raises NoMap for a circle."""
    found: dict[str, int] = {}

    def floor(room: str, way: tuple[str, ...]) -> int:
        if room in way:
            raise NoMap(f"a circle of imports: {' -> '.join([*way[way.index(room) :], room])}")
        if room not in found:
            found[room] = 1 + max((floor(other, (*way, room)) for other in sorted(imports[room])), default=0)
        return found[room]

    for room in imports:
        floor(room, ())
    return found


def direct(imports: Arrows) -> dict[str, set[str]]:
    """The arrows that do not follow from others."""
    below: dict[str, set[str]] = {}
    for room, _ in sorted(floors(imports).items(), key=lambda item: item[1]):
        below[room] = set().union(imports[room], *(below[other] for other in imports[room]))
    return {
        room: {one for one in others if not any(one in below[other] for other in others)}
        for room, others in imports.items()
    }


def picture(imports: Arrows) -> str:
    """The rooms by floor, in Mermaid; an arrow goes from a room to one that it imports."""
    stands = floors(imports)
    levels = (
        [room for room in sorted(stands) if stands[room] == floor]
        for floor in sorted(set(stands.values()), reverse=True)
    )
    lines = ["```mermaid", "flowchart TD", *(f"    {' & '.join(level)}" for level in levels)]
    needed = direct(imports)
    lines += [f"    {room} --> {' & '.join(sorted(needed[room]))}" for room in sorted(needed) if needed[room]]
    return "\n".join([*lines, "```"])


def purpose(room: str, root: Path = ROOT) -> str:
    """The first paragraph of a door's docstring. Raises NoMap where there is none."""
    door = root / ("" if room == _COLLECTOR else "simulator") / room / "__init__.py"
    text = ast.get_docstring(ast.parse(door.read_text(encoding="utf-8")))
    if not text:
        raise NoMap(f"{door.relative_to(root)}: no docstring says what the room is for")
    return " ".join(text.partition("\n\n")[0].split()).replace("``", "`").replace("|", "\\|")


def rooms(imports: Arrows, root: Path = ROOT) -> str:
    """The table of rooms, from the top floor down."""
    stands = floors(imports)
    rows = [
        f"| {stands[room]} | `{room}/` | {purpose(room, root)} |"
        for room in sorted(stands, key=lambda room: (-stands[room], room))
        if room != _COLLECTOR
    ]
    return "\n".join(["| floor | room | what it is for |", "| --- | --- | --- |", *rows])


def document(text: str, root: Path = ROOT) -> str:
    """The document with its made parts made anew. Raises NoMap unless it has each of them once."""
    imports = arrows(root)
    made = {"picture": picture(imports), "rooms": rooms(imports, root)}
    parts = [match[2] for match in _PART.finditer(text)]
    if sorted(parts) != sorted(made):
        raise NoMap(f"expected the parts {sorted(made)}, once each; found {sorted(parts)}")
    return _PART.sub(lambda match: f"{match[1]}{made[match[2]]}\n{match[3]}", text)


def main(arguments: Sequence[str]) -> int:
    """Exit code 0: written, or current; 1: not current, or no map can be made; 4: bad usage."""
    if arguments not in ([], ["--check"]):
        print("usage: python -m tests.house.picture [--check]", file=sys.stderr)
        return 4
    text = DOCUMENT.read_text(encoding="utf-8")
    try:
        current = document(text)
    except NoMap as error:
        print(error, file=sys.stderr)
        return 1
    if arguments and text != current:
        print(f"{DOCUMENT}: not current: run `python -m tests.house.picture`", file=sys.stderr)
        return 1
    if not arguments:
        DOCUMENT.write_text(current, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
