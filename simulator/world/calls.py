"""The calls of ``os`` that pass the seam, one row each.

Why one table: the seam hooks these calls and the fake kernel models them. The escape detector knows
them by their audit events, and the probes ask them. A call that one of the four knows and another
does not would be missed in silence.
"""

from __future__ import annotations

import enum
import os
from typing import NamedTuple

_ACCESS = os.O_RDONLY | os.O_WRONLY | os.O_RDWR


class Route(enum.Enum):
    """How a call passes the seam, and so where the path lies that the history shows."""

    #: The first argument is a path, or a descriptor in its place.
    PATH = enum.auto()
    #: The first argument is a descriptor; its path is the one that it was opened by.
    DESCRIPTOR = enum.auto()
    #: The first two arguments are paths, each with a directory of its own.
    TWO_PATHS = enum.auto()
    #: The seam has a method of the call's name.
    OWN = enum.auto()
    #: The same; the kernel answers by ``entries``.
    LISTING = enum.auto()
    #: About the process or a descriptor's own flags. The world answers, and no hook is passed.
    UNHEARD = enum.auto()
    #: In nobody's model. The fake world raises ``NotModelled``, or the real system would be
    #: reached.
    REFUSED = enum.auto()


class Audit(NamedTuple):
    """The event by which the interpreter tells of a call."""

    event: str
    #: Where each path stands among the event's arguments, and where its dir_fd. Without any: no
    #: collector needs such a call.
    paths: tuple[tuple[int, int | None], ...] = ()


class Call(NamedTuple):
    """A function of ``os`` that is hooked."""

    name: str
    #: How the history names it.
    label: str
    route: Route
    #: The fake kernel has it.
    modelled: bool = True
    audit: Audit | None = None


def _first(event: str, directory_at: int | None = None) -> Audit:
    """An event whose first argument is the path."""
    return Audit(event, ((0, directory_at),))


_CHMOD, _CHOWN, _UTIME = _first("os.chmod", 2), _first("os.chown", 3), _first("os.utime", 3)
_REMOVE, _TRUNCATE, _CHDIR = _first("os.remove", 1), _first("os.truncate"), _first("os.chdir")
_RENAME = Audit("os.rename", ((0, 2), (1, 3)))

