"""The marker: the consent to write into a directory, and the lock of the one load that does.

Rules: a load writes only into a directory that is empty or carries the marker, which ``simulate
load --init`` writes. The marker is a regular file of the caller's own user, or it is none. One load
at a time: it holds a lock on the marker, which its writers share. So nobody cleans up before the
last of them has ended.
"""

from __future__ import annotations

import fcntl
import json
import os
from pathlib import Path

from .._version import __version__
from ..base import BadInput
from ..safe import read_regular
from .directory import LoadDirectory
from .manifest import is_own_file, stored

MARKER = ".simulate-load"
_LARGEST = 4_096
_EXPECTED = "expected is an empty directory, or one that `simulate load --init DIR` marked"


def init(path: Path) -> bool:
    """Mark a directory, which is made where it is missing;
    False if it was marked already. Raises BadInput.
    """
    if path.resolve() == Path("/"):
        raise BadInput("the root of the file system is nobody's log dir", where="--init")
    try:
        path.mkdir(mode=0o755, parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(f"cannot be made: {error.strerror}", where=str(path)) from None
    place = LoadDirectory(path)
    try:
        if is_marked(place):
            return False
        _write(place)
        return True
    finally:
        place.close()


def is_marked(place: LoadDirectory) -> bool:
    """Whether a load may write there although it is not empty."""
    if not is_own_file(place, MARKER):
        return False
    try:
        told = json.loads(read_regular(MARKER, _LARGEST, dir_fd=place.descriptor) or b"")
    except (ValueError, RecursionError):
        return False
    return isinstance(told, dict) and told.get("name") == "simulate load"


def take(place: LoadDirectory) -> tuple[int, bool]:
    """(the lock, whether the marker was set just now) of a directory that may be written to. The
    lock is a descriptor, held until the last copy of it is closed.

    Raises BadInput.
    """
    where = str(place.path)
    marked = is_marked(place)
    if not marked:
        strange = sorted(os.listdir(place.descriptor))
        if strange:
            raise BadInput(f"is not empty (it holds {strange[0]!r}) and carries no marker; {_EXPECTED}", where=where)
        _write(place)
    lock = _locked(place)
    if stored(place).names:
        os.close(lock)
        raise BadInput("holds what an earlier load wrote", where=where, hint=f"`simulate load --clean {place.path}` removes exactly that")
    return lock, not marked


def take_to_clean(place: LoadDirectory) -> int:
    """As ``take``, of a directory that carries the marker."""
    if not is_marked(place):
        raise BadInput("carries no marker: no load has written there", where=str(place.path))
    return _locked(place)


def _locked(place: LoadDirectory) -> int:
    lock = os.open(MARKER, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=place.descriptor)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        raise BadInput("another load is at work there", where=str(place.path), hint="let it end, or end it") from None
    return lock


def _write(place: LoadDirectory) -> None:
    text = json.dumps({"name": "simulate load", "version": __version__, "about": "`simulate load` may write here"}) + "\n"
    try:
        descriptor = os.open(MARKER, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600, dir_fd=place.descriptor)
    except OSError as error:
        raise BadInput(f"{MARKER} cannot be written: {error.strerror}", where=str(place.path)) from None
    with open(descriptor, "w", encoding="ascii") as file:
        file.write(text)
