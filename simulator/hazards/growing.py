"""Files that grow or shrink while a collector looks at them."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from ..core import MALFORMED, OVERSIZE_FILE, Step, Window
from ..writers import COMPACT, document, fallen
from .base import Amount, Bench, HazardType


class Growing(HazardType):
    """A list that gets longer during the pass,
    or a file that outgrows the size limit once looked at.
    """

    about: ClassVar[str] = "list files rewritten or appended to while they are read, or grown past the size limit"

    kind: Literal["growing"] = "growing"
    amount: Amount = Field(default=1, description="How many such files.")
    how: Literal["rewrite", "append", "past-limit", "endless"] = Field(
        default="rewrite",
        description=(
            "rewrite: the whole list again with one event more; append: by events, no JSON until the last; "
            "past-limit: white space until the file is over the size limit; endless: events, and never an end."
        ),
    )
    rounds: int = Field(default=3, ge=1, description="How often it grows during the pass.")

    def add(self, bench: Bench, window: Window) -> None:
        grow = {
            "rewrite": self._rewrite,
            "append": self._append,
            "past-limit": self._past_limit,
            "endless": self._append,
        }[self.how]
        for _ in range(bench.number(self.amount)):
            at = bench.moment(window)
            grow(bench, at, window.end, bench.path(at))

    def _rewrite(self, bench: Bench, at: int, end: int, path: str) -> None:
        events = bench.events(at, 1 + self.rounds)
        for count in range(1, len(events) + 1):
            written = document("", events[:count], COMPACT, as_list=True)
            first = count == 1
            bench.write(at if first else end, path, written.data, written.labels, during=not first)

    def _append(self, bench: Bench, at: int, end: int, path: str) -> None:
        events = bench.events(at, 1 + self.rounds)
        labels = tuple(one.label for one in events)
        bench.write(at, path, f"[{events[0].data}".encode(), fallen(labels[:1], MALFORMED))
        for count in range(2, len(events) + 1):
            last = count == len(events) and self.how != "endless"
            data = f",{events[count - 1].data}{']' if last else ''}".encode()
            held = labels if last else fallen(labels[:count], MALFORMED)
            bench.add(Step(end, "append", path, data, labels=held, during=True))

    def _past_limit(self, bench: Bench, at: int, end: int, path: str) -> None:
        written = bench.file(at)
        bench.write(at, path, written.data, written.labels)
        part, size = bench.limits.file_size // self.rounds, len(written.data)
        for index in range(1, self.rounds + 1):
            target = part * index if index < self.rounds else bench.limits.file_size + 1
            growth = max(0, target - size)
            size += growth
            labels = written.labels if size <= bench.limits.file_size else fallen(written.labels, OVERSIZE_FILE)
            bench.add(Step(end, "append", path, b" " * growth, labels=labels, during=True))


class Shrinking(HazardType):
    """A list that is shorter than it was, once it was looked at:
    what a size or a first part told is no longer so.
    """

    about: ClassVar[str] = "list files rewritten shorter, cut in the middle or emptied during the pass"

    kind: Literal["shrinking"] = "shrinking"
    amount: Amount = Field(default=1, description="How many such files.")
    events: int = Field(default=4, ge=2, description="How many events each holds at first.")
    how: Literal["rewrite", "cut", "empty"] = Field(
        default="rewrite", description="rewrite: a sound list of the first event alone; cut: no JSON any more; empty: no byte is left."
    )

    def add(self, bench: Bench, window: Window) -> None:
        for _ in range(bench.number(self.amount)):
            at = bench.moment(window)
            events = bench.events(at, self.events)
            whole = document(bench.name(at), events, COMPACT, as_list=True)
            path = bench.place(at, whole)
            if self.how == "rewrite":
                shorter = document(whole.name, events[:1], COMPACT, as_list=True)
                bench.write(window.end, path, shorter.data, shorter.labels, during=True)
                continue
            size = len(whole.data) // 2 if self.how == "cut" else 0
            labels = fallen(whole.labels, MALFORMED)
            bench.add(Step(window.end, "truncate", path, size=size, labels=labels, during=True))
