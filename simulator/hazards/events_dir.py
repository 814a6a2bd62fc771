"""The events dir itself: swapped, linked, replaced or gone, before the pass or under it."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from ..core import OUTSIDE, Step, Window
from ..writers import left
from .base import Bench, HazardType


class EventsDir(HazardType):
    """The directory is moved aside with all that is in it, and something else takes its name.

    It happens after the last write of the window, or during the pass.
    Restored, it is back before the next pass.
    """

    about: ClassVar[str] = (
        "the events dir becomes a link, a file, a FIFO, another directory or device, or nothing, even mid-pass"
    )

    kind: Literal["events-dir"] = "events-dir"
    becomes: Literal["link", "dangling", "loop", "file", "fifo", "socket", "directory", "mount", "nothing"] = Field(
        default="link",
        description="What stands there afterwards; a link leads to event files outside, a mount holds such.",
    )
    place: Literal["events", "handler"] = Field(
        default="events", description="What is swapped: the events dir, or the handler's whole directory."
    )
    during: bool = Field(default=True, description="During the pass, or just before it.")
    restored: bool = Field(default=True, description="Whether the directory is put back after the pass.")

    def add(self, bench: Bench, window: Window) -> None:
        at = window.end if self.during else window.end - 1
        path = bench.directory if self.place == "events" else bench.directory.rpartition("/")[0]
        aside = f"{bench.directory_outside()}/moved-{self.place}-{window.number}"
        bench.add(self._step(at, "rename", path, to=aside))
        self._stand_in(bench, at, path)
        later = [one for one in bench.assignment.windows if one.begin >= window.end]
        if self.restored and later:
            back = later[0].begin + 1
            if self.becomes == "directory":
                bench.add(Step(back, "rename", path, to=f"{aside}-other"))
            elif self.becomes == "mount":
                bench.add(Step(back, "rmtree", path))
            elif self.becomes != "nothing":
                bench.add(Step(back, "unlink", path))
            bench.add(Step(back, "rename", aside, to=path))

    def _stand_in(self, bench: Bench, at: int, path: str) -> None:
        """What takes the directory's name."""
        if self.becomes == "link":
            target = f"{bench.directory_outside()}/target-{at}"
            bench.add(Step(at - 1, "mkdir", target, mode=0o755))
            inner = f"{target}/events" if self.place == "handler" else target
            if self.place == "handler":
                bench.add(Step(at - 1, "mkdir", inner, mode=0o755))
            written = bench.file(at)
            bench.write(at - 1, f"{inner}/{written.name}", written.data, left(written.labels))
            bench.add(self._step(at, "symlink", path, to=f"@/{target}"))
        elif self.becomes == "dangling":
            bench.add(self._step(at, "symlink", path, to=f"@/{OUTSIDE}/nothing-here"))
        elif self.becomes == "loop":
            bench.add(self._step(at, "symlink", path, to=path.rpartition("/")[2]))
        elif self.becomes == "file":
            bench.write(at, path, b"[]", (), during=self.during)
        elif self.becomes == "fifo":
            bench.add(self._step(at, "mkfifo", path))
        elif self.becomes == "socket":
            bench.add(self._step(at, "socket", path))
        elif self.becomes == "mount":
            bench.add(Step(at, "mount", path, mode=0o755, during=self.during))
            inner = f"{path}/events" if self.place == "handler" else path
            if self.place == "handler":
                bench.add(Step(at, "mkdir", inner, mode=0o755, during=self.during))
            written = bench.file(at)
            bench.write(at, f"{inner}/{written.name}", written.data, left(written.labels), during=self.during)
        elif self.becomes == "directory":
            bench.add(Step(at, "mkdir", path, mode=0o700, during=self.during))

    def _step(self, at: int, act: Literal["rename", "symlink", "mkfifo", "socket"], path: str, to: str = "") -> Step:
        return Step(at, act, path, to=to, during=self.during)
