"""Links: symbolic ones that lead out of the events dir,
and hard ones that give a file a second name.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from ..core import IRREGULAR, OUTSIDE, Step, Window
from ..writers import fallen, left, temporary
from .base import Amount, Bench, HazardType
from .objects import Placed


class Link(Placed):
    """A symbolic link in the events dir."""

    about: ClassVar[str] = "symbolic links under event file names: to a file, a directory, an endless device, nowhere"
    agent_events: ClassVar[bool] = True

    kind: Literal["link"] = "link"
    to: Literal["file", "directory", "endless", "dangling", "loop", "sibling"] = Field(
        default="file",
        description=(
            "Where it leads: an event file or a directory of event files outside, /dev/zero, nowhere, "
            "itself, or a valid event file beside it."
        ),
    )

    def put(self, bench: Bench, at: int, path: str, final: str) -> None:
        if self.to == "sibling":
            target = bench.place(at, bench.file(at)).rpartition("/")[2]
        elif self.to == "endless":
            target = "/dev/zero"
        elif self.to == "dangling":
            target = f"@/{OUTSIDE}/nothing-here.json"
        elif self.to == "loop":
            target = final.rpartition("/")[2]
        else:
            base, inner = bench.directory_outside(), bench.file(at)
            bench.write(at, f"{base}/{inner.name}", inner.data, left(inner.labels))
            target = f"@/{base}/{inner.name}" if self.to == "file" else f"@/{base}"
        bench.add(Step(at, "symlink", path, to=target))


class Hardlink(HazardType):
    """An event file with a second name."""

    about: ClassVar[str] = "event files with more than one link, by attack or by a writer between link and unlink"
    agent_events: ClassVar[bool] = True

    kind: Literal["hardlink"] = "hardlink"
    amount: Amount = Field(default=1, description="How many such files.")
    other: Literal["outside", "beside"] = Field(
        default="outside",
        description="Where the other name is: outside the log dir, or a temporary name beside it.",
    )
    settled: bool = Field(
        default=False,
        description="Whether the other name goes away during the pass; the file is then collected.",
    )

    def add(self, bench: Bench, window: Window) -> None:
        for _ in range(bench.number(self.amount)):
            at = bench.moment(window)
            written = bench.file(at)
            path = f"{bench.directory}/{written.name}"
            first = f"{bench.directory}/{temporary(bench.draw)}"
            if self.other == "outside":
                first = f"{bench.directory_outside()}/{written.name}"
            bench.add(
                Step(at, "write", first, written.data, labels=left(written.labels)),
                Step(at, "link", first, to=path, labels=fallen(written.labels, IRREGULAR)),
            )
            if self.settled:
                # With the other name the file's being irregular goes, in the same step.
                bench.add(Step(window.end, "unlink", first, to=path, mtime=at, labels=written.labels, during=True))
