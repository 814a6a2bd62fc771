"""Things under an event file's name that are no regular files.

They must never be opened in a way that blocks or acts,
never be read, and be removed; a directory stays.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar, Literal

from pydantic import Field, field_validator

from ..core import MALFORMED, Step, Window
from ..writers import fallen, left, temporary
from .base import Amount, Bench, HazardType


class Placed(HazardType):
    """An object that stands in the events dir before the pass,
    or takes an event file's place during it.
    """

    amount: Amount = Field(default=1, description="How many.")
    place: Literal["event", "residue"] = Field(
        default="event", description="Its name: that of an event file, or of something left lying about."
    )
    swapped: bool = Field(
        default=False, description="Whether it takes the place of a valid event file during the pass."
    )

    def add(self, bench: Bench, window: Window) -> None:
        for _ in range(bench.number(self.amount)):
            at = bench.moment(window)
            path = bench.path(at) if self.place == "event" else f"{bench.directory}/core.{bench.draw.hexadecimal(8)}"
            if not self.swapped:
                self.put(bench, at, path, path)
                continue
            if self.place == "event":
                written = bench.file(at)
                bench.write(at, path, written.data, written.labels)
            else:
                bench.write(at, path, b"left behind", None)
            # Made under a temporary name, so that it takes the place in one step.
            aside = f"{bench.directory}/{temporary(bench.draw)}"
            self.put(bench, at, aside, path)
            bench.add(Step(window.end, "replace", aside, to=path, during=True))

    @abstractmethod
    def put(self, bench: Bench, at: int, path: str, final: str) -> None:
        """Make the object at the path; ``final`` is where it will stand in the end."""


class Fifo(Placed):
    """A FIFO that nobody writes to: opening it to read blocks for ever."""

    about: ClassVar[str] = "named pipes under event file names: a plain open blocks for ever"
    agent_events: ClassVar[bool] = True

    kind: Literal["fifo"] = "fifo"

    def put(self, bench: Bench, at: int, path: str, final: str) -> None:  # noqa: ARG002 - links need it
        bench.add(Step(at, "mkfifo", path))


class Socket(Placed):
    """A bound Unix socket."""

    about: ClassVar[str] = "Unix sockets under event file names: they cannot be opened"
    agent_events: ClassVar[bool] = True

    kind: Literal["socket"] = "socket"

    def put(self, bench: Bench, at: int, path: str, final: str) -> None:  # noqa: ARG002 - links need it
        bench.add(Step(at, "socket", path))


class Device(Placed):
    """A character device, endless by default."""

    about: ClassVar[str] = "device nodes under event file names: reading /dev/zero never ends"
    agent_events: ClassVar[bool] = True

    kind: Literal["device"] = "device"
    number: str = Field(
        default="1:5",
        pattern=r"^[0-9]{1,4}:[0-9]{1,7}$",
        description="major:minor; 1:5 is /dev/zero, 1:7 /dev/full.",
    )

    def put(self, bench: Bench, at: int, path: str, final: str) -> None:  # noqa: ARG002 - links need it
        bench.add(Step(at, "device", path, to=self.number))


class DirectoryNamedEvent(Placed):
    """A directory with the name of an event file."""

    about: ClassVar[str] = "directories under event file names, empty or with an event file inside"
    agent_events: ClassVar[bool] = True

    kind: Literal["directory-named-event"] = "directory-named-event"
    filled: bool = Field(default=True, description="Whether an event file lies inside; it must never be read.")

    def put(self, bench: Bench, at: int, path: str, final: str) -> None:  # noqa: ARG002 - links need it
        bench.add(Step(at, "mkdir", path, mode=0o755))
        if self.filled:
            inner = bench.file(at)
            bench.add(
                Step(
                    at,
                    "write",
                    f"{path}/{inner.name}",
                    inner.data,
                    labels=left(inner.labels),
                )
            )


class Subdirectory(HazardType):
    """A directory in the events dir,
    under a name that a person would give it, with a sound event file in it.
    """

    about: ClassVar[str] = "subdirectories with sound event files under ordinary names: nobody may enter them"

    kind: Literal["subdirectory"] = "subdirectory"
    names: tuple[str, ...] = Field(
        default=("archive", "events", ".cache", "1767571200000", "tmpdir.json"), min_length=1, description="What they are called."
    )
    old: bool = Field(default=False, description="Whether it and what is in it were last modified more than a period before the pass.")

    @field_validator("names")
    @classmethod
    def _are_names(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if not all(name and "/" not in name and "\0" not in name and name not in {".", ".."} for name in names):
            raise ValueError("each is the name of a directory")
        return names

    def add(self, bench: Bench, window: Window) -> None:
        for name in self.names:
            at = bench.moment(window)
            mtime = window.end - 2 * bench.limits.period if self.old else None
            path = f"{bench.directory}/{name}"
            if any(step.act == "mkdir" and step.path == path for step in bench.steps):
                path += f"-{window.number}"
            inner = bench.file(at)
            bench.add(
                Step(at, "mkdir", path, mode=0o755),
                Step(at, "write", f"{path}/{inner.name}", inner.data, mtime=mtime, labels=left(inner.labels)),
                Step(at, "touch", path, mtime=mtime),
            )


class Unreadable(HazardType):
    """A regular file that may be listed, looked at and removed, but not opened.

    Where the collector is root, mode 0 alone stops nobody; SELinux, FUSE and NFS do.
    The worlds refuse the open to whoever asks.
    """

    about: ClassVar[str] = "event files that nobody may open, the collector included"
    agent_events: ClassVar[bool] = True

    kind: Literal["unreadable"] = "unreadable"
    amount: Amount = Field(default=1, description="How many.")
    during: bool = Field(default=False, description="Whether it becomes so during the pass; a collector that was faster has the event.")

    def add(self, bench: Bench, window: Window) -> None:
        for _ in range(bench.number(self.amount)):
            at = bench.moment(window)
            written = bench.file(at)
            path = f"{bench.directory}/{written.name}"
            lost = fallen(written.labels, MALFORMED)
            bench.write(at, path, written.data, written.labels if self.during else lost)
            bench.add(Step(window.end if self.during else at, "chmod", path, mode=0, labels=lost, during=self.during))
