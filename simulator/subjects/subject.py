"""What the runner needs of a collector under test."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol


class Collector(Protocol):
    """The object that a factory returns; ``collect_agent_events`` is optional."""

    def collect(self) -> Any: ...


#: ``factory(log_dir, agent_events_dir, sender, **settings)``, with ``capabilities`` beside it.
Factory = Callable[..., Collector]


class Subject:
    """A collector that can be built again and again, each time with fresh module state.

    ``spec``: as the user wrote it; ``load``: returns the factory, freshly loaded.
    """

    def __init__(self, spec: str, load: Callable[[], Factory]) -> None:
        self.spec = spec
        self.load = load


def capabilities_of(factory: Factory) -> Mapping[str, Any]:
    """What a factory declares, or nothing."""
    declared = getattr(factory, "capabilities", {})
    return declared if isinstance(declared, Mapping) else {}
