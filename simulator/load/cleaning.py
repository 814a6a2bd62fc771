"""``simulate load --clean DIR``: what a load wrote goes, and nothing else.

Rules: an entry is removed only where its name and its inode are those that a manifest tells. A kill
may have left the inode unknown. Then the entry goes where it stands at its path, is of the kind
announced, no larger than announced, and of the caller's user. Directories are walked by descriptor
and no link is followed: a link that a hostile extension put in the place of a directory leads
nowhere. No mount is crossed, a bind mount of the same file system included: what lies beyond one is
not below the directory. A directory of ours goes only when it is empty.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from ..base import BadInput
from ..safe import mount_of
from .directory import DIRECTORY, OUTSIDE, LoadDirectory
from .manifest import Entry, stored
from .marker import MARKER, take_to_clean
from .step_writer import set_immutable

#: No step of a scenario makes anything deeper.
_DEEPEST = 12
_KINDS = {"mkdir": stat.S_ISDIR, "symlink": stat.S_ISLNK, "mkfifo": stat.S_ISFIFO, "socket": stat.S_ISSOCK, "device": stat.S_ISCHR}


@dataclass
class Cleaned:
    """What became of it: counts, and (path, reason) of what stays although a manifest names it."""

    files: int = 0
    directories: int = 0
    gone: int = 0
    kept: list[tuple[str, str]] = field(default_factory=list)


class Standing(NamedTuple):
    """An entry that is there."""

    path: str
    mode: int
    size: int
    inode: int
    uid: int

    @property
    def is_directory(self) -> bool:
        return stat.S_ISDIR(self.mode)


def clean(path: Path, tick: Callable[[int, int], None] = lambda _done, _of: None) -> Cleaned:
    """Remove what the manifests name, then them and the marker;
    ``tick`` is told how many are done, of how many. Raises BadInput.
    """
    place = LoadDirectory(path)
    try:
        lock = take_to_clean(place)
        try:
            return clean_held(place, tick=tick)
        finally:
            os.close(lock)
    except OSError as error:
        raise BadInput(f"cannot be cleaned: {error.strerror}", where=str(path)) from error
    finally:
        place.close()


def clean_held(place: LoadDirectory, *, marker: bool = True, tick: Callable[[int, int], None] = lambda _done, _of: None) -> Cleaned:
    """As ``clean``, of a place whose lock the caller holds.
    ``marker``: whether the marker goes too.
    """
    manifests = stored(place)
    result = Cleaned()
    ours, result.gone, strange = _ours(list(_walk(place)), manifests.entries())
    result.kept += [(one.path, "is not what the load wrote there") for one in strange]
    for done, one in enumerate(sorted(ours, key=lambda one: (one.is_directory, -one.path.count("/"), one.path))):
        tick(done, len(ours))
        reason = _removed(place, one)
        if reason:
            result.kept.append((one.path, reason))
        elif one.is_directory:
            result.directories += 1
        else:
            result.files += 1
    if result.files + result.directories == len(ours):  # else a later clean still has to know what is the load's
        for name in (*manifests.names, *([MARKER] if marker else [])):
            os.unlink(name, dir_fd=place.descriptor)
    return result


def _ours(standing: list[Standing], entries: Iterator[Entry]) -> tuple[list[Standing], int, list[Standing]]:
    """(what is the load's, how many entries have gone, what has the path of one and is not it)."""
    by_key = {(one.path.rpartition("/")[2], one.inode): one for one in standing}
    by_path = {one.path: one for one in standing}
    found: dict[str, Standing] = {}
    strange: dict[str, Standing] = {}
    announced = 0
    for entry in entries:
        announced += 1
        one = by_key.get((entry.path.rpartition("/")[2], entry.inode)) if entry.inode else by_path.get(entry.path)
        if one is not None and (entry.inode or _may_be(one, entry)):
            found[one.path] = one
        elif entry.path in by_path:
            strange[entry.path] = by_path[entry.path]
    return list(found.values()), announced - len(found), [one for path, one in strange.items() if path not in found]


def _may_be(one: Standing, entry: Entry) -> bool:
    """Whether an entry whose maker was killed may be what stands at its path."""
    kind = _KINDS.get(entry.act, stat.S_ISREG)
    return kind(one.mode) and one.uid == os.geteuid() and (one.is_directory or one.size <= entry.size or entry.act == "symlink")


def _walk(place: LoadDirectory) -> Iterator[Standing]:
    """Everything below the place, but the load's own files directly in it;
    links and what cannot be entered are not entered.
    """
    device, mount = os.fstat(place.descriptor).st_dev, mount_of(place.descriptor)
    pending = [""]
    while pending:
        directory = pending.pop()
        try:
            descriptor = _entered(place, directory)
        except OSError:
            continue
        try:
            for name in os.listdir(descriptor) if mount_of(descriptor) == mount else ():
                try:
                    told = os.stat(name, dir_fd=descriptor, follow_symlinks=False)
                except OSError:
                    continue
                if told.st_dev != device:
                    continue  # another file system counts its inodes anew
                path = f"{directory}/{name}" if directory else name
                if directory or name == OUTSIDE or not name.startswith(MARKER):
                    yield Standing(path, told.st_mode, told.st_size, told.st_ino, told.st_uid)
                if stat.S_ISDIR(told.st_mode) and path.count("/") < _DEEPEST:
                    pending.append(path)
        finally:
            os.close(descriptor)


def _entered(place: LoadDirectory, directory: str) -> int:
    if not directory:
        return os.open(".", DIRECTORY, dir_fd=place.descriptor)
    with place.parent(directory) as (holder, name):
        return os.open(name, DIRECTORY, dir_fd=holder)


def _removed(place: LoadDirectory, one: Standing) -> str:
    """Remove it; why it stays, or ""."""
    try:
        with place.parent(one.path) as (holder, name):
            if mount_of(holder) != mount_of(place.descriptor):
                return "lies beyond a mount"
            if os.stat(name, dir_fd=holder, follow_symlinks=False).st_ino != one.inode:
                return "is not what the load wrote there"
            try:
                (os.rmdir if one.is_directory else os.unlink)(name, dir_fd=holder)
            except PermissionError:
                if not stat.S_ISREG(one.mode):
                    raise
                _release(holder, name)
                os.unlink(name, dir_fd=holder)
    except FileNotFoundError:
        return ""
    except OSError as error:
        return "holds what the load did not write" if error.errno == errno.ENOTEMPTY else f"cannot be removed: {error.strerror}"
    return ""


def _release(holder: int, name: str) -> None:
    """Take the immutable attribute from a file that a hazard gave it."""
    descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=holder)
    try:
        set_immutable(descriptor, False)
    finally:
        os.close(descriptor)
