"""What a collector does past the seam, or outside its world:
seen by the interpreter's audit hook, never silently missed.

Rules:

* The hook watches while a seam is entered and its listener is not at work.
  ``Seam.calling`` marks a call that came through the seam.
* An escape is a file, process or network operation that did not come through the seam. Code in C
  does that, ``posix`` or ``_io`` used directly, or a function bound before the hooks.
* In the real world a call through the seam that leads outside the root,
  links followed, is an escape too.
* The import system may read source and write its caches.
  Others read below the allowed prefixes alone, and write nothing.

An audit hook cannot be removed, so it is installed once and does nothing unless it watches. It sees
opening, listing and changing names, not ``stat`` and ``read``: their functions are hooked by
``seam`` and found in modules by ``rebind``.
"""

from __future__ import annotations

import functools
import os
import sys
import sysconfig
from collections.abc import Callable, Iterable
from types import FrameType
from typing import Any

from . import seam as seams
from .calls import CALLS

_AUDITS = [call.audit for call in CALLS.values() if call.audit is not None]
#: Audited file events: which arguments are paths, and where each has its dir_fd.
_FILES: dict[str, tuple[tuple[int, int | None], ...]] = {
    "os.chflags": ((0, None),),
    "sqlite3.connect": ((0, None),),
    **{audit.event: audit.paths for audit in _AUDITS if audit.paths},
}
#: Audited events that no collector needs, in either world; the first argument is told.
_OTHERS = {
    "ctypes.dlopen", "gc.get_objects", "gc.get_referents", "gc.get_referrers",
    "os.exec", "os.kill", "os.killpg", "os.spawn", "pty.spawn",
    "socket.bind", "socket.connect", "socket.getaddrinfo", "socket.sendmsg", "socket.sendto", "subprocess.Popen",
    *(audit.event for audit in _AUDITS if not audit.paths),
}  # fmt: skip
#: Descriptors given to C code:
#: right in the real world, the real system's own numbers in the fake one.
_DESCRIPTORS = {"fcntl.fcntl", "fcntl.flock", "fcntl.ioctl", "fcntl.lockf", "mmap.__new__"}

#: What any program may read:
#: the interpreter's library and installed packages, time zones, randomness, nothing.
READABLE = (
    *(f"{sysconfig.get_path(name)}/" for name in ("stdlib", "platstdlib", "purelib", "platlib")),
    "/usr/share/zoneinfo/", "/etc/localtime", "/etc/timezone", "/dev/null", "/dev/urandom",
)  # fmt: skip

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
#: Enough to say what went wrong; a loop that escapes must not fill the memory.
_MOST = 1_000

#: A world keeps its root from run to run. One that is moved meanwhile leads outside from then on.
_resolved = functools.lru_cache(maxsize=1)(os.path.realpath)
_readlink: Callable[[str], str] = seams.REAL["readlink"]


class _Watch:
    """What is watched now; one a process, as the hook is."""

    def __init__(self) -> None:
        self.on = False
        self.root = ""
        self.allowed: tuple[str, ...] = ()
        self.found: list[tuple[str, str]] = []

    def note(self, event: str, path: str) -> None:
        if len(self.found) < _MOST:
            self.found.append((event, path))

    def is_inside(self, path: str) -> bool:
        return path == self.root or path.startswith(self.root + "/")

    def is_allowed(self, path: str) -> bool:
        return path.startswith(self.allowed)


_watch = _Watch()
_installed = False


def install_escape_detector() -> None:
    """Put the hook in place, once a process."""
    global _installed  # noqa: PLW0603 - an audit hook is for the process's life
    if not _installed:
        _installed = True
        sys.addaudithook(_heard)
        seams.on_opened = _opened


def watch_escapes(root: str, allowed_prefixes: Iterable[str] = ()) -> None:
    """Watch from now on.
    ``root``: the world's; below ``allowed_prefixes`` anybody may read (directories end in ``/``).
    """
    _watch.root = _resolved(root)
    _watch.allowed = tuple(allowed_prefixes)
    _watch.found = []
    _watch.on = True


def stop_watching() -> None:
    """Watch no more."""
    _watch.on = False


def take_escapes() -> list[tuple[str, str]]:
    """The escapes since the last asking:
    the audit event and the path (or the program, or the address).
    """
    found, _watch.found = _watch.found, []
    return found


