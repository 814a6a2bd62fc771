"""What a world's directories hold, in a form that is the same in every world:
the second axis of outcome.

An entry is ``[path, kind, size]``. The path is relative to the root. The kind is one of ``file dir
link fifo socket device``. The size is in bytes for a file, the link's text for a link, 0 otherwise.
There is no inode, owner, mode or time: those are not the collector's to leave.
"""

from __future__ import annotations

import stat

TreeEntry = tuple[str, str, int | str]

_KINDS = {
    stat.S_IFREG: "file",
    stat.S_IFDIR: "dir",
    stat.S_IFLNK: "link",
    stat.S_IFIFO: "fifo",
    stat.S_IFSOCK: "socket",
    stat.S_IFCHR: "device",
    stat.S_IFBLK: "device",
}


def kind_of(mode: int) -> str:
    """The kind of an entry, by its ``st_mode``."""
    return _KINDS.get(stat.S_IFMT(mode), "other")
