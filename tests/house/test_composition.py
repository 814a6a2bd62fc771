"""A run, a suite and a user's world are made of parts, not of subclasses that change what lies
within (docs/adr/0022).

Rules: no class of the kit overrides a private method of another class of the kit. In the rooms that
make runs no class has a name that these rooms ask an object for: what a collector may lack is asked
of the collector, and nothing stands for it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

from .source import SIMULATOR, Module, modules

#: Where runs are made and driven. Adapters of subjects stand for collectors on purpose.
MAKERS = {"lint", "load", "pytest_plugin", "runner", "suite", "testing"}


def simulator() -> list[Module]:
    return [module for module in modules().values() if module.name.startswith(f"{SIMULATOR}.")]


def classes(found: Iterable[Module]) -> Iterator[ast.ClassDef]:
    """All of them, those within functions too."""
    for module in found:
        yield from (node for node in ast.walk(module.tree) if isinstance(node, ast.ClassDef))


def methods(one: ast.ClassDef) -> set[str]:
    return {node.name for node in one.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.endswith("__")


def bases(one: ast.ClassDef) -> set[str]:
    """The last names of its bases, type arguments aside."""
    plain = (base.value if isinstance(base, ast.Subscript) else base for base in one.bases)
    return {ast.unparse(base).rpartition(".")[2] for base in plain}


def overridden(found: Iterable[Module]) -> list[str]:
    """Private methods that a subclass has again, as ``Class._method``. A base is known by its name.
    """
    known: dict[str, list[ast.ClassDef]] = {}
    for one in classes(found):
        known.setdefault(one.name, []).append(one)
    told = []
    for one in (one for same in known.values() for one in same):
        waiting, above = bases(one), set[str]()
        while waiting:
            name = waiting.pop()
            if name not in above:
                above.add(name)
                waiting |= {base for met in known.get(name, []) for base in bases(met)}
        inherited = {name for base in above for met in known.get(base, []) if met is not one for name in methods(met)}
        told += [f"{one.name}.{name}" for name in sorted(methods(one) & inherited) if is_private(name)]
    return sorted(told)


def asked(module: Module) -> set[str]:
    """Names in a ``hasattr``, where they are written there."""
    calls = (node for node in ast.walk(module.tree) if isinstance(node, ast.Call))
    probes = (call.args[1] for call in calls if ast.unparse(call.func) == "hasattr")
    return {str(name.value) for name in probes if isinstance(name, ast.Constant)}


def stubs(found: Iterable[Module]) -> list[str]:
    """Classes that have a method for which an object is asked, as ``Class.method``."""
    found = list(found)
    names = {name for module in found for name in asked(module)}
    return sorted(f"{one.name}.{name}" for one in classes(found) for name in methods(one) & names)


def test_no_subclass_overrides_a_private_method() -> None:
    assert overridden(simulator()) == []


def test_nothing_stands_for_what_a_collector_may_lack() -> None:
    assert stubs(module for module in simulator() if module.room in MAKERS) == []


def test_what_is_looked_at_is_not_empty() -> None:
    makers = [module for module in simulator() if module.room in MAKERS]
    assert {module.room for module in makers} == MAKERS
    assert "collect_agent_events" in {name for module in makers for name in asked(module)}
    assert sum(bool(bases(one)) for one in classes(simulator())) > 50


# --- the looking itself ---------------------------------------------------------------------------------------------------

SAMPLE = """
class Base(Generic[T]):
    def _drive(self): ...
    def told(self): ...
    def __len__(self): ...

class Middle(one.module.Base[int]): ...

def function():
    class Inner(Middle):
        def _drive(self): ...
        def told(self): ...
        def __len__(self): ...
        def _own(self): ...

class Stub:
    def collect_agent_events(self): ...
    def told(self): ...

hasattr(thing, "collect_agent_events"), getattr(thing, "told")
"""


def sample(folder: Path, text: str = SAMPLE) -> list[Module]:
    path = folder / "sample.py"
    path.write_text(text)
    return [Module("sample", path, is_package=False)]


def test_an_override_is_seen_over_two_classes_and_within_a_function(tmp_path: Path) -> None:
    assert overridden(sample(tmp_path)) == ["Inner._drive"]


def test_a_stub_is_seen(tmp_path: Path) -> None:
    assert stubs(sample(tmp_path)) == ["Stub.collect_agent_events"]
