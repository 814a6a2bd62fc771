"""One pass of a program in progress: what it was asked for, and what it has said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ..core import PassKind
from ..subjects import messages
from .ageing import Seen

#: What of a program's answers is a point of its run: what is asked of the sender.
POINTS = {"event": "deliver", "refused": "deliver", "flush": "flush"}
#: Makes records of an answer.
Take = Callable[[messages.Answer], None]


@dataclass(slots=True)
class ProgramPass:
    """``before``: what lay there when it began."""

    kind: PassKind
    script: messages.Script
    before: dict[str, Seen]
    deliveries: int = 0
    flushes: int = 0
    unconfirmed: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    notices: list[dict[str, Any]] = field(default_factory=list)
    ledger: Any = None
    #: Calls whose order was the machine's.
    hurried: int = 0
    #: How it ended.
    end: str = "returned"

    @property
    def is_dead(self) -> bool:
        """Whether its process did not survive it."""
        return self.end != "returned"