def _heard(event: str, args: tuple[Any, ...]) -> None:
    if not _watch.on:
        return
    paths = _FILES.get(event)
    if paths is None and event not in _OTHERS and event not in _DESCRIPTORS:
        return
    seam = seams.entered()
    if seam is None or (seam.busy and not seam.calling):
        return
    if paths is not None:
        _file_event(seam, event, args, paths)
    elif event in _OTHERS or not seam.kernel.models_everything:
        _watch.note(event, _path_of(args[0] if args else ""))


def _file_event(seam: seams.Seam, event: str, args: tuple[Any, ...], paths: tuple[tuple[int, int | None], ...]) -> None:
    if seam.calling and seam.kernel.models_everything:
        paths = tuple(place for place in paths if place[0] < len(args) and not _is_within(seam.inside, args, *place))
        if not paths:
            return
    places = [_absolute(args, *place) for place in paths if place[0] < len(args)]
    if seam.calling:
        if not seam.kernel.models_everything:
            _watch.note(event, places[0] or "?")
            return
        places = [place for place in places if place is not None and not _watch.is_inside(place)]
        if not places:
            return
    if all(place is not None and _may(event, args, place) for place in places):
        return
    for place in places:
        _watch.note(event, place or "?")


def _is_within(inside: set[int], args: tuple[Any, ...], at: int, directory_at: int | None) -> bool:
    """Whether an event's argument is one of these descriptors, or a plain name in one of them.
    To ask the kernel where that is would tell no more.
    """
    if type(args[at]) is int:
        return args[at] in inside
    return directory_at is not None and directory_at < len(args) and _is_plain_in(inside, args[directory_at], args[at])


def _is_plain_in(inside: set[int], directory: Any, name: Any) -> bool:
    """Whether a name leads to no other directory than the one in which it is looked up, and that is
    one of these. Of their very types: what is made to look like them is the collector's code.
    """
    return type(directory) is int and directory in inside and type(name) is str and "/" not in name and name != ".."


def _may(event: str, args: tuple[Any, ...], path: str) -> bool:
    """Whether the interpreter or a reader of allowed places does this."""
    reads = event in {"os.listdir", "os.scandir"} or (event == "open" and not int(args[2] or 0) & _WRITING)
    if reads and _watch.is_allowed(path):
        return True
    return (reads or "/__pycache__" in path) and _is_importing(sys._getframe(3))


def _is_importing(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        # Code that an import runs is the collector's again.
        if frame.f_code.co_name == "<module>":
            return False
        frame = frame.f_back
    return False


def _absolute(args: tuple[Any, ...], at: int, directory_at: int | None) -> str | None:
    """The path of an event's argument, tidied but with its links;
    None where the event does not tell it.
    """
    path = args[at]
    if isinstance(path, int):
        return _of_descriptor(path)
    text = "." if path is None else os.fsdecode(path)
    if not text.startswith("/"):
        directory = args[directory_at] if directory_at is not None and directory_at < len(args) else None
        if isinstance(directory, int) and directory >= 0:
            text = f"{_of_descriptor(directory)}/{text}"
        elif directory_at is not None or path is None:
            text = f"{_of_working_directory()}/{text}"
        else:
            return None  # the event keeps its dir_fd to itself: told once it is open
    return os.path.normpath(text)


def _of_descriptor(descriptor: int) -> str:
    try:
        return _readlink(f"/proc/self/fd/{descriptor}")
    except OSError:
        return f"fd:{descriptor}"


def _of_working_directory() -> str:
    return str(seams.REAL["getcwd"]())


def _path_of(value: Any) -> str:
    if isinstance(value, (list, tuple)) and value:
        value = value[0]
    if isinstance(value, (str, bytes, os.PathLike)):
        return os.fsdecode(value)
    return type(value).__name__


def _opened(seam: seams.Seam, descriptor: int, name: Any, flags: int, dir_fd: int | None) -> None:
    """A file that came through the seam is open: where is it really, links followed?

    The kernel need not be asked of one that a plain name opened in a directory inside the root. No
    link was followed, so it is there. Who moves that directory out is seen doing it.
    """
    if not _watch.on:
        return
    # As the kernel takes them: a number that calculates in its own way is the collector's code.
    known = int.__index__(flags) if issubclass(type(flags), int) else _WRITING
    if known & os.O_NOFOLLOW and _is_plain_in(seam.inside, dir_fd, name):
        seam.inside.add(descriptor)
        return
    seam.inside.discard(descriptor)  # another had the number, and was closed unseen
    path = _of_descriptor(descriptor).removesuffix(" (deleted)")
    if _watch.is_inside(path):
        seam.inside.add(descriptor)
    elif path.startswith("/") and (known & _WRITING or not _watch.is_allowed(path)):
        _watch.note("open", path)