_ROWS = (
    Call("access", "access", Route.PATH),
    Call("chdir", "chdir", Route.PATH, audit=_CHDIR),
    Call("chmod", "chmod", Route.PATH, audit=_CHMOD),
    Call("chown", "chown", Route.PATH, audit=_CHOWN),
    Call("lchown", "chown", Route.PATH, audit=_CHOWN),
    Call("listxattr", "listxattr", Route.PATH, audit=_first("os.listxattr")),
    Call("lstat", "lstat", Route.PATH),
    Call("mkdir", "mkdir", Route.PATH, audit=_first("os.mkdir", 2)),
    Call("mkfifo", "mknod", Route.PATH),
    Call("mknod", "mknod", Route.PATH),
    Call("readlink", "readlink", Route.PATH),
    Call("remove", "unlink", Route.PATH, audit=_REMOVE),
    Call("rmdir", "rmdir", Route.PATH, audit=_first("os.rmdir", 1)),
    Call("stat", "stat", Route.PATH),
    Call("statvfs", "statvfs", Route.PATH, modelled=False),
    Call("truncate", "truncate", Route.PATH, audit=_TRUNCATE),
    Call("unlink", "unlink", Route.PATH, audit=_REMOVE),
    Call("utime", "utime", Route.PATH, audit=_UTIME),
    Call("fchdir", "chdir", Route.DESCRIPTOR, audit=_CHDIR),
    Call("fchmod", "chmod", Route.DESCRIPTOR, audit=_CHMOD),
    Call("fchown", "chown", Route.DESCRIPTOR, audit=_CHOWN),
    Call("fdatasync", "fsync", Route.DESCRIPTOR),
    Call("fstat", "fstat", Route.DESCRIPTOR),
    Call("fstatvfs", "statvfs", Route.DESCRIPTOR, modelled=False),
    Call("fsync", "fsync", Route.DESCRIPTOR),
    Call("ftruncate", "truncate", Route.DESCRIPTOR, audit=_TRUNCATE),
    Call("lseek", "lseek", Route.DESCRIPTOR),
    Call("pread", "read", Route.DESCRIPTOR),
    Call("preadv", "read", Route.DESCRIPTOR),
    Call("pwrite", "write", Route.DESCRIPTOR),
    Call("pwritev", "write", Route.DESCRIPTOR),
    Call("read", "read", Route.DESCRIPTOR),
    Call("readv", "read", Route.DESCRIPTOR),
    Call("write", "write", Route.DESCRIPTOR),
    Call("writev", "write", Route.DESCRIPTOR),
    Call("link", "link", Route.TWO_PATHS, audit=Audit("os.link", ((0, 2), (1, 3)))),
    Call("rename", "rename", Route.TWO_PATHS, audit=_RENAME),
    Call("replace", "rename", Route.TWO_PATHS, audit=_RENAME),
    Call("close", "close", Route.OWN),
    Call("dup", "dup", Route.OWN),
    Call("dup2", "dup", Route.OWN),
    Call("open", "open", Route.OWN, audit=_first("open")),
    Call("sendfile", "sendfile", Route.OWN),
    Call("symlink", "symlink", Route.OWN, audit=Audit("os.symlink", ((1, 2),))),
    Call("listdir", "listdir", Route.LISTING, audit=_first("os.listdir")),
    Call("scandir", "scandir", Route.LISTING, audit=_first("os.scandir")),
    Call("get_blocking", "get_blocking", Route.UNHEARD, modelled=False),
    Call("get_inheritable", "get_inheritable", Route.UNHEARD, modelled=False),
    Call("getcwd", "getcwd", Route.UNHEARD),
    Call("getcwdb", "getcwdb", Route.UNHEARD),
    Call("isatty", "isatty", Route.UNHEARD),
    Call("set_blocking", "set_blocking", Route.UNHEARD, modelled=False),
    Call("set_inheritable", "set_inheritable", Route.UNHEARD, modelled=False),
    Call("umask", "umask", Route.UNHEARD),
    Call("chroot", "chroot", Route.REFUSED, modelled=False),
    Call("closerange", "closerange", Route.REFUSED, modelled=False),
    Call("copy_file_range", "copy_file_range", Route.REFUSED, modelled=False),
    Call("eventfd", "eventfd", Route.REFUSED, modelled=False),
    Call("fork", "fork", Route.REFUSED, modelled=False, audit=Audit("os.fork")),
    Call("forkpty", "forkpty", Route.REFUSED, modelled=False, audit=Audit("os.forkpty")),
    Call("fpathconf", "fpathconf", Route.REFUSED, modelled=False),
    Call("getxattr", "getxattr", Route.REFUSED, modelled=False, audit=_first("os.getxattr")),
    Call("lockf", "lockf", Route.REFUSED, modelled=False),
    Call("memfd_create", "memfd_create", Route.REFUSED, modelled=False),
    Call("openpty", "openpty", Route.REFUSED, modelled=False),
    Call("pathconf", "pathconf", Route.REFUSED, modelled=False),
    Call("pipe", "pipe", Route.REFUSED, modelled=False),
    Call("pipe2", "pipe2", Route.REFUSED, modelled=False),
    Call("popen", "popen", Route.REFUSED, modelled=False),
    Call("posix_fadvise", "posix_fadvise", Route.REFUSED, modelled=False),
    Call("posix_fallocate", "posix_fallocate", Route.REFUSED, modelled=False),
    Call("posix_spawn", "posix_spawn", Route.REFUSED, modelled=False, audit=Audit("os.posix_spawn")),
    Call("posix_spawnp", "posix_spawnp", Route.REFUSED, modelled=False, audit=Audit("os.posix_spawn")),
    Call("removexattr", "removexattr", Route.REFUSED, modelled=False, audit=_first("os.removexattr")),
    Call("setxattr", "setxattr", Route.REFUSED, modelled=False, audit=_first("os.setxattr")),
    Call("splice", "splice", Route.REFUSED, modelled=False),
    Call("sync", "sync", Route.REFUSED, modelled=False),
    Call("system", "system", Route.REFUSED, modelled=False, audit=Audit("os.system")),
)
CALLS = {call.name: call for call in _ROWS}


def may_wait(flags: int) -> bool:
    """Whether an open with these flags waits for the other end of a FIFO."""
    return not flags & (os.O_NONBLOCK | os.O_PATH | os.O_DIRECTORY) and flags & _ACCESS != os.O_RDWR
