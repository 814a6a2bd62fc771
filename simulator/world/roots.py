"""Private directories of runs, and what killed ones left of them.

Rules: a directory is its maker's to remove. A maker that was killed cannot, and what lies on tmpfs
is memory. So beside each directory stands who made it, and the next maker removes those of makers
that are gone. Only this user's are looked at, and only where a process number means the same.
"""

from __future__ import annotations

import os
import re
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from .clearing import clear

_PREFIX, _OWNER = "etp-", ".owner"
#: The name of such a directory, as tempfile makes it, with that of its owner's note.
_NOTE = re.compile(rf"{_PREFIX}[a-z0-9_]{{8}}{re.escape(_OWNER)}")
#: Bytes of a note, at most.
_MOST = 100

_looked = False


def temporary_root() -> str:
    """A fresh private directory, on tmpfs where there is one."""
    global _looked  # noqa: PLW0603 - once a process
    shared_memory = "/dev/shm"  # noqa: S108 - tmpfs, a fresh private directory below it
    base = shared_memory if os.access(shared_memory, os.W_OK) else tempfile.gettempdir()
    if not _looked:
        _looked = True
        remove_abandoned(base)
    root = tempfile.mkdtemp(prefix=_PREFIX, dir=base)
    if owner := _maker(os.getpid()):
        with suppress(OSError):
            _note_of(root).write_text(owner, encoding="ascii")
    return root


def forget_root(root: str) -> None:
    """It is gone: nobody has to look for its maker."""
    with suppress(OSError):
        _note_of(root).unlink()


def remove_abandoned(base: str) -> None:
    """Remove what killed runs of this user left in a directory. What cannot be removed stays."""
    with suppress(OSError):
        for name in os.listdir(base):
            if _NOTE.fullmatch(name):
                with suppress(OSError, ValueError):
                    _settle(os.path.join(base, name))


def _settle(note: str) -> None:
    """Remove the directory of a note, and the note, where its maker is gone."""
    if not _is_own(note, stat.S_IFREG) or os.lstat(note).st_size > _MOST:
        return
    pid, started, space = Path(note).read_text(encoding="ascii").split()
    here = _maker(os.getpid()).split()
    if here[2:] != [space] or _maker(int(pid)).split()[1:2] == [started]:
        return
    root = note.removesuffix(_OWNER)
    if os.path.lexists(root) and _is_own(root, stat.S_IFDIR):
        clear(root)
        os.rmdir(root)
    if not os.path.lexists(root):
        os.unlink(note)


def _is_own(path: str, kind: int) -> bool:
    found = os.lstat(path)
    return stat.S_IFMT(found.st_mode) == kind and found.st_uid == os.geteuid()


def _note_of(root: str) -> Path:
    return Path(root + _OWNER)


def _maker(pid: int) -> str:
    """Number, start and namespace of a process; "" where that cannot be told, or there is none.

    A number is used again, and with its start it is not: proc_pid_stat(5), field 22.
    """
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        return f"{pid} {fields[19]} {os.stat('/proc/self/ns/pid').st_ino}"
    except (OSError, IndexError):
        return ""
