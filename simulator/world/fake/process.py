"""The fake kernel's one process: what its calls share.

Open file descriptions, the umask and the working directory belong to a process, not to the tree.
"""

from __future__ import annotations

import errno
import os
import stat
from typing import Any

from pyfakefs.fake_file import FakeDirectory, FakeFile

from .nodes import Tree, failure

_FIRST_DESCRIPTOR = 1_000
#: RLIMIT_NOFILE of a usual process, less its own few;
#: a collector that leaks descriptors meets EMFILE.
_MOST_DESCRIPTORS = 1_020
ACCESS = os.O_RDONLY | os.O_WRONLY | os.O_RDWR


class Opened:
    """An open file description."""

    __slots__ = ("flags", "node", "position")

    def __init__(self, node: FakeFile, flags: int) -> None:
        self.node = node
        self.flags = flags
        self.position = 0

    @property
    def reads(self) -> bool:
        return self.flags & ACCESS != os.O_WRONLY

    @property
    def writes(self) -> bool:
        return self.flags & ACCESS != os.O_RDONLY


class Process:
    """One process; ``reset()`` makes it a new one over an empty tree."""

    def __init__(self) -> None:
        self.tree = Tree()
        self.reset()

    def reset(self, disk_size: int | None = None) -> None:
        """An empty root, no open descriptor,
        the usual umask, no disk limit unless given (bytes).
        """
        self.tree.reset(disk_size)
        self.opened: dict[int, Opened] = {}
        self.mask = 0o022
        #: The directory from which relative paths start.
        self.cwd = "/"

    # --- calls ------------------------------------------------------------------------------------------------------

    def getcwd(self) -> str:
        return self.cwd

    def getcwdb(self) -> bytes:
        return os.fsencode(self.cwd)

    def chdir(self, path: Any) -> None:
        node = self.find(path)
        if not isinstance(node, FakeDirectory):
            raise failure(errno.ENOTDIR, path)
        names: list[str] = []
        while node is not self.tree.root and node.parent_dir:
            names.append(str(node.name))
            node = node.parent_dir() or self.tree.root
        self.cwd = "/" + "/".join(reversed(names))

    def fchdir(self, fd: int) -> None:
        self.chdir(fd)

    def umask(self, mask: int) -> int:
        old, self.mask = self.mask, mask & 0o777
        return old

    # --- finding ----------------------------------------------------------------------------------------------------

    def start(self, path: Any, dir_fd: int | None) -> FakeFile:
        """Where the way along a path begins."""
        if dir_fd is not None:
            absolute = os.fspath(path)[:1] in {"/", b"/"}
            return self.tree.root if absolute else self.description(dir_fd).node
        return self.tree.root if self.cwd == "/" else self.tree.find(self.cwd, self.tree.root)

    def find(self, path: Any, dir_fd: int | None = None, follow: bool = True) -> FakeFile:
        """The node behind a path or a descriptor."""
        if isinstance(path, int):
            return self.description(path).node
        return self.tree.find(path, self.start(path, dir_fd), follow)

    # --- descriptors ------------------------------------------------------------------------------------------------

    def description(self, fd: int) -> Opened:
        try:
            return self.opened[fd]
        except KeyError:
            raise failure(errno.EBADF) from None

    def usable(self, fd: int) -> Opened:
        """A description that takes part in input and output: one by O_PATH does not."""
        opened = self.description(fd)
        if opened.flags & os.O_PATH:
            raise failure(errno.EBADF)
        return opened

    def check_room(self, path: Any) -> None:
        """Raise EMFILE where the process holds all the descriptors that it may."""
        if len(self.opened) >= _MOST_DESCRIPTORS:
            raise failure(errno.EMFILE, path)

    def keep(self, opened: Opened) -> int:
        """The lowest free descriptor, which stands for this description from now on."""
        fd = _FIRST_DESCRIPTOR
        while fd in self.opened:
            fd += 1
        self.opened[fd] = opened
        return fd

    def has_reader(self, node: FakeFile) -> bool:
        return any(opened.node is node and opened.reads for opened in self.opened.values())

    def forget_if_unheld(self, node: FakeFile) -> None:
        """Where nobody holds the node:
        a FIFO loses its bytes, a file without a name gives its room back.
        """
        if any(opened.node is node for opened in self.opened.values()):
            return
        if stat.S_ISFIFO(node.stat_result.st_mode):
            node.set_initial_contents(b"")
        elif node.stat_result.st_nlink == 0:
            self.tree.give_back(node)
