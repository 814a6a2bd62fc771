"""What a run is of: all that decides its history, as one value.

Rules: it holds names and numbers, never what is built from them, so that it goes from the parent
into any worker. Whoever makes, judges, exhausts or tells of a run carries it whole.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ..scenario import Scenario, Variant
from ..subjects import Hooks, asked_hooks

#: The clause whose scenarios look at the process around the collector: before and after it is
#: built, and each pass.
GUEST = "run.guest"


@dataclass(frozen=True, slots=True)
class RunSpec:
    """One run. ``subject`` and ``world``: by their names, as users write them."""

    scenario: Scenario
    seed: int
    subject: str
    world: str
    #: The one thing more that happens.
    variant: Variant | None = None
    #: The same run in which the attackers do not exist.
    without_attackers: bool = False
    #: The kit asks for each pass, even where the scenario is about a collector's own thread.
    pass_by_pass: bool = False
    #: Only its cost is measured.
    weighed: bool = False
    #: From this pass on no fault strikes (``simulator.suite.liveness``).
    heals_at: int | None = None
    #: Whether the calls of a program are heard.
    hooks: Hooks = field(default_factory=asked_hooks)

    @property
    def is_heard(self) -> bool:
        """Whether calls pass the seam: in the real world recording must not be measured."""
        return not (self.weighed and self.world == "real")

    @property
    def is_looked_at(self) -> bool:
        """Whether the process around the collector is compared with what it was."""
        return GUEST in self.scenario.clauses and self.variant is None and not self.weighed
