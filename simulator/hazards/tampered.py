"""Event files that something happens to during the pass,
whatever the collector is about to do with them.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from ..core import IRREGULAR, OVERSIZE_FILE, Document, Step, Window
from ..writers import fallen, left
from .base import Amount, Bench, HazardType


class Tampered(HazardType):
    """A valid event file, changed in one step while the collector is at work.

    The label is what the file is worth to a collector that comes after the step;
    one that was faster has the event.
    """

    about: ClassVar[str] = "event files made sparse or unremovable, linked or renamed during the pass"
    agent_events: ClassVar[bool] = True

    kind: Literal["tampered"] = "tampered"
    amount: Amount = Field(default=1, description="How many such files.")
    how: Literal["sparse", "unremovable", "linked", "renamed"] = Field(
        default="sparse",
        description=(
            "sparse: a hole up to one byte over the size limit; unremovable: removing gives EPERM; linked: a second name outside; "
            "renamed: to a name that is no event file's."
        ),
    )

    def add(self, bench: Bench, window: Window) -> None:
        for _ in range(bench.number(self.amount)):
            at = bench.moment(window)
            written = bench.file(at)
            path = bench.place(at, written)
            bench.add(self._step(bench, window.end, path, written))

    def _step(self, bench: Bench, at: int, path: str, written: Document) -> Step:
        labels = written.labels
        if self.how == "sparse":
            beyond = bench.limits.file_size + 1
            return Step(at, "truncate", path, size=beyond, labels=fallen(labels, OVERSIZE_FILE), during=True)
        if self.how == "unremovable":
            return Step(at, "immutable", path, during=True)
        if self.how == "linked":
            other = f"{bench.directory_outside()}/{written.name}"
            return Step(at, "link", path, to=other, labels=fallen(labels, IRREGULAR), during=True)
        odd = f"{bench.directory}/{written.name}\x1b[31m\n"
        return Step(at, "rename", path, to=odd, labels=left(labels), during=True)
