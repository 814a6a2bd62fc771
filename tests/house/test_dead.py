"""Nothing lies in the simulator that nothing uses: no module, no function.

Rules: what only tests use is dead too. A module is alive if an import leads to it from where
users come in, or if a live one or a document names it as a program. A name counts as used where
it is read, not where a door hands it on.
"""

from __future__ import annotations

import ast
import re
from functools import cache

from etp_kit.simulator.cli.command import VERBS

from .source import ROOT, SIMULATOR, Module, modules

#: Where users come in: the command and its verbs, which it loads by their names, the pytest plugin,
#: worlds for users' tests.
ENTRIES = (
    "etp_kit.__main__",
    f"{SIMULATOR}.cli",
    *(f"{SIMULATOR}.cli.{verb}" for verb in VERBS),
    f"{SIMULATOR}.pytest_plugin",
    f"{SIMULATOR}.testing",
)
#: Golden files hold the first, and another Python computes it in a child. The second is for who
#: has a scenario as text, as tests have; files go by ``read_toml``, which bounds them.
FOR_TESTS = [f"{SIMULATOR}.core.steps.fingerprint", f"{SIMULATOR}.scenario.library.parse_scenario"]
DOCUMENTS = ("README.md", "CONTRIBUTING.md", "docs", ".github")


def named(texts: list[str]) -> set[str]:
    """Modules of the simulator whose whole name stands in a text."""
    found = {name for text in texts for name in re.findall(rf"\b{re.escape(SIMULATOR)}(?:\.\w+)+", text)}
    return found & modules().keys()


def strings(module: Module) -> list[str]:
    """The constant texts of a module."""
    return [
        node.value for node in ast.walk(module.tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]


def leads_to(module: Module) -> set[str]:
    """Modules that a module imports, with their packages, and those that it starts by name."""
    found = named(strings(module))
    for one in module.imports:
        for name in (one.module, f"{one.module}.{one.name}"):
            parts = name.split(".")
            found |= {".".join(parts[:length]) for length in range(1, len(parts) + 1)} & modules().keys()
    return found


def documented() -> set[str]:
    """Programs that a document tells people to run."""
    paths = [
        path
        for place in DOCUMENTS
        for path in ((ROOT / place).rglob("*.md") if (ROOT / place).is_dir() else [ROOT / place])
    ]
    names = named([path.read_text(encoding="utf-8") for path in paths if path.exists()])
    return {name for name in names if modules()[name].is_program}


@cache
def alive() -> set[str]:
    """All modules that an entry leads to."""
    found: set[str] = set()
    waiting = [*ENTRIES, *documented()]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(leads_to(modules()[name]))
    return found


def reads(module: Module) -> set[str]:
    """Names that a module uses, imports and definitions aside."""
    found = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
    return found


def is_registered(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a decorator or its name has it called: a verb, a hook, a fixture, a door's getter."""
    return bool(function.decorator_list) or function.name.startswith("pytest_") or function.name == "__getattr__"


def functions(module: Module) -> list[str]:
    """Top-level functions that somebody is meant to call."""
    return [
        node.name
        for node in module.tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not is_registered(node) and node.name != "main"
    ]


def test_no_module_is_dead() -> None:
    assert sorted(name for name in modules() if name.startswith(f"{SIMULATOR}.") and name not in alive()) == []


def test_no_function_is_dead() -> None:
    used = {name for module in modules().values() if module.name in alive() for name in reads(module)}
    # A plugged-in name is looked up by its text: `getattr`, `from_this:make`, an adapter's file.
    used |= {
        text
        for module in modules().values()
        for text in strings(module)
        if not module.is_package and text.isidentifier()
    }
    dead = [
        f"{module.name}.{name}"
        for module in modules().values()
        if module.name.startswith(f"{SIMULATOR}.")
        for name in functions(module)
        if name not in used
    ]
    assert dead == FOR_TESTS


def test_an_unused_module_and_function_are_seen() -> None:
    """What the tests above look at is not empty."""
    assert f"{SIMULATOR}.judging.ledger" in alive()
    assert f"{SIMULATOR}.judging.ledger.gone" not in alive()
    assert sum(len(functions(module)) for module in modules().values()) > 400
    assert "no_such_function" not in {name for module in modules().values() for name in reads(module)}
