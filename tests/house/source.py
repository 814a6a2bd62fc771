"""The kit's own source as syntax trees: modules, rooms, doors, imports.

Rules: it is read from the checkout, whatever is installed; the package is reached by its own
name, so that a source archive serves too.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "etp_kit"
SIMULATOR = "etp_kit.simulator"


@dataclass(frozen=True)
class Import:
    """``from module import name``, or ``import module`` with an empty name; never relative."""

    module: str
    name: str
    line: int


@dataclass(frozen=True)
class Module:
    """One file of the package, by its dotted name."""

    name: str
    path: Path
    is_package: bool

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, str(self.path))

    @property
    def room(self) -> str:
        """The room of the simulator that it lies in; "" outside all rooms."""
        parts = self.name.split(".")
        return parts[2] if self.name.startswith(f"{SIMULATOR}.") else ""

    @property
    def is_door(self) -> bool:
        return self.is_package and self.name == f"{SIMULATOR}.{self.room}"

    @property
    def is_program(self) -> bool:
        """Whether it does something as ``python -m``."""
        tests = (ast.unparse(node.test) for node in self.tree.body if isinstance(node, ast.If))
        return "__name__ == '__main__'" in tests or self.name.endswith(".__main__")

    @property
    def docstring(self) -> str:
        return ast.get_docstring(self.tree) or ""

    @cached_property
    def imports(self) -> tuple[Import, ...]:
        """All of them, those within functions and for type checkers too."""
        return tuple(self._imports())

    def _imports(self) -> Iterator[Import]:
        parts = self.name.split(".")
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (Import(alias.name, "", node.lineno) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                up = node.level - self.is_package
                base = parts[: len(parts) - up] if node.level else []
                module = ".".join([*base, *([node.module] if node.module else [])])
                yield from (Import(module, alias.name, node.lineno) for alias in node.names)


def modules_below(folder: Path, name: str) -> Iterator[Module]:
    """The modules of a package, links followed, in the order of their names."""
    for entry in sorted(folder.iterdir()):
        if entry.is_dir() and any(entry.glob("*.py")):
            yield from modules_below(entry, f"{name}.{entry.name}")
        elif entry.suffix == ".py":
            is_package = entry.name == "__init__.py"
            yield Module(name if is_package else f"{name}.{entry.stem}", entry, is_package)


@cache
def modules() -> dict[str, Module]:
    """All modules of etp_kit, by name."""
    found = {module.name: module for module in modules_below(PACKAGE, "etp_kit")}
    assert len(found) > 200, "the package was not found"
    return found


@cache
def rooms() -> dict[str, Module]:
    """The rooms of the simulator: name -> door."""
    return {module.room: module for module in modules().values() if module.is_door}
