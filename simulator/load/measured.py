"""All that a load measured: what its report is made of."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from ..base import SECOND
from ..core import Limits
from .accounting import Books
from .explain import Told
from .options import Course, Orders
from .percentiles import Spread
from .process_stats import WARM, Watch
from .sink import Pass
from .sink_input import Inflow


@dataclass
class Measured:
    """``lacking``: settings that the collector does not offer;
    ``rail``, ``broke``, ``agent_ended``: why it ended early, or "".
    """

    orders: Orders
    course: Course
    limits: Limits
    books: Books
    told: Told = field(default_factory=Told)
    pass_seconds: Spread = field(default_factory=Spread)
    pass_errors: Counter[str] = field(default_factory=Counter)
    last_pass: float = 0.0
    watch: Watch | None = None
    inflow: Inflow | None = None
    lacking: tuple[str, ...] = ()
    stderr: tuple[str, ...] = ()
    broke: str = ""
    rail: str = ""
    agent_ended: str = ""
    interrupted: bool = False
    writing_seconds: float = 0.0
    seconds: float = 0.0
    writers: int = 0

    @property
    def sink_read(self) -> bool:
        """Whether what was delivered is known."""
        return self.inflow is not None and not self.inflow.unreadable

    @property
    def warm(self) -> float:
        """Seconds from the start after which the agent's memory may not grow."""
        return min(WARM, self.course.end / SECOND / 3)

    @property
    def stopped_early(self) -> bool:
        return bool(self.interrupted or self.rail or self.broke or self.agent_ended)

    def passed(self, one: Pass, delivered: Counter[str]) -> None:
        """A pass ended, in which so many events of each extension arrived."""
        self.last_pass = (one.end - one.begin) / SECOND
        self.pass_seconds.add(self.last_pass)
        if one.error:
            self.pass_errors[one.error] += 1
        self.told.take(one, delivered, self.limits.quota)
