"""What a pass did to the directories, seen from outside: the difference between before and after,
as calls.

Rules: a program's calls cannot be observed. So the changes become calls marked ``seen``, in the
order of the paths. That is enough for every judge that asks what was removed, made or changed, and
nothing for one that asks when.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from ..core import COLLECTOR, LOG_DIR, Note
from .ageing import Seen

_MAKING = {"dir": "mkdir", "link": "symlink", "file": "write"}


class Change(NamedTuple):
    """A call that must have been made: its label and path."""

    call: str
    path: str


def changes(before: Mapping[str, Seen], after: Mapping[str, Seen]) -> list[Change]:
    """What was removed, made and changed, by path; the time of a directory is not its own."""
    found = []
    for path in sorted({*before, *after}):
        old, new = before.get(path), after.get(path)
        if old is not None and (new is None or new.inode != old.inode or new.kind != old.kind):
            found.append(Change("rmdir" if old.kind == "dir" else "unlink", path))
            old = None
        if new is None:
            continue
        if old is None:
            found.append(Change(_MAKING.get(new.kind, "mknod"), path))
        elif new.kind == "file" and new.size != old.size:
            found.append(Change("write", path))
        elif new.kind != "dir" and new.mtime_ns != old.mtime_ns:
            found.append(Change("utime", path))
    return found


class Homes:
    """Where the directories stood when a pass first could enter them.

    Who has entered one works in it wherever a writer moves it meanwhile, and knows no other path.
    """

    def __init__(self) -> None:
        self._paths: dict[int, str] = {}

    def note(self, seen: Mapping[str, Seen]) -> None:
        """These are there now. One that is gone is forgotten: its inode may be another's later."""
        found = {one.inode: path for path, one in seen.items() if one.kind == "dir"}
        self._paths = {inode: self._paths.get(inode, path) for inode, path in found.items()}

    def told(self, seen: Mapping[str, Seen], changed: Iterable[Change]) -> list[Change]:
        """The changes by the paths of then. ``seen``: what was there before them."""
        return [Change(change.call, self._then(seen, change.path)) for change in changed]

    def _then(self, seen: Mapping[str, Seen], path: str) -> str:
        directory, slash, name = path.rpartition("/")
        stood = seen.get(directory)
        return path if stood is None else f"{self._paths.get(stood.inode, directory)}{slash}{name}"


def tell(changed: Iterable[Change], note: Note) -> None:
    """Make records of them. A handler's directory that was moved away has its path of before."""
    for change in changed:
        path = f"{LOG_DIR}/{change.path.partition('/')[2]}" if change.path.startswith("elsewhere/") else change.path
        note(COLLECTOR, "call", path, {"call": change.call, "seen": True})
