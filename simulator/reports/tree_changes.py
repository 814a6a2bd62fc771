"""What each record of a history does to the directory tree, so that a page can show it as it was.

Why changes and not trees: a page goes to any record by adding them up, and the rules of names stand
here alone. A path's value is its size, or its kind; None says that it is gone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any

from ..core import Record, is_event_file
from ..safe import safe

#: A file's size in bytes, or the kind of what is none.
Entry = int | str
#: (path, what is there from now on).
Change = tuple[str, Entry | None]

_REMOVING = {"unlink", "remove", "rmdir"}
_KINDS = {"mkdir": "dir", "mount": "dir", "symlink": "link", "mkfifo": "fifo", "socket": "socket", "device": "device"}
_MOVING = {"rename", "replace"}


class Tree:
    """What is there, record by record."""

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}

    def after(self, record: Record) -> list[Change]:
        """What this record changes; it is done with that."""
        changes = list(self._changes(record))
        for path, entry in changes:
            if entry is None:
                self.entries.pop(path, None)
            else:
                self.entries[path] = entry
        return changes

    def _changes(self, record: Record) -> Iterator[Change]:
        result = record.result
        if record.op == "call" and "errno" not in result and result["call"] in _REMOVING:
            yield from self._gone(record.path)
        elif record.op == "step" and "errno" not in result:
            yield from self._step(record.path, result)
        elif record.op == "tree":
            yield from self._settled(result)

    def _step(self, path: str, result: dict[str, Any]) -> Iterator[Change]:
        act, to = result["act"], result.get("to", "")
        if act in {"write", "append", "truncate"}:
            yield path, result.get("bytes", 0) + (self._size(path) if act == "append" else 0)
        elif act in _KINDS:
            yield path, _KINDS[act]
        elif act in {"unlink", "rmdir", "rmtree"}:
            yield from self._gone(path)
        elif act == "link" and path in self.entries:
            yield to, self.entries[path]
        elif act in _MOVING:
            yield from self._moved(path, to)

    def _size(self, path: str) -> int:
        entry = self.entries.get(path)
        return entry if isinstance(entry, int) else 0

    def _below(self, path: str) -> list[str]:
        """What is in a directory; a file has nothing in it, and most paths are files."""
        if self.entries.get(path) != "dir":
            return []
        return [name for name in self.entries if name.startswith(f"{path}/")]

    def _gone(self, path: str) -> Iterator[Change]:
        for name in self._below(path):
            yield name, None
        if path in self.entries:
            yield path, None

    def _moved(self, path: str, to: str) -> Iterator[Change]:
        moved = [(name, self.entries[name]) for name in (path, *self._below(path)) if name in self.entries]
        yield from self._gone(to)
        for name, entry in moved:
            yield name, None
            yield to + name[len(path) :], entry

    def _settled(self, listed: list[Any]) -> Iterator[Change]:
        """The last record tells what is there: it is right where steps did not tell all."""
        there = {str(one[0]): one[2] if one[1] == "file" else str(one[1]) for one in listed}
        yield from ((path, None) for path in self.entries if path not in there)
        yield from ((path, entry) for path, entry in there.items() if self.entries.get(path) != entry)


class ShownTree:
    """A tree of which a page names some entries, and counts the others.

    ``named``: the files that are shown by name; directories always are. What is only counted stands
    under the name ``*`` of its directory.
    """

    def __init__(self, named: Collection[str]) -> None:
        self._named = named
        self._tree = Tree()
        self._counted: set[str] = set()
        self._counts: Counter[str] = Counter()
        self._changed: dict[str, Entry | None] = {}
        self._directories: set[str] = set()
        self._present_files: set[str] = set()

    def hear(self, record: Record) -> None:
        """What this record does is done."""
        for path, entry in self._tree.after(record):
            if is_event_file(path):
                self._present(path, is_there=entry is not None)
            if entry == "dir":
                self._directories.add(path)
            if path in self._named or path in self._directories:
                self._changed[path] = entry
            else:
                directory = path.rpartition("/")[0]
                self._count(path, directory, is_there=entry is not None)
                self._changed[f"{directory}/*"] = self._counts[directory] or None

    def _present(self, path: str, *, is_there: bool) -> None:
        (self._present_files.add if is_there else self._present_files.discard)(path)

    def _count(self, path: str, directory: str, *, is_there: bool) -> None:
        if is_there and path not in self._counted:
            self._counted.add(path)
            self._counts[directory] += 1
        elif not is_there and path in self._counted:
            self._counted.discard(path)
            self._counts[directory] -= 1

    def taken(self) -> list[list[Any]]:
        """What has changed since it was asked last."""
        changed, self._changed = self._changed, {}
        return [[safe(path, 300), entry] for path, entry in changed.items()]

    @property
    def files(self) -> int:
        """How many event files are there."""
        return len(self._present_files)
