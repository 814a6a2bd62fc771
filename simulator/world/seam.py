"""The seam: every file-system call of a collector passes one hook, before and after.

Rules:

* One place. The functions of ``os`` (and ``open``, ``io.open``, ``io.FileIO``, which end in them)
  are replaced once a process by wrappers that ask which seam is current. pathlib, glob, shutil,
  ``os.path`` and ``os.walk`` all end in attributes of ``os``, so they pass it without being known
  here.
* Both worlds. The wrapper describes the call and runs the world's own function: the kernel's, or
  the fake one's. So the labels and the order are the same in both.
* Nobody else. Where no seam is current, or one is already at work (its listener takes writers'
  steps and keeps the history), the real function runs unseen. So do the standard library's own
  reads of source code for tracebacks.
* Nothing silent. What a world cannot model raises ``NotModelled``. What does not come through here
  at all (a module of C that opens files) is seen by ``simulator.world.escape``.

A label is the call's plain name: ``unlink`` for remove, ``lstat`` for a stat that does not follow,
``read`` for pread and readv. A path is relative to the world's root; one reached through a
descriptor is told by where the descriptor was opened.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable, Iterator
from typing import Any, Protocol

from .calls import CALLS
from .listing import NEVER, Listing, invented
from .signals import Killed, NotModelled, WorldSignal

#: The real functions, by name, before anything was replaced; of the calls that this Python has.
REAL: dict[str, Callable[..., Any]] = {name: getattr(os, name) for name in CALLS if hasattr(os, name)}


#: Where the kernel tells a process of a descriptor of its own. What is asked there is told of
#: nobody: it leads nowhere, and numbers differ from process to process. What else lies in /proc may
#: lead anywhere.
_is_own = re.compile("/proc/self/fdinfo/[0-9]+").fullmatch


class Kernel(Protocol):
    """A world's own calls, by the names of ``os``, and what ``scandir`` needs."""

    #: False where some calls of the table have no model, and raise ``NotModelled``.
    models_everything: bool

    def function(self, name: str) -> Callable[..., Any]:
        """The world's form of an os function; ``NotModelled`` where it has none."""
        ...

    def entries(self, path: Any) -> list[tuple[Any, str]]:
        """Names and kinds (``f d l o``) of a directory by path or descriptor,
        in no promised order.
        """
        ...

    def mount(self, path: str) -> None:
        """Have an empty directory be of another device. Raises OSError where that cannot be."""
        ...

    def refuse_blocking(self, path: Any, flags: int, dir_fd: int | None) -> None:
        """Raise WouldBlock where opening this would wait for somebody who never comes."""
        ...


class Listener(Protocol):
    """Who sits at the seam: the runner."""

    def before(self, label: str, path: str) -> None:
        """May take writers' steps;
        may raise OSError (a fault) or a WorldSignal instead of the call.
        """
        ...

    def after(self, label: str, path: str, errno: int) -> None:
        """``errno`` is 0 where the call succeeded,
        -1 where it failed with no errno (an embedded NUL).
        """
        ...

    def order(self, names: list[Any]) -> list[Any]:
        """The order in which this listing shows its sorted entries."""
        ...

    def is_endless(self, label: str, path: str) -> bool:
        """Whether this listing shows entries without end behind those that are there."""
        ...

    def shorten(self, path: str, wanted: int) -> int:
        """How many bytes a read may return (short reads are legal)."""
        ...


