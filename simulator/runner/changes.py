"""What a pass did to the directories, seen from outside: the difference between before and after,
as calls.

Rules: a program's calls cannot be observed. So the changes become calls marked ``seen``, in the
order of the paths. That is enough for every judge that asks what was removed, made or changed, and
nothing for one that asks when.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

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
