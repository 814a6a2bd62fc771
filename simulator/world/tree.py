"""What a world's directories hold, in a form that is the same in every world:
the second axis of outcome.

An entry is ``[path, kind, size]``: path relative to the root, kind one of
``file dir link fifo socket device``, size in bytes for a file, the link's text for a link, 0
otherwise. No inode, owner, mode or time: those are not the collector's to leave.
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
