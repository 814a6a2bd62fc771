"""What a package is when it has just been loaded, to tell later whether a run left a trace in it.

Loading a collector anew costs more than many a run of it. A package in which nothing differs from
what was loaded is as good as a fresh one, so it need not be loaded again.

Rules: everything that the package's modules reach is looked at, down to values that cannot change.
It ends at what lies outside the package as well, which a fresh load would leave as it is. Whatever
may hide a state of its own makes an imprint opaque, and that never holds.
"""

from __future__ import annotations

import abc
import gc
import logging
import re
import sys
import types
from collections import namedtuple
from collections.abc import Callable, Collection, Iterable, Mapping
from enum import Enum
from functools import _lru_cache_wrapper
from importlib.machinery import ModuleSpec
from itertools import chain
from json import JSONDecoder
from operator import attrgetter, is_, itemgetter, methodcaller
from typing import Any

#: Types of the standard library whose values do not change, or not so that anybody could tell.
_CONSTANT: tuple[type, ...] = (
    str, bytes, int, float, complex, types.NoneType, types.EllipsisType, types.CodeType, Enum, re.Pattern, JSONDecoder,
    ModuleSpec, attrgetter, itemgetter, types.GetSetDescriptorType, types.MemberDescriptorType,
    types.MethodDescriptorType, types.WrapperDescriptorType, types.ClassMethodDescriptorType,
    type(vars(namedtuple("_Pair", "one"))["one"]),
)  # fmt: skip

_attributes_of = attrgetter("__dict__")
_of_logger = attrgetter("level", "propagate", "disabled", "parent")


#: Of a module, what the import system puts there.
_OF_IMPORT = {"__builtins__", "__loader__", "__spec__"}

#: Of an abstract class: what is registered has a token, and the rest is a cache.
_OF_ABSTRACTION = {"_abc_impl"}


class _Contents:
    """What a number of mappings or lists hold, by identity: an equal object in place of another is
    a change. All of them are looked at in one go, as each run of a collector ends with that.
    """

    def __init__(self, values: Callable[[Any], Iterable[Any]], names: Callable[[Any], Iterable[Any]]) -> None:
        """Of one mapping or list: ``values`` are compared by identity, ``names`` as texts."""
        self._values_of = values
        self._names_of = names
        self._kept: list[Any] = []
        self._lengths: list[int] = []
        self._names: list[Any] = []
        self._values: list[Any] = []

    def keep(self, one: Any) -> None:
        self._kept.append(one)
        self._lengths.append(len(one))
        self._names += self._names_of(one)
        self._values += self._values_of(one)

    def are_as_kept(self) -> bool:
        if list(map(len, self._kept)) != self._lengths:
            return False
        values = chain.from_iterable(map(self._values_of, self._kept))
        names = chain.from_iterable(map(self._names_of, self._kept))
        return all(map(is_, values, self._values)) and list(names) == self._names