class Seam:
    """One run's seam: the world behind it,
    the listener at it, the descriptors that came through it.
    """

    def __init__(self, kernel: Kernel, root: str, listener: Listener) -> None:
        self.kernel = kernel
        self.root = root
        self.listener = listener
        #: At work: calls made now are the listener's, or the world's own.
        self.busy = False
        #: Of these, the world's own: the call that the collector asked for.
        self.calling = False
        #: A signal was raised; nothing of the collector runs any more.
        self.dead = False
        #: The first signal that was raised:
        #: what the collector died of, whatever it did on its way out.
        self.signal: type[WorldSignal] | None = None
        #: Where each open descriptor of the collector was opened (a leak is one that stays).
        self.descriptors: dict[int, str] = {}
        #: Of these, the ones that were seen to lead inside the root when they were opened.
        self.inside: set[int] = set()
        #: Those that lead to what the kernel tells of the process.
        self._own: set[int] = set()
        self._prefix = root.rstrip("/") + "/"

    # --- describing -------------------------------------------------------------------------------------------------

    def describe(self, path: Any, dir_fd: int | None = None) -> str:
        """The path as the history tells it; one outside the root stays absolute."""
        if isinstance(path, int):
            return self.descriptors.get(path, f"fd:{'?' if path > 2 else path}")
        text = path if type(path) is str else "." if path is None else os.fsdecode(path)
        if not text:
            return ""
        if dir_fd is not None and not text.startswith("/"):
            base = self.descriptors.get(dir_fd, "fd:?")
            return _tidy(f"{base}/{text}") if base != "." else _tidy(text)
        if not text.startswith("/"):
            text = f"{self.kernel.function('getcwd')()}/{text}"
        text = _tidy(text)
        if text == self.root:
            return "."
        return text[len(self._prefix) :] if text.startswith(self._prefix) else text

    # --- calling ----------------------------------------------------------------------------------------------------

    def call(self, label: str, path: str, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        """Run one call with its hooks. A signal raised on the way leaves the seam dead."""
        if self.dead:
            raise Killed(f"{label} {path}")
        self.busy = True
        try:
            self.listener.before(label, path)
            self.calling = True
            try:
                result = function(*args, **kwargs)
            except Exception as error:
                self.calling = False
                self.listener.after(label, path, getattr(error, "errno", None) or -1)
                raise
            self.calling = False
            self.listener.after(label, path, 0)
            return result
        except WorldSignal as signal:
            self.die(type(signal))
            raise
        finally:
            self.busy = self.calling = False

    def die(self, signal: type[WorldSignal]) -> None:
        """Nothing of the collector runs from here on."""
        self.dead = True
        self.signal = self.signal or signal

    def function(self, name: str) -> Callable[..., Any]:
        try:
            return self.kernel.function(name)
        except NotModelled:
            self.die(NotModelled)
            raise

    def release(self) -> list[str]:
        """Close what the collector left open, unseen, as the end of its process does;
        where each was opened.
        """
        left = list(self.descriptors.values())
        for descriptor in list(self.descriptors):
            self.forget(descriptor)
        for descriptor in self._own:
            with contextlib.suppress(OSError):
                self.kernel.function("close")(descriptor)
        self._own.clear()
        return left

    def forget(self, descriptor: int) -> None:
        """Close one descriptor of this seam's collector, unseen;
        nothing happens if it is closed already.
        """
        self.inside.discard(descriptor)
        if self.descriptors.pop(descriptor, None) is not None:
            with contextlib.suppress(OSError):
                self.kernel.function("close")(descriptor)

    # --- the kinds of call ------------------------------------------------------------------------------------------

    def by_path(self, name: str, label: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        path = args[0] if args else kwargs.get("path")
        if name == "stat":
            if isinstance(path, int):
                label = "fstat"
            elif not kwargs.get("follow_symlinks", True):
                label = "lstat"
        return self.call(label, self.describe(path, kwargs.get("dir_fd")), self.function(name), *args, **kwargs)

    def by_descriptor(self, name: str, label: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if self._own and args and args[0] in self._own:
            return self._untold(name, *args)
        path = self.describe(args[0] if args else kwargs.get("fd", -1))
        if name in {"read", "pread"} and len(args) > 1 and isinstance(args[1], int) and args[1] > 0:
            args = (args[0], self.listener.shorten(path, args[1]), *args[2:])
        return self.call(label, path, self.function(name), *args, **kwargs)

    def by_two_paths(self, name: str, label: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        given = dict(zip(("src", "dst"), args, strict=False)) | kwargs
        source = self.describe(given.get("src"), kwargs.get("src_dir_fd"))
        target = self.describe(given.get("dst"), kwargs.get("dst_dir_fd"))
        return self.call(label, f"{source} -> {target}", self.function(name), *args, **kwargs)

    def symlink(self, src: Any, dst: Any, target_is_directory: bool = False, *, dir_fd: int | None = None) -> None:
        where = self.describe(dst, dir_fd)
        self.call("symlink", where, self.function("symlink"), src, dst, target_is_directory, dir_fd=dir_fd)

    def open(self, path: Any, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        if type(path) is str and _is_own(path) and not flags & os.O_ACCMODE:
            return self._open_own(path, flags)
        return self._keep(path, flags, dir_fd, lambda: self._open(path, flags, mode, dir_fd))

    def _open_own(self, path: str, flags: int) -> int:
        descriptor: int = self._untold("open", path, flags)
        self._own.add(descriptor)
        return descriptor

    def _untold(self, name: str, *args: Any) -> Any:
        """A call that no history has."""
        self.busy = True
        try:
            return self.function(name)(*args)
        finally:
            self.busy = False

    def open_file(self, path: Any, flags: int) -> int:
        """What ``open`` does: a directory is refused, within the same call."""
        return self._keep(path, flags, None, lambda: self._open_file(path, flags))

    def _keep(self, path: Any, flags: int, dir_fd: int | None, function: Callable[[], int]) -> int:
        told = self.describe(path, dir_fd)

        def opened() -> int:
            # Kept inside the call: a crash after it finds the descriptor, and `release` closes it.
            descriptor = function()
            self.descriptors[descriptor] = told
            if on_opened is not None and self.kernel.models_everything:
                on_opened(self, descriptor, path, flags, dir_fd)
            return descriptor

        result: int = self.call("open", told, opened)
        return result

    def _open(self, path: Any, flags: int, mode: int, dir_fd: int | None) -> int:
        # Asked inside the call: what lies there may just have been swapped by a writer's step.
        self.kernel.refuse_blocking(path, flags, dir_fd)
        descriptor: int = self.function("open")(path, flags, mode, dir_fd=dir_fd)
        return descriptor

    def _open_file(self, path: Any, flags: int) -> int:
        descriptor = self._open(path, flags, 0o666, None)
        try:
            refuse_directory(self.function("fstat")(descriptor), path)
        except OSError:
            self.function("close")(descriptor)
            raise
        return descriptor

    def close(self, fd: int) -> None:
        if fd in self._own:
            self._own.discard(fd)
            self._untold("close", fd)
            return
        told = self.describe(fd)

        def closed() -> None:
            self.descriptors.pop(fd, None)
            self.inside.discard(fd)
            self.function("close")(fd)

        try:
            self.call("close", told, closed)
        except OSError:
            self.forget(fd)  # Linux frees the descriptor whatever error close() gives
            raise

    def dup(self, fd: int) -> int:
        copy: int = self.call("dup", self.describe(fd), self.function("dup"), fd)
        self.descriptors[copy] = self.describe(fd)
        self.inside.discard(copy)
        return copy

    def dup2(self, fd: int, fd2: int, inheritable: bool = True) -> int:
        copy: int = self.call("dup", self.describe(fd), self.function("dup2"), fd, fd2, inheritable)
        self.descriptors[copy] = self.describe(fd)
        self.inside.discard(copy)
        return copy

    def sendfile(self, out_fd: int, in_fd: int, *args: Any, **kwargs: Any) -> int:
        told = f"{self.describe(in_fd)} -> {self.describe(out_fd)}"
        sent: int = self.call("sendfile", told, self.function("sendfile"), out_fd, in_fd, *args, **kwargs)
        return sent

    def listdir(self, path: Any = ".") -> list[Any]:
        told = self.describe(path)
        found: list[tuple[Any, str]] = self.call("listdir", told, self.kernel.entries, _directory(path))
        names = self.listener.order(sorted(name for name, _ in found))
        if self.listener.is_endless("listdir", told):
            names += [os.fsencode(name) if isinstance(path, bytes) else name for name in map(invented, range(NEVER))]
        return names

    def scandir(self, path: Any = ".") -> Listing:
        told = self.describe(path)
        found: list[tuple[Any, str]] = self.call("scandir", told, self.kernel.entries, _directory(path))
        more = NEVER if self.listener.is_endless("scandir", told) else 0
        return Listing(self, _directory(path), told, self.listener.order(sorted(found)), more)

    def not_modelled(self, name: str, label: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if self.kernel.models_everything:
            path = self.describe(args[0]) if args and isinstance(args[0], (str, bytes, os.PathLike)) else "?"
            return self.call(label, path, REAL[name], *args, **kwargs)
        self.die(NotModelled)
        raise NotModelled(f"os.{name} is not modelled in the fake world")


def _tidy(text: str) -> str:
    """The text without double slashes and dots:
    for people to read, so links before a ``..`` are not looked at.
    """
    if "//" in text or "/." in text or text.startswith(".") or text.endswith("/"):
        return os.path.normpath("/" + text.lstrip("/") if text.startswith("/") else text)
    return text


def _directory(path: Any) -> Any:
    if path is None:
        return "."
    return path if isinstance(path, int) else os.fspath(path)


def refuse_directory(told: os.stat_result, path: Any) -> None:
    """Raise what ``open`` raises for a directory:
    the kernel opens it, the C library looks and refuses.
    """
    if told.st_mode & 0o170000 == 0o040000:
        raise IsADirectoryError(21, os.strerror(21), path)


# --- which seam is current ------------------------------------------------------------------------------------------------

_current: Seam | None = None
#: Told of each descriptor that a collector opened in the real world (``simulator.world.escape``).
on_opened: Callable[[Seam, int, Any, int, int | None], None] | None = None


def enter_seam(seam: Seam | None) -> None:
    """Make this the seam through which calls go from now on;
    ``None``: they go straight to the kernel.
    """
    global _current  # noqa: PLW0603 - one per process, as the functions that it stands behind are
    _current = seam


def current() -> Seam | None:
    """The seam that a call made now would pass,
    or None (outside a run, or inside the seam's own work).
    """
    seam = _current
    return None if seam is None or seam.busy else seam


def entered() -> Seam | None:
    """The seam that was entered, at work or not."""
    return _current


@contextlib.contextmanager
def aside() -> Iterator[None]:
    """Within this, calls go straight to the kernel:
    they are the kit's or the interpreter's, not the collector's.
    """
    seam = _current
    enter_seam(None)
    try:
        yield
    finally:
        enter_seam(seam)
