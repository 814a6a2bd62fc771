"""Event files that change hands during the pass: replaced, renamed into place, gone."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from ..core import Step, Window
from ..writers import left, temporary
from .base import Amount, Bench, HazardType


class Replaced(HazardType):
    """Another document is renamed over the name of one that is being collected."""

    about: ClassVar[str] = "event files over whose name another document is renamed during the pass"
    agent_events: ClassVar[bool] = True

    kind: Literal["replaced"] = "replaced"
    amount: Amount = Field(default=1, description="How many such files.")
    events: int = Field(default=1, ge=1, description="How many events each document holds.")

    def add(self, bench: Bench, window: Window) -> None:
        for _ in range(bench.number(self.amount)):
            at = bench.moment(window)
            path = bench.place(at, bench.file(at, self.events))
            other = bench.file(at, self.events)
            temporary = f"{bench.directory}/{other.name}.tmp"
            bench.add(
                Step(window.end, "write", temporary, other.data, labels=left(other.labels), during=True),
                Step(window.end, "rename", temporary, to=path, labels=other.labels, during=True),
            )


class Renamed(HazardType):
    """A careful writer:
    a temporary file in the same directory, renamed into place when it is whole.
    """

    about: ClassVar[str] = "temporary files in the events dir, renamed into place during the pass"
    agent_events: ClassVar[bool] = True

    kind: Literal["renamed"] = "renamed"
    amount: Amount = Field(default=1, description="How many such files.")
    events: int = Field(default=1, ge=1, description="How many events each holds.")
    begun: Literal["before", "during"] = Field(
        default="before", description="When the temporary file is written; it is renamed during the pass."
    )

    def add(self, bench: Bench, window: Window) -> None:
        during = self.begun == "during"
        for _ in range(bench.number(self.amount)):
            # Young enough that no sweep may take it for residue:
            # written in the last tenth of the window.
            ago = 1 + bench.draw.below(max(1, (window.end - window.begin) // 10))
            at = window.end if during else window.end - ago
            written = bench.file(at, self.events)
            aside = f"{bench.directory}/{temporary(bench.draw)}"
            bench.add(
                Step(
                    at, "write", aside, written.data,
                    mode=0o600, labels=left(written.labels), during=during,
                ),
                Step(
                    window.end, "rename", aside,
                    to=f"{bench.directory}/{written.name}", labels=written.labels, during=True,
                ),
            )  # fmt: skip


class Vanishing(HazardType):
    """Event files that are unlinked by their writer during the pass."""

    about: ClassVar[str] = "event files that their writer removes during the pass"
    agent_events: ClassVar[bool] = True

    kind: Literal["vanishing"] = "vanishing"
    amount: Amount = Field(default=1, description="How many such files.")
    events: int = Field(default=1, ge=1, description="How many events each holds.")

    def add(self, bench: Bench, window: Window) -> None:
        for _ in range(bench.number(self.amount)):
            at = bench.moment(window)
            path = bench.place(at, bench.file(at, self.events))
            bench.add(Step(window.end, "unlink", path, during=True))
