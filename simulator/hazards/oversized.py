"""Files at the size limit and over it."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from ..core import OVERSIZE_FILE, Step, Window
from ..writers import fallen, trying
from .base import Amount, Bench, HazardType


class Oversized(HazardType):
    """Valid files padded with white space:
    some of exactly the largest size, some of one byte more.
    """

    about: ClassVar[str] = "valid files padded to exactly the largest size, and beyond it"
    agent_events: ClassVar[bool] = True

    kind: Literal["oversized"] = "oversized"
    exact: Amount = Field(default=1, description="How many files of exactly the limit; they are collected.")
    over: Amount = Field(default=1, description="How many files over the limit; they are refused.")
    sparse: Amount = Field(default=0, description="How many sparse files over the limit: zeros, but no blocks.")
    excess: int = Field(default=1, ge=1, description="By how many bytes those are over the limit.")

    def add(self, bench: Bench, window: Window) -> None:
        limit = bench.limits.file_size
        exact, over = bench.number(self.exact), bench.number(self.over)
        sizes = [limit] * exact + [limit + self.excess] * over
        for size in sizes:
            at = bench.moment(window)
            written = bench.file(at)
            labels = trying(written.labels, "select.size")
            labels = labels if size <= limit else fallen(labels, OVERSIZE_FILE)
            padded = written.data.ljust(size)  # white space after the element: that is no part of it
            bench.write(at, f"{bench.directory}/{written.name}", padded, labels)
        for _ in range(bench.number(self.sparse)):
            at = bench.moment(window)
            path = bench.path(at)
            labels = fallen((), OVERSIZE_FILE)
            bench.write(at, path, b"", labels)
            bench.add(Step(at, "truncate", path, size=limit + self.excess, labels=labels))
