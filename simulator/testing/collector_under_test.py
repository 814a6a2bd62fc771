"""The collector that a user's own tests are about: by its name, or a factory of the test's own."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from ..base import BadInput
from ..safe import safe
from ..subjects import Factory, Subject, capabilities_of, hook_early, is_program, resolve


class CollectorUnderTest:
    """A collector by its name, in any form that ``simulate --collector`` takes.

    Called, it builds one in this process, from the arguments of a factory:
    ``collector(log_dir, agent_events_dir, sender, **settings)``.
    """

    def __init__(self, spec: str) -> None:
        self.spec = spec

    @cached_property
    def factory(self) -> Factory:
        """The factory itself; a module of the user's is imported as ever, not anew.

        Raises BadInput.
        """
        if is_program(self.spec):
            raise BadInput(
                "a program cannot be built in the test's own process",
                where=safe(self.spec),
                hint="run(scenario, collector=...) makes its passes",
            )
        kind, _, rest = self.spec.partition(":")
        if kind != "py":
            return resolve(self.spec).load()
        module, _, name = rest.partition(":")
        try:
            factory: Factory = getattr(importlib.import_module(module), name)
        except (ImportError, AttributeError) as error:
            raise BadInput(str(error), where=self.spec) from None
        return factory

    @property
    def capabilities(self) -> Mapping[str, Any]:
        """What it declares."""
        return capabilities_of(self.factory)

    def __call__(self, log_dir: Any, agent_events_dir: Any, sender: Any, **settings: Any) -> Any:
        return self.factory(log_dir, agent_events_dir, sender, **settings)


def subject_of(collector: CollectorUnderTest | Factory | str) -> Subject:
    """What a worker makes passes with; call it there, behind its hooks. Raises BadInput."""
    if isinstance(collector, CollectorUnderTest):
        collector = collector.spec
    return resolve(collector) if isinstance(collector, str) else _of_factory(collector)


def _of_factory(factory: Factory) -> Subject:
    """A factory of this process: what its modules bound before the hooks is hooked.

    Raises BadInput where that cannot be.
    """
    name = getattr(factory, "__module__", None) or type(factory).__module__
    left = hook_early(name)
    if left:
        what = f"{left[0]} holds a function of the system that cannot be hooked"
        raise BadInput(what, where=name, hint="name it in a tuple or a list, not in a set")
    return Subject(f"{name}.{getattr(factory, '__qualname__', type(factory).__qualname__)}", lambda: factory)
