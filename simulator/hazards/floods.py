"""Too much of everything:
event files beyond the quota, temporary files, files that cannot be removed.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from ..core import Step, Window
from ..writers import temporary
from .base import Amount, Bench, HazardType


class Flood(HazardType):
    """Valid event files far over the quota;
    in the agent's events dir, which has none, each is one legacy event.
    """

    about: ClassVar[str] = "valid event files far over the quota, if wanted under names of all widths"
    agent_events: ClassVar[bool] = True

    kind: Literal["flood"] = "flood"
    amount: Amount = Field(default="3*quota", description="How many events.")
    per_file: int = Field(default=1, ge=1, description="How many share a file.")
    mixed: bool = Field(default=False, description="Names of 10, 13, 16 and 19 digits side by side.")

    def add(self, bench: Bench, window: Window) -> None:
        rest = bench.number(self.amount)
        seconds: set[str] = set()
        while rest:
            count = 1 if bench.agent else min(rest, self.per_file)
            rest -= count
            at = bench.moment(window)
            written = bench.file(at, count)
            name = written.name
            if self.mixed:
                number, _, suffix = name.partition(".")
                shapes = [f"{number}.{suffix}", f"{number}000.{suffix}", f"{number}000000.{suffix}"]
                if number[:10] not in seconds:  # one a second, or one would overwrite the other
                    shapes.append(f"{number[:10]}.{suffix}")
                name = bench.draw.choice(shapes)
                if len(name) == len(f"1234567890.{suffix}"):
                    seconds.add(number[:10])
            bench.write(at, f"{bench.directory}/{name}", written.data, written.labels)


class TemporaryFlood(HazardType):
    """Temporary files that nobody renames or removes."""

    about: ClassVar[str] = "temporary files left in the events dir, young or old, few and large or many and small"
    agent_events: ClassVar[bool] = True

    kind: Literal["temporary-flood"] = "temporary-flood"
    amount: Amount = Field(default="spared+1", description="How many.")
    size: int = Field(default=64, ge=0, le=64_000_000, description="Bytes of each.")
    old: bool = Field(default=False, description="Whether they were last modified more than a period before the pass.")
    empty_list: bool = Field(default=False, description="Whether each holds `[]` and blanks, which any JSON reader takes, rather than noise.")
    name_length: int = Field(default=0, ge=0, le=255, description="Characters of each name, at least.")

    def add(self, bench: Bench, window: Window) -> None:
        content = b"[]".ljust(self.size) if self.empty_list else b"x" * self.size  # one object, shared by all
        for _ in range(bench.number(self.amount)):
            at = bench.moment(window)
            mtime = window.end - 2 * bench.limits.period if self.old else None
            path = f"{bench.directory}/{temporary(bench.draw).ljust(self.name_length, 'x')}"
            bench.add(Step(at, "write", path, content, mode=0o600, mtime=mtime, labels=()))


class Unremovable(HazardType):
    """Valid event files that cannot be removed: collected once, and not again."""

    about: ClassVar[str] = "event files and leftovers that cannot be removed, for a while or for ever"
    agent_events: ClassVar[bool] = True

    kind: Literal["unremovable"] = "unremovable"
    amount: Amount = Field(default=1, description="How many.")
    residue: bool = Field(default=False, description="Whether they are no event files but old leftovers.")
    released: bool = Field(default=False, description="Whether they can be removed again before the next pass.")
    rewritten: bool = Field(default=False, description="Whether another event is then written in their place.")

    def add(self, bench: Bench, window: Window) -> None:
        for _ in range(bench.number(self.amount)):
            at = bench.moment(window)
            written = bench.file(at)
            path = f"{bench.directory}/{written.name}"
            if self.residue:
                path = f"{bench.directory}/{temporary(bench.draw)}"
                mtime = window.end - 2 * bench.limits.period
                bench.add(Step(at, "write", path, b"left behind", mtime=mtime, labels=()))
            else:
                bench.write(at, path, written.data, written.labels)
            bench.add(Step(at, "immutable", path))
            if self.released:
                following = [one for one in bench.assignment.windows if one.begin >= window.end]
                if following:
                    back = following[0].begin + 1
                    bench.add(Step(back, "mutable", path))
                    if self.rewritten and not self.residue:
                        again = bench.file(at)
                        bench.write(back + 1, path, again.data, again.labels)
