"""Whether the kit's own code is what it was before foreign code ran beside it.

Why: a collector in Python shares the process with what judges it. One that replaces a function of
the kit is told so, be it by a patch that reaches too far or on purpose. No verdict is made by what
it put there. A look costs half a millisecond, and what it copies
of a forked process's memory.
"""

from __future__ import annotations

import sys
import types
from collections.abc import Iterator
from typing import Any

_KIT = __name__.partition(".")[0]
#: The rooms that make and judge a run.
_ROOMS = tuple(f"{_KIT}.simulator.{room}" for room in ("core", "judging", "runner", "suite"))
_JUDGING = f"{_KIT}.simulator.judging"
_CODE = (types.FunctionType, type, types.BuiltinFunctionType, property)


class Intact:
    """The kit's functions, classes and tables of functions at one moment."""

    def __init__(self) -> None:
        self._spaces = [(space, {**vars(space)}) for space in _spaces()]
        self._tables = [
            (space, name, table, dict(table))
            for space, held in self._spaces
            for name, table in held.items()
            if name != "__builtins__" and isinstance(table, dict) and _holds_code(table)
        ]

    def changed(self) -> str:
        """What is otherwise now, by its name; "" where nothing is."""
        for space, before in self._spaces:
            now = vars(space)
            for name, value in before.items():
                if now.get(name) is not value and isinstance(value, _CODE):
                    return f"{_name_of(space)}.{name}"
        for space, name, table, held in self._tables:
            if len(table) != len(held) or any(table.get(key) is not value for key, value in held.items()):
                return f"{_name_of(space)}.{name}"
        return ""


def _holds_code(table: dict[Any, Any]) -> bool:
    return isinstance(next(iter(table.values()), None), _CODE)


def _spaces() -> Iterator[Any]:
    for name, module in list(sys.modules.items()):
        if name.startswith(_ROOMS) and isinstance(module, types.ModuleType):
            yield module
            if name.startswith(_JUDGING):
                held = list(vars(module).values())
                yield from (one for one in held if isinstance(one, type) and one.__module__ == name)


def _name_of(space: Any) -> str:
    told = f"{space.__module__}.{space.__qualname__}" if isinstance(space, type) else space.__name__
    return str(told).removeprefix(f"{_KIT}.")
