"""Documents that a collector meets half written."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from ..core import MALFORMED, Step, Window
from ..writers import fallen
from .base import Amount, Bench, HazardType


class Torn(HazardType):
    """A document is written in two steps; what lies between them is no JSON."""

    about: ClassVar[str] = "documents written in two steps, with a pass between them or over them"
    agent_events: ClassVar[bool] = True

    kind: Literal["torn"] = "torn"
    amount: Amount = Field(default=1, description="How many such files.")
    events: int = Field(default=1, ge=1, description="How many events each holds.")
    completed: Literal["before", "during", "next", "never", "removed"] = Field(
        default="during",
        description="When the rest is written: before the pass, during it, before the next one, or never; removed: the writer gives up during the pass.",
    )
    how: Literal["append", "rename"] = Field(
        default="append",
        description="How it is completed: in place, or by renaming a whole document over it.",
    )

    def add(self, bench: Bench, window: Window) -> None:
        for index in range(bench.number(self.amount)):
            at = bench.moment(window)
            whole = bench.file(at, self.events)
            path = f"{bench.directory}/{whole.name}"
            # Cut inside the last string: no prefix of the document is a document.
            half = max(1, len(whole.data) * bench.draw.between(2, 8) // 10)
            bench.write(at, path, whole.data[:half], fallen(whole.labels, MALFORMED))
            if self.completed == "removed":
                bench.add(Step(window.end, "unlink", path, during=True))
            later = self._later(bench, window)
            if later is None:
                continue
            during = self.completed == "during"
            if self.how == "append":
                bench.add(Step(later, "append", path, whole.data[half:], labels=whole.labels, during=during))
                continue
            temporary = f"{bench.directory}/{whole.name}.{index}.tmp"
            bench.add(
                Step(later, "write", temporary, whole.data, during=during),
                Step(later, "rename", temporary, to=path, labels=whole.labels, during=during),
            )

    def _later(self, bench: Bench, window: Window) -> int | None:
        if self.completed == "before":
            return window.end - 1
        if self.completed == "during":
            return window.end
        if self.completed == "next":
            following = [one for one in bench.assignment.windows if one.begin >= window.end]
            return bench.moment(following[0]) if following else None
        return None