class Imprint:
    """Taken of a package right after it was loaded. ``modules``: the names of all that it has."""

    def __init__(self, package: str, modules: Iterable[str]) -> None:
        self._package = package
        self._modules = {name: sys.modules.get(name) for name in modules}
        #: The first thing found that may hide a state of its own, "" for none.
        self.opaque = ""
        self._seen: dict[int, Any] = {}  # keeps what it names alive
        self._spaces = _Contents(methodcaller("values"), iter)
        self._lists = _Contents(iter, lambda _: ())
        self._sets: list[tuple[set[Any], set[Any]]] = []
        self._cells: list[tuple[types.CellType, Any]] = []
        self._functions: list[types.FunctionType] = []
        self._plain: list[types.FunctionType] = []  # those among them that have no attribute
        self._loggers: list[tuple[logging.Logger, Any]] = []
        self._caches: list[_lru_cache_wrapper[Any]] = []
        self._registrations = abc.get_cache_token()
        for name, module in self._modules.items():
            self._look(module, name)
        self._referents = gc.get_referents(*self._functions)

    # --- is it still so? --------------------------------------------------------------------------------------------------

    def holds(self) -> bool:
        """Whether all is as it was; caches of functions are emptied for that."""
        for cache in self._caches:
            cache.cache_clear()
        return (
            not self.opaque
            and self._registrations == abc.get_cache_token()
            and all(sys.modules.get(name) is module for name, module in self._modules.items())
            and self._spaces.are_as_kept()
            and self._lists.are_as_kept()
            and all(now == then for now, then in self._sets)
            and all(cell.cell_contents is held for cell, held in self._cells)
            and self._functions_are_as_kept()
            and all(_logger(logger) == then for logger, then in self._loggers)
        )

    def _functions_are_as_kept(self) -> bool:
        """By what they refer to: code, defaults, closure and the rest, in one call. To ask each
        for its code and defaults raises three audit events, which the escape detector hears.
        """
        if any(map(_attributes_of, self._plain)):
            return False
        now = gc.get_referents(*self._functions)
        return len(now) == len(self._referents) and all(map(is_, now, self._referents))

    # --- looking ----------------------------------------------------------------------------------------------------------

    def _look(self, value: Any, place: str) -> None:
        """Keep what of the value can change, and look at all that it holds."""
        if id(value) in self._seen:
            return
        self._seen[id(value)] = value
        looks = _LOOKS.get(type(value))
        if looks is not None:
            looks(self, value, place)
        elif isinstance(value, type):
            self._class(value, place)
        elif self._is_ours(type(value).__module__):
            self._instance(value, place)
        elif not isinstance(value, _CONSTANT):
            self.opaque = self.opaque or f"{place}: {type(value).__name__}"

    def _is_ours(self, name: str) -> bool:
        return name == self._package or name.startswith(f"{self._package}.")

    def _is_outside(self, module: str) -> bool:
        """Whether what a module of this name defines would be the same after a fresh load."""
        return module in sys.modules and not self._is_ours(module)

    def _each(self, values: Iterable[Any], place: str) -> None:
        for value in values:
            self._look(value, place)

    def _space(self, space: Mapping[Any, Any], place: str) -> None:
        self._keep(space, place)
        self._each(space, place)

    def _keep(self, space: Mapping[Any, Any], place: str, known: Collection[str] = ()) -> None:
        """Names and what they stand for; what these hold, but for the known ones."""
        self._spaces.keep(space)
        for name, value in space.items():
            if name not in known:
                self._look(value, f"{place}.{name}")

    def _module(self, module: types.ModuleType, place: str) -> None:
        if self._modules.get(module.__name__) is module:
            self._keep(vars(module), place, _OF_IMPORT)

    def _list(self, value: list[Any], place: str) -> None:
        self._lists.keep(value)
        self._each(value, place)

    def _set(self, value: set[Any], place: str) -> None:
        self._sets.append((value, set(value)))
        self._each(value, place)

    def _class(self, value: type, place: str) -> None:
        if self._is_outside(value.__module__):
            return
        if type(value) not in {type, abc.ABCMeta}:
            self.opaque = self.opaque or f"{place}: a class of {type(value).__name__}"
            return
        self._keep(vars(value), place, _OF_ABSTRACTION)
        self._each(value.__bases__, place)

    def _function(self, value: types.FunctionType, place: str) -> None:
        if value.__closure__ is None and self._is_outside(value.__module__):
            return
        self._functions.append(value)
        for space in (value.__kwdefaults__, value.__dict__):
            if space:
                self._space(space, place)
        if not value.__dict__:
            self._plain.append(value)
        self._each((value.__defaults__, value.__closure__), place)

    def _cell(self, value: types.CellType, place: str) -> None:
        try:
            held = value.cell_contents
        except ValueError:
            self.opaque = self.opaque or f"{place}: an empty cell"
            return
        self._cells.append((value, held))
        self._look(held, place)

    def _cache(self, value: _lru_cache_wrapper[Any], place: str) -> None:
        self._caches.append(value)
        self._space(vars(value), place)

    def _logger(self, value: logging.Logger, place: str) -> None:  # noqa: ARG002 - one form for every type
        if self._is_ours(value.name):
            self._loggers.append((value, _logger(value)))

    def _instance(self, value: Any, place: str) -> None:
        """Of a class of the package: what it holds itself, unless it is built upon something that
        may hold more.
        """
        mine = [one for one in type(value).__mro__ if self._is_ours(one.__module__)]
        if any(one not in {*mine, object} for one in type(value).__mro__) or any(
            "__slots__" in vars(one) for one in mine
        ):
            self.opaque = self.opaque or f"{place}: {type(value).__name__}"
            return
        self._space(object.__getattribute__(value, "__dict__"), place)


def _logger(logger: logging.Logger) -> tuple[Any, ...]:
    return *_of_logger(logger), list(logger.handlers), list(logger.filters)


_LOOKS: dict[type, Callable[[Imprint, Any, str], None]] = {
    types.ModuleType: Imprint._module,
    dict: Imprint._space,
    list: Imprint._list,
    set: Imprint._set,
    tuple: Imprint._each,
    frozenset: Imprint._each,
    types.FunctionType: Imprint._function,
    types.CellType: Imprint._cell,
    _lru_cache_wrapper: Imprint._cache,
    logging.Logger: Imprint._logger,
    staticmethod: lambda self, value, place: self._look(value.__func__, place),
    classmethod: lambda self, value, place: self._look(value.__func__, place),
    types.MethodType: lambda self, value, place: self._each((value.__self__, value.__func__), place),
    types.BuiltinFunctionType: lambda self, value, place: self._look(value.__self__, place),
    type(re.compile("").match): lambda self, value, place: self._look(value.__self__, place),
    property: lambda self, value, place: self._each((value.fget, value.fset, value.fdel), place),
}
