"""Worlds: a kernel, a root, and hands that carry out writers' steps in it.

Rules: a step is carried out with the world's own calls, unseen by the seam. Every step ends by
setting the modification time it names, so that both worlds show the collector the same times. What
a step may not do, such as a device node outside the root's file system, is an errno in its outcome,
never an exception.

Below the root: ``log`` (the log dir), ``lib/events`` (agent events),
``outside`` (what no collector may touch).
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterable
from pathlib import Path

from ..base import EPOCH, BadInput
from ..core import AGENT_EVENTS_DIR, FILE_OUTSIDE, LOG_DIR, OUTSIDE, SECRET_FILE, SECRET_TEXT, Step
from ..safe import safe
from .clearing import clear
from .fake import FakeKernel
from .real import RealKernel
from .seam import Kernel
from .signals import LostWorld
from .tree import TreeEntry, kind_of

_SECRET = (
    b'{"Version":"1","Timestamp":"2026-01-05T00:00:00Z","TaskName":"outside","EventLevel":"Error",'
    b'"Message":"' + SECRET_TEXT.encode() + b' must never be read","EventPid":"1","EventTid":"1","OperationId":""}'
)

#: The root of the fake world, by which people are told of every root that is gone after its run.
FAKE_ROOT = "/world"


class World:
    """A root directory in some kernel; ``set_up`` empties and furnishes it."""

    #: Whether nobody looks into the root after the run.
    temporary = False

    def __init__(self, name: str, kernel: Kernel, root: str) -> None:
        self.name = name
        self.kernel = kernel
        self.root = root
        #: Entries that cannot be removed, by path relative to the root.
        self.immutable: set[str] = set()
        #: Files whose mode lets nobody read them.
        #: Root's calls would: whoever the collector runs as, the run is the same.
        self.unreadable: set[str] = set()
        self._acts: dict[str, Callable[[Step, str], None]] = {
            "write": self._write, "append": self._append, "truncate": self._truncate, "rename": self._rename,
            "replace": self._replace, "link": self._link, "symlink": self._symlink, "mkdir": self._mkdir,
            "mount": self._mount, "rmdir": self._rmdir, "rmtree": self._rmtree, "unlink": self._unlink,
            "mkfifo": self._mkfifo, "socket": self._socket, "device": self._device, "chmod": self._chmod,
            "immutable": self._immutable, "mutable": self._mutable, "touch": self._touch,
        }  # fmt: skip

    # --- life -------------------------------------------------------------------------------------------------------

    def furnish(self) -> None:
        """The directories that exist before any collector runs, and the secret outside."""
        mkdir = self.kernel.function("mkdir")
        for directory in (LOG_DIR, "lib", AGENT_EVENTS_DIR, OUTSIDE, f"{OUTSIDE}/directory"):
            mkdir(self.full(directory), 0o700)
        for path in (SECRET_FILE, FILE_OUTSIDE):
            self._put(self.full(path), _SECRET, os.O_CREAT | os.O_WRONLY, 0o600)
            self._set_time(self.full(path), EPOCH)

    def arrange(self, log_dir: str, agent_events_dir: str) -> None:
        """Leave out what is missing at first,
        or put a link in its place (the scenario's keys of these names).
        """
        function = self.kernel.function
        if log_dir != "present":
            function("rmdir")(self.full(LOG_DIR))
        if log_dir == "link":
            function("mkdir")(self.full("elsewhere"), 0o700)
            function("symlink")(self.full("elsewhere"), self.full(LOG_DIR))
        if agent_events_dir == "missing":
            function("rmdir")(self.full(AGENT_EVENTS_DIR))

    def full(self, path: str) -> str:
        """The absolute path of one relative to the root."""
        return f"{self.root}/{path}"

    def readable(self, text: str) -> str:
        """A text of the collector as people read it.

        A directory that is gone after the run has another name in the next. It gets the fake
        world's name, so that one cause is one text.
        """
        return text.replace(self.root, FAKE_ROOT) if self.temporary else text

    # --- steps ------------------------------------------------------------------------------------------------------

    def perform(self, step: Step) -> str:
        """Carry out one step. Returns "" or the errno's name."""
        path = self.full(step.path)
        try:
            self._acts[step.act](step, path)
            if step.act not in {"rename", "replace", "unlink", "rmdir", "rmtree", "immutable", "mutable"}:
                self._set_time(path, EPOCH + (step.at if step.mtime is None else step.mtime))
        except OSError as error:
            return errno.errorcode.get(error.errno or 0, "EIO")
        return ""

    def refuses_removal(self, path: str) -> bool:
        """True for an entry that a step made immutable (removing or renaming it gives EPERM)."""
        return path in self.immutable

    def refuses_opening(self, path: str) -> bool:
        """True for a file that a step made unreadable (opening it gives EACCES)."""
        return path in self.unreadable

    def _put(self, path: str, data: bytes, flags: int, mode: int) -> None:
        function = self.kernel.function
        fd = function("open")(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK, mode)
        try:
            left = memoryview(data)
            while left:
                left = left[function("write")(fd, left) :]
            if flags & os.O_CREAT:
                function("fchmod")(fd, mode)
        finally:
            function("close")(fd)

    def _write(self, step: Step, path: str) -> None:
        self._put(path, step.data, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, step.mode)

    def _append(self, step: Step, path: str) -> None:
        self._put(path, step.data, os.O_WRONLY | os.O_APPEND, step.mode)

    def _truncate(self, step: Step, path: str) -> None:
        self.kernel.function("truncate")(path, step.size)

    def _rename(self, step: Step, path: str) -> None:
        self.kernel.function("rename")(path, self.full(step.to))
        if step.mtime is not None:
            self._set_time(self.full(step.to), EPOCH + step.mtime)

    def _replace(self, step: Step, path: str) -> None:
        target = self.full(step.to)
        mode = self.kernel.function("lstat")(target).st_mode
        self.kernel.function("rmdir" if stat.S_ISDIR(mode) else "unlink")(target)
        self._rename(step, path)

    def _link(self, step: Step, path: str) -> None:
        self.kernel.function("link")(path, self.full(step.to))

    def _symlink(self, step: Step, path: str) -> None:
        target = self.full(step.to[2:]) if step.to.startswith("@/") else step.to
        self.kernel.function("symlink")(target, path)

    def _mkdir(self, step: Step, path: str) -> None:
        self.kernel.function("mkdir")(path, step.mode if step.mode != 0o644 else 0o755)

    def _mount(self, step: Step, path: str) -> None:
        self._mkdir(step, path)
        self.kernel.mount(path)

    def _rmdir(self, step: Step, path: str) -> None:  # noqa: ARG002 - one form for every act
        self.kernel.function("rmdir")(path)

    def _rmtree(self, step: Step, path: str) -> None:
        """What its owner removes it can remove:
        nothing below stays, immutable or not; links go, and are not followed.
        """
        function = self.kernel.function
        for name, _ in self.kernel.entries(path):
            inner = step._replace(path=f"{step.path}/{name}")
            if stat.S_ISDIR(function("lstat")(f"{path}/{name}").st_mode):
                self._rmtree(inner, f"{path}/{name}")
            else:
                function("unlink")(f"{path}/{name}")
                self.immutable.discard(inner.path)
                self.unreadable.discard(inner.path)
        function("rmdir")(path)

    def _unlink(self, step: Step, path: str) -> None:  # noqa: ARG002 - one form for every act
        self.kernel.function("unlink")(path)

    def _mkfifo(self, step: Step, path: str) -> None:
        self.kernel.function("mkfifo")(path, step.mode)

    def _socket(self, step: Step, path: str) -> None:
        # A socket node as bind() leaves it; mknod makes the same without a process behind it.
        self.kernel.function("mknod")(path, stat.S_IFSOCK | step.mode)

    def _device(self, step: Step, path: str) -> None:
        major, minor = (int(number) for number in step.to.split(":"))
        self.kernel.function("mknod")(path, stat.S_IFCHR | step.mode, os.makedev(major, minor))

    def _chmod(self, step: Step, path: str) -> None:
        self.kernel.function("chmod")(path, step.mode)
        (self.unreadable.discard if step.mode & 0o444 else self.unreadable.add)(step.path)

    def _immutable(self, step: Step, path: str) -> None:
        self.kernel.function("lstat")(path)
        self.immutable.add(step.path)

    def _mutable(self, step: Step, path: str) -> None:  # noqa: ARG002 - one form for every act
        self.immutable.discard(step.path)

    def _touch(self, step: Step, path: str) -> None:
        """Only the time, which every step sets."""

    def _set_time(self, path: str, nanoseconds: int) -> None:
        self.kernel.function("utime")(path, ns=(nanoseconds, nanoseconds), follow_symlinks=False)

    # --- looking ----------------------------------------------------------------------------------------------------

    def tree(self) -> list[TreeEntry]:
        """Everything below the root, sorted by path."""
        found: list[TreeEntry] = []
        look = self.kernel.function("lstat")
        pending = [""]
        while pending:
            directory = pending.pop()
            for name in self._names(directory):
                path = f"{directory}/{name}" if directory else name
                try:
                    told = look(self.full(path))
                except OSError:  # it has gone, or lies too deep to have a path
                    continue
                kind = kind_of(told.st_mode)
                if kind == "dir":
                    pending.append(path)
                found.append((path, kind, self._size(path, kind, told.st_size)))
        return sorted(found)

    def _names(self, directory: str) -> list[str]:
        """None of one that has gone, or lies too deep to have a path."""
        try:
            return [name for name, _ in self.kernel.entries(self.full(directory).rstrip("/"))]
        except OSError:
            return []

    def _size(self, path: str, kind: str, size: int) -> int | str:
        if kind == "link":
            target: str = self.kernel.function("readlink")(self.full(path))
            return "@" + target[len(self.root) :] if target.startswith(self.root + "/") else target
        return size if kind == "file" else 0


class FakeWorld(World):
    """pyfakefs's tree under a frozen clock; one a process."""

    def __init__(self) -> None:
        self.fake = FakeKernel()
        super().__init__("fake", self.fake, FAKE_ROOT)

    def set_up(self) -> None:
        self.fake.reset()
        self.immutable.clear()
        self.unreadable.clear()
        self.fake.function("mkdir")(self.root, 0o755)
        self.furnish()

    def tear_down(self) -> None:
        self.fake.reset()

def _empty_root(path: Path) -> str:
    """Each run empties its root: never one that somebody else filled."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        if any(path.iterdir()):
            raise BadInput("the directory to keep is not empty", where=str(path), hint="name a new or empty one")
        return str(path.resolve())
    except (OSError, ValueError) as error:
        raise BadInput(f"cannot be used: {getattr(error, 'strerror', None) or error}", where=str(path)) from None


class RealWorld(World):
    """A directory of the real file system, new or empty, which is its owner's to remove.
    Raises BadInput.
    """

    def __init__(self, root: Path, standing: Iterable[str] | None = None, *, temporary: bool = False) -> None:
        """``standing``: of a world that another process furnished, what nobody may remove there.
        ``temporary``: see World.
        """
        self.temporary = temporary
        super().__init__("real", RealKernel(), _empty_root(root) if standing is None else str(root))
        found = os.lstat(self.root)
        self._identity = found.st_dev, found.st_ino
        self.immutable.update(standing or ())

    def set_up(self) -> None:
        self.immutable.clear()
        self.unreadable.clear()
        self.empty()
        self.furnish()

    def empty(self) -> None:
        """Remove all that a run left; nobody else is at work here then.
        Links are removed, never followed. Raises LostWorld.
        """
        self._must_stand()
        if left := clear(self.root):
            raise LostWorld(f"the collector left in its world what cannot be removed: {safe(left)}")

    def tree(self) -> list[TreeEntry]:
        """Raises LostWorld where something else stands in the root's place."""
        self._must_stand()
        return super().tree()

    def _must_stand(self) -> None:
        try:
            found = self.kernel.function("lstat")(self.root)
            is_same = stat.S_ISDIR(found.st_mode) and (found.st_dev, found.st_ino) == self._identity
        except OSError:
            is_same = False
        if not is_same:
            raise LostWorld("the collector removed its world, or put something else in its place")

    def tear_down(self) -> None:
        """Left as it is."""
