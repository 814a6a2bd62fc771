"""Hooks for code that took its functions before they were hooked.

``from os import listdir`` binds a name once, at import. A collector loaded after the seam was
installed binds the hooked functions. One that was imported earlier keeps the real ones, and its
calls would be seen by nobody. ``rebind`` replaces them wherever a module can hold a function; where
it cannot, it says so. Look also at ``simulator.world.escape``, which sees what is left.
"""

from __future__ import annotations

import builtins
import datetime
import functools
import io
import os
import random
import threading
import time
import types
from collections.abc import Callable, Iterator
from typing import Any

#: Where hooked functions and classes stand today.
_HOOKED_MODULES = (os, io, builtins, time, datetime, random, threading)


def _replacements() -> dict[int, Any]:
    """The hooked form of each real function or class, by the real one's id."""
    found: dict[int, Any] = {}
    for module in _HOOKED_MODULES:
        for value in list(vars(module).values()):
            real = getattr(value, "__dict__", {}).get("etp_real")
            if real is not None:
                found[id(real)] = value
    return found


def rebind(*modules: types.ModuleType) -> list[str]:
    """Replace real functions that the modules hold by the hooked ones.

    Looked at are its names, and in its own functions and classes: defaults, keyword defaults,
    closures and class attributes. So is what lists, dicts, tuples and partials among these hold.
    Returns where a real function had to stay, as dotted places.
    """
    hooked = _replacements()
    left: list[str] = []
    for module in modules:
        walk = _Walk(module.__name__, hooked)
        walk.mapping(vars(module), module.__name__)
        left += walk.left
    return left


class _Walk:
    def __init__(self, module_name: str, hooked: dict[int, Any]) -> None:
        self._module = module_name
        self._hooked = hooked
        self._seen: set[int] = set()
        self.left: list[str] = []

    def value(self, value: Any, place: str) -> Any:
        """What should stand where this value stands: the same, or its hooked form."""
        if id(value) in self._hooked:
            return self._hooked[id(value)]
        if isinstance(value, staticmethod):
            inner = self.value(value.__func__, place)
            return value if inner is value.__func__ else staticmethod(inner)
        if isinstance(value, functools.partial):
            return self._partial(value, place)
        if type(value) is tuple:
            items = tuple(self.value(item, f"{place}[{i}]") for i, item in enumerate(value))
            return value if all(new is old for new, old in zip(items, value, strict=True)) else items
        if id(value) not in self._seen:
            self._seen.add(id(value))
            self._inside(value, place)
        return value

    def _partial(self, value: functools.partial[Any], place: str) -> Any:
        function = self.value(value.func, place)
        return value if function is value.func else functools.partial(function, *value.args, **value.keywords)

    def _inside(self, value: Any, place: str) -> None:
        if isinstance(value, types.FunctionType):
            if value.__module__ == self._module:
                self._function(value, place)
        elif isinstance(value, (classmethod, types.MethodType)):
            self.value(value.__func__, place)
        elif isinstance(value, property):
            for accessor in (value.fget, value.fset, value.fdel):
                self.value(accessor, place)
        elif isinstance(value, type):
            if value.__module__ == self._module:
                for name, item in list(vars(value).items()):
                    self._set(item, f"{place}.{name}", functools.partial(setattr, value, name))
        elif type(value) is dict:
            self.mapping(value, place)
        elif type(value) is list:
            for i, item in enumerate(value):
                self._set(item, f"{place}[{i}]", functools.partial(value.__setitem__, i))
        elif isinstance(value, (set, frozenset)):
            self.left.extend(f"{place}{{}}" for item in value if id(item) in self._hooked)

    def mapping(self, mapping: dict[Any, Any], place: str) -> None:
        for name, item in list(mapping.items()):
            self._set(item, f"{place}.{name}", functools.partial(mapping.__setitem__, name))

    def _function(self, function: types.FunctionType, place: str) -> None:
        if function.__defaults__:
            function.__defaults__ = self.value(function.__defaults__, f"{place}.__defaults__")
        if function.__kwdefaults__:
            self.mapping(function.__kwdefaults__, f"{place}.__kwdefaults__")
        for cell in function.__closure__ or ():
            for contents in _contents(cell):
                self._set(contents, f"{place}.__closure__", functools.partial(setattr, cell, "cell_contents"))
        wrapped = getattr(function, "__wrapped__", None)
        if wrapped is not None:
            self.value(wrapped, f"{place}.__wrapped__")

    def _set(self, old: Any, place: str, put: Callable[[Any], object]) -> None:
        new = self.value(old, place)
        if new is old:
            return
        try:
            put(new)
        except (AttributeError, TypeError):
            self.left.append(place)


def _contents(cell: types.CellType) -> Iterator[Any]:
    try:
        yield cell.cell_contents
    except ValueError:  # not filled yet
        return
