"""Where a call leads: its path as the history tells it, whether that lies in the world, and how we
reach the same place.

Rules: a path begins at the root, at the program's working directory, or at a descriptor, as the
kernel has it. It is told by its text, as at the seam of ``os``; what came through a descriptor is
told by where that was opened. A path from outside that leads into the world by a link is in it.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import NamedTuple

from ..world import REAL
from .calls import AT_FDCWD, signed
from .native import descriptor_of

#: The kit's own calls, without the way round by the seam that stands in ``os``.
_close: Callable[[int], None] = REAL["close"]
_fstat: Callable[[int], os.stat_result] = REAL["fstat"]
_readlink: Callable[[str], str] = REAL["readlink"]

#: Other names of a process's own descriptors, its working directory and its root.
_OWN = re.compile(
    r"/(?:proc/(?:self|thread-self|(?P<pid>[0-9]+))(?:/task/[0-9]+)?"
    r"/(?P<what>fd/(?P<fd>[0-9]+)|cwd|root)|dev/fd/(?P<dev>[0-9]+))(?P<rest>/.*)?\Z",
    re.DOTALL,
)
_DELETED = " (deleted)"
#: What a path has that is told otherwise than it stands: double slashes, dots, a slash at its end.
_UNTIDY = re.compile(r"//|/\.|/\Z").search


class Place(NamedTuple):
    """``told``: relative to the world, or absolute for one outside. ``directory``, ``path``.

    Ours, for our own call.
    """

    told: str
    directory: int
    path: bytes
    inside: bool


class Opened(NamedTuple):
    """Where a descriptor was opened, and what tells whether it is still that.

    ``ours``: our own copy of it, -1 for none. ``kind``: the kind of file.
    """

    told: str
    inode: tuple[int, int]
    ours: int
    kind: int


#: Copies of one program's descriptors that are kept at most.
_MOST_KEPT = 64


class Places:
    """The paths and descriptors of one program's processes in one world."""

    def __init__(self, root: str) -> None:
        self._root = root.rstrip("/")
        self._real = os.path.realpath(root)
        self._below_root = f"{self._root}/"
        self._opened: dict[tuple[int, int], Opened] = {}
        self._pidfds: dict[int, int] = {}
        #: Descriptors that lead out of the world.
        self._outside: set[tuple[int, int]] = set()
        #: Whether the program is one thread. Then a descriptor stays what it is until a call that
        #: is heard closes it, and nobody but the program shares its offset and its locks.
        self.alone = True

    def close(self) -> None:
        self.share()
        for descriptor in self._pidfds.values():
            with suppress(OSError):
                os.close(descriptor)
        self._pidfds.clear()

    def share(self) -> None:
        """From now on several threads or processes may use and close its descriptors."""
        self.alone = False
        self._outside.clear()
        for key, known in self._opened.items():
            self._opened[key] = self._let_go(known)

    def is_alone(self) -> None:
        """The program is one thread again."""
        self.alone = True
        for (process, descriptor), known in list(self._opened.items()):
            try:
                status = os.stat(f"/proc/{process}/fd/{descriptor}")
            except OSError:
                status = None
            if status is None or (status.st_dev, status.st_ino) != known.inode:
                self.closed(process, descriptor)

    def begins(self, process: int) -> None:
        """A process has become another program, or appears: of its
        descriptors nothing is known; or it has ended."""
        for key in [key for key in self._opened if key[0] == process]:
            self._let_go(self._opened.pop(key))
        self._outside = {key for key in self._outside if key[0] != process}
        if process in self._pidfds:
            os.close(self._pidfds.pop(process))

    def _let_go(self, known: Opened) -> Opened:
        if known.ours >= 0:
            _close(known.ours)
        return known._replace(ours=-1)

    # --- descriptors --------------------------------------------------------------------------------------------------

    def copy(self, process: int, descriptor: int) -> int:
        """Our own copy of a descriptor; whoever asked closes it. Raises OSError."""
        pidfd = self._pidfds.get(process)
        if pidfd is None:
            pidfd = self._pidfds[process] = os.pidfd_open(process)
        try:
            return descriptor_of(pidfd, descriptor)
        except ProcessLookupError:
            os.close(self._pidfds.pop(process))
            raise

    def kept(self, process: int, descriptor: int) -> Opened | None:
        """What is known of a descriptor of which a copy is kept."""
        known = self._opened.get((process, descriptor))
        return None if known is None or known.ours < 0 else known

    def opened(self, process: int, descriptor: int, told: str, ours: int) -> bool:
        """A descriptor came to be; whether our own copy of it is kept. Raises OSError."""
        self.closed(process, descriptor)
        status = _fstat(ours)
        keeps = self.alone and len(self._opened) < _MOST_KEPT
        self._opened[process, descriptor] = Opened(
            told, (status.st_dev, status.st_ino), ours if keeps else -1, stat.S_IFMT(status.st_mode)
        )
        return keeps

    def is_outside(self, process: int, descriptor: int) -> bool:
        """Whether a descriptor is known to lead out of the world."""
        return (process, descriptor) in self._outside

    def known_in(self, process: int, descriptors: range) -> Sequence[int]:
        """Those of a process's descriptors of which anything may be known."""
        if len(descriptors) <= 1:
            return descriptors
        return [
            number for owner, number in [*self._opened, *self._outside] if owner == process and number in descriptors
        ]

    def closed(self, process: int, descriptor: int) -> None:
        known = self._opened.pop((process, descriptor), None)
        if known is not None:
            self._let_go(known)
        self._outside.discard((process, descriptor))

    def of_descriptor(self, process: int, descriptor: int) -> str | None:
        """Where a descriptor of something in the world was opened.

        None for one outside, or none at all.
        """
        key = process, descriptor
        known = self._opened.get(key)
        if known is not None:
            if self.alone:
                return known.told
            with suppress(OSError):
                status = os.stat(f"/proc/{process}/fd/{descriptor}")
                if (status.st_dev, status.st_ino) == known.inode:
                    return known.told
            self.closed(process, descriptor)
        if key in self._outside:
            return None
        real = self._link(f"/proc/{process}/fd/{descriptor}")
        if real is None:
            return None
        if self._is_real(real):
            return self._within(real)
        if self.alone:
            self._outside.add(key)
        return None

    def real_of(self, descriptor: int) -> str:
        """The true path of a descriptor of ours."""
        return self._link(f"/proc/self/fd/{descriptor}") or "?"

    def is_inside(self, real: str) -> bool:
        """Whether a true path lies in the world."""
        return self._is_real(real)

    # --- paths --------------------------------------------------------------------------------------------------------

    def of_path(self, process: int, directory: int, raw: bytes, held: list[int]) -> Place:
        """Where a path of the program leads.

        Descriptors that were copied for it are added to ``held``. Raises OSError.
        """
        text = os.fsdecode(raw)
        if text.startswith(self._below_root) and not _UNTIDY(text):
            return Place(text[len(self._below_root) :], AT_FDCWD, raw, True)
        directory = signed(directory)
        own = _OWN.match(text) if text.startswith(("/proc/", "/dev/")) else None
        if own is not None and own["pid"] in {None, str(process)}:
            number = own["fd"] or own["dev"]
            if number is not None:
                return self._below(process, int(number), own["rest"] or "", held, by_link=True)
            text = f"{self._link(f'/proc/{process}/cwd') if own['what'] == 'cwd' else ''}{own['rest'] or '/'}"
        if text.startswith("/"):
            return self._absolute(text, AT_FDCWD, os.fsencode(text))
        if directory != AT_FDCWD:
            return self._below(process, directory, f"/{text}" if text else "", held, by_link=False)
        where = self._link(f"/proc/{process}/cwd") or "/"
        if text:
            return self._absolute(f"{where}/{text}", AT_FDCWD, os.fsencode(f"/proc/{process}/cwd/{text}"))
        # No path: the working directory itself, for calls that may be asked so.
        held.append(os.open(f"/proc/{process}/cwd", os.O_PATH | os.O_CLOEXEC))
        return self._absolute(where, held[-1], b"")

    def _below(self, process: int, descriptor: int, rest: str, held: list[int], *, by_link: bool) -> Place:
        base = self.of_descriptor(process, descriptor)
        if base is None:
            real = self._link(f"/proc/{process}/fd/{descriptor}") or "?"
            return (
                self._absolute(f"{real}{rest}", AT_FDCWD, os.fsencode(f"{real}{rest}"))
                if real.startswith("/")
                else Place(real, AT_FDCWD, b"", False)
            )
        known = self.kept(process, descriptor)
        if known is None:
            held.append(self.copy(process, descriptor))
        ours = held[-1] if known is None else known.ours
        told = tidy(f"{base}{rest}") if base != "." else tidy(rest.lstrip("/")) or "."
        if by_link:
            return Place(told, AT_FDCWD, os.fsencode(f"/proc/self/fd/{ours}{rest}"), True)
        return Place(told, ours, os.fsencode(rest[1:]), True)

    def _absolute(self, text: str, directory: int, path: bytes) -> Place:
        tidied = tidy(text)
        for root in (self._root, self._real):
            if tidied == root:
                return Place(".", directory, path, True)
            if tidied.startswith(f"{root}/"):
                return Place(tidied[len(root) + 1 :], directory, path, True)
        real = _resolved(tidied)
        if self._is_real(real):
            return Place(self._within(real), directory, path, True)
        return Place(tidied, directory, path, False)

    def _within(self, real: str) -> str:
        return real[len(self._real) + 1 :].removesuffix(_DELETED) or "."

    def _is_real(self, real: str) -> bool:
        return real == self._real or real.startswith(f"{self._real}/")

    def _link(self, path: str) -> str | None:
        try:
            return _readlink(path)
        except OSError:
            return None


def _resolved(path: str) -> str:
    """The true path as far as it exists: of itself, else of its directory."""
    for some, rest in ((path, ""), (os.path.dirname(path), f"/{os.path.basename(path)}")):
        try:
            descriptor = os.open(some, os.O_PATH | os.O_CLOEXEC)
        except OSError:
            continue
        try:
            return os.readlink(f"/proc/self/fd/{descriptor}") + rest
        finally:
            os.close(descriptor)
    return path


def tidy(text: str) -> str:
    """The text without double slashes and dots, as it is told."""
    if _UNTIDY(text) or text.startswith("."):
        return os.path.normpath("/" + text.lstrip("/") if text.startswith("/") else text)
    return text
