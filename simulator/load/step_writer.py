"""The hand of a writer:
it carries out steps below a place, and announces each entry before it makes it.

Rules: no link is followed, in any component of a path. A name that somebody else made is never
written over. A file is changed only while it is the inode that this hand made. A hostile file under
one of its names costs that step and nothing else. What could hurt a machine (devices, links out of
the directory, immutable files) is refused unless it was allowed. A step that may not be done has an
errno's name as its outcome.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import stat
import struct
from collections import OrderedDict
from collections.abc import Iterator

from ..core import Step
from .directory import LoadDirectory, below
from .manifest import Manifest

#: How many of the entries made last can still be changed.
_REMEMBERED = 65_536
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_OLD = os.O_WRONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_LOOK = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
# ioctl_iflags(2): the attributes that chattr sets,
# a long in the calls' numbers and an int in memory.
_GET_FLAGS, _SET_FLAGS, _IMMUTABLE = 0x8008_6601, 0x4008_6602, 0x10
_NODES = {"mkfifo": stat.S_IFIFO, "socket": stat.S_IFSOCK, "device": stat.S_IFCHR}


def danger(step: Step) -> str:
    """Why a step needs ``--dangerous``, or ""."""
    if step.act == "device":
        return f"makes a device node ({step.to})"
    if step.act in {"immutable", "mutable"}:
        return "makes files immutable (chattr)"
    if step.act == "symlink" and (step.to.startswith("/") or ".." in step.to.split("/")):
        return f"makes a link out of the directory (to {step.to})"
    return ""


class Hand:
    """``epoch``: the Unix time in ns from which steps that name a modification time count."""

    def __init__(self, place: LoadDirectory, manifest: Manifest, epoch: int, *, dangerous: bool = False) -> None:
        self._place = place
        self._manifest = manifest
        self._epoch = epoch
        self._dangerous = dangerous
        self._mine: OrderedDict[str, int] = OrderedDict()

    def take(self, step: Step) -> str:
        """Carry out the step. Returns "" or the errno's name."""
        path = below(step.path)
        to = below(step.to) if step.act in {"rename", "replace", "link"} else step.to
        if path is None or to is None or (danger(step) and not self._dangerous):
            return "EPERM"
        try:
            self._act(step, path, to)
            if step.mtime is not None and step.act not in {"rename", "replace", "unlink", "rmdir", "immutable", "mutable"}:
                self._set_time(path, self._epoch + step.mtime)
        except OSError as error:
            return errno.errorcode.get(error.errno or 0, "EIO")
        return ""

    def _act(self, step: Step, path: str, to: str) -> None:
        if step.act == "write":
            self._write(path, step.data, step.mode)
        elif step.act == "append":
            with self._opened(path, _OLD | os.O_APPEND) as descriptor:
                _put(descriptor, step.data)
        elif step.act in {"rename", "replace"}:
            self._rename(path, to, remove_first=step.act == "replace")
            if step.mtime is not None:
                self._set_time(to, self._epoch + step.mtime)
        elif step.act == "link":
            self._link(path, to)
        elif step.act in {"unlink", "rmdir"}:
            self._remove(path, step.act == "rmdir")
        else:
            self._odd(step, path)

    def _odd(self, step: Step, path: str) -> None:
        """The acts of hazards alone."""
        if step.act == "truncate":
            with self._opened(path, _OLD) as descriptor:
                os.ftruncate(descriptor, step.size)
        elif step.act == "chmod":
            with self._opened(path, _LOOK) as descriptor:
                os.fchmod(descriptor, step.mode)
        elif step.act in {"immutable", "mutable"}:
            with self._opened(path, _LOOK) as descriptor:
                set_immutable(descriptor, step.act == "immutable")
        elif step.act == "touch":
            self._owned(path)
            self._set_time(path, self._epoch + (step.at if step.mtime is None else step.mtime))
        else:
            self._make(step, path)

    def _write(self, path: str, data: bytes, mode: int) -> None:
        if path in self._mine and self._place.identity(path) is not None:
            self._manifest.announce(path, "write", len(data), self._mine[path])
            with self._opened(path, _OLD | os.O_TRUNC) as descriptor:
                _put(descriptor, data)
            return
        with self._place.parent(path) as (holder, name):
            self._manifest.announce(path, "write", len(data))
            descriptor = os.open(name, _NEW, mode, dir_fd=holder)
            try:
                self._made(path, os.fstat(descriptor).st_ino)
                _put(descriptor, data)
            finally:
                os.close(descriptor)

    def _make(self, step: Step, path: str) -> None:
        with self._place.parent(path) as (holder, name):
            with contextlib.suppress(FileNotFoundError):
                os.stat(name, dir_fd=holder, follow_symlinks=False)
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
            self._manifest.announce(path, step.act)
            if step.act == "mkdir":
                os.mkdir(name, step.mode if step.mode != 0o644 else 0o755, dir_fd=holder)
            elif step.act == "symlink":
                os.symlink(self._target(path, step.to), name, dir_fd=holder)
            else:
                device = os.makedev(*(int(number) for number in step.to.split(":"))) if step.act == "device" else 0
                os.mknod(name, _NODES[step.act] | step.mode, device, dir_fd=holder)
            self._made(path, os.stat(name, dir_fd=holder, follow_symlinks=False).st_ino)

    @staticmethod
    def _target(path: str, to: str) -> str:
        """A link's text: ``@/x`` is x in the scenario's world,
        told relative to where the link stands.
        """
        if not to.startswith("@/"):
            return to
        return "../" * path.count("/") + (below(to[2:]) or "")

    def _rename(self, path: str, to: str, *, remove_first: bool) -> None:
        inode = self._owned(path)
        if remove_first:
            found = self._place.identity(to)
            self._remove(to, found is not None and stat.S_ISDIR(found.st_mode))
        elif self._place.identity(to) is not None:
            self._owned(to)
        self._manifest.announce(to, "rename", inode=inode)
        with self._place.parent(path) as (holder, name), self._place.parent(to) as (new_holder, new_name):
            os.rename(name, new_name, src_dir_fd=holder, dst_dir_fd=new_holder)
        self._mine.pop(path, None)
        self._remember(to, inode)

    def _link(self, path: str, to: str) -> None:
        inode = self._owned(path)
        self._manifest.announce(to, "link", inode=inode)
        with self._place.parent(path) as (holder, name), self._place.parent(to) as (new_holder, new_name):
            os.link(name, new_name, src_dir_fd=holder, dst_dir_fd=new_holder, follow_symlinks=False)
        self._remember(to, inode)

    def _remove(self, path: str, directory: bool) -> None:
        self._owned(path)
        with self._place.parent(path) as (holder, name):
            (os.rmdir if directory else os.unlink)(name, dir_fd=holder)
        self._mine.pop(path, None)

    @contextlib.contextmanager
    def _opened(self, path: str, flags: int) -> Iterator[int]:
        """A file of this hand's own. Truncated only once it is known to be the one."""
        with self._place.parent(path) as (holder, name):
            descriptor = os.open(name, flags & ~os.O_TRUNC, dir_fd=holder)
        try:
            if os.fstat(descriptor).st_ino != self._mine.get(path):
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
            if flags & os.O_TRUNC:
                os.ftruncate(descriptor, 0)
            yield descriptor
        finally:
            os.close(descriptor)

    def _owned(self, path: str) -> int:
        """The inode of an entry that this hand made;
        FileExistsError for one that is somebody else's.
        """
        with self._place.parent(path) as (holder, name):
            inode = os.stat(name, dir_fd=holder, follow_symlinks=False).st_ino
        if inode != self._mine.get(path):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
        return inode

    def adopt(self, path: str, inode: int) -> None:
        """An entry that another hand of the same load made, such as an events dir."""
        self._remember(path, inode)

    def _made(self, path: str, inode: int) -> None:
        self._manifest.made(inode)
        self._remember(path, inode)

    def _remember(self, path: str, inode: int) -> None:
        self._mine[path] = inode
        self._mine.move_to_end(path)
        if len(self._mine) > _REMEMBERED:
            self._mine.popitem(last=False)

    def _set_time(self, path: str, when: int) -> None:
        with self._place.parent(path) as (holder, name):
            os.utime(name, ns=(when, when), dir_fd=holder, follow_symlinks=False)


def set_immutable(descriptor: int, on: bool) -> None:
    """As ``chattr +i`` and ``-i`` do. Raises OSError."""
    flags = struct.unpack("i", fcntl.ioctl(descriptor, _GET_FLAGS, struct.pack("i", 0)))[0]
    fcntl.ioctl(descriptor, _SET_FLAGS, struct.pack("i", flags | _IMMUTABLE if on else flags & ~_IMMUTABLE))


def _put(descriptor: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(descriptor, left) :]
