"""What the runner needs of a collector under test."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import cached_property
from types import ModuleType
from typing import Any, Protocol

from ..base import BadInput
from ..safe import safe
from .mistakes import users_mistakes

#: What some capabilities must be to mean anything; of the others any true value means that they are there.
_FORMS: dict[str, tuple[tuple[type, ...], str]] = {
    "quota": ((int,), "a number of events, or False"),
    "settings": ((list, tuple, set, frozenset, Mapping), "a list of names"),
    "delivery": ((str, list, tuple, bool), "a list of modes"),
}


class Collector(Protocol):
    """The object that a factory returns; ``collect_agent_events`` is optional."""

    def collect(self) -> Any: ...


#: ``factory(log_dir, agent_events_dir, sender, **settings)``, with ``capabilities`` beside it.
Factory = Callable[..., Collector]


class Subject:
    """A collector that can be built again and again, each time with fresh module state.

    ``spec``: as the user wrote it; ``load``: returns the factory, freshly loaded; ``home``: the
    module that it is loaded as.
    """

    def __init__(self, spec: str, load: Callable[[], Factory], home: str = "") -> None:
        self.spec = spec
        self.load = load
        self._home = home

    def module(self) -> ModuleType | None:
        """The module that was loaded last, where it is one of this process."""
        return sys.modules.get(self._home)

    @cached_property
    def capabilities(self) -> Mapping[str, Any]:
        """What it declares; it is loaded once for that."""
        return capabilities_of(self.load())


def capabilities_of(factory: Factory) -> Mapping[str, Any]:
    """What a factory declares, or nothing. Raises BadInput for what cannot be meant so."""
    with users_mistakes("the factory's capabilities"):
        declared = getattr(factory, "capabilities", {})
        if isinstance(declared, Mapping):
            declared = dict(declared)
    if not isinstance(declared, Mapping):
        raise BadInput(f"is a {type(declared).__name__}, a mapping of names to values is expected", where="the factory's capabilities")
    for name, (kinds, expected) in _FORMS.items():
        if name in declared and not isinstance(declared[name], kinds):
            raise BadInput(f"{name!r} is {safe(repr(declared[name]), 60)}, {expected} is expected", where="the factory's capabilities")
    return declared
