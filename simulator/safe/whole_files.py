"""Files that are written whole or not at all, whatever stands under their names.

The user says where a report goes, and others may write in that directory. So the text is written
beside its target, under a name that nobody can guess and no link can wait at. It is renamed when it
is whole. A device, a FIFO or standard output is no file to be replaced: it is written as it is.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TextIO

#: Characters of the target's name in the name beside it;
#: with the rest they stay below the 255 bytes of a name.
_KEPT = 40
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_AS_IT_IS = os.O_WRONLY | os.O_NOCTTY | os.O_CLOEXEC


class WholeFile:
    """A file that is being written to ``stream``:
    ``commit`` puts it in its place, ``abandon`` leaves nothing. Raises OSError, as all of it does.

    A link that leads to a regular file is written where it leads;
    one that leads nowhere is refused.
    """

    def __init__(self, path: str | Path) -> None:
        self._directory: int | None = None
        self._aside = self._name = ""
        if os.fspath(path).endswith("/"):  # realpath() would take that for the name of a file
            raise OSError(errno.EISDIR, os.strerror(errno.EISDIR), os.fspath(path))
        status = _status(path)
        if status is None or (stat.S_ISREG(status.st_mode) and _standard_stream(status) is None):
            descriptor = self._open_aside(os.path.realpath(path), status)
        else:
            descriptor = _open_as_it_is(path, status)
        self.stream: TextIO = open(descriptor, "w", encoding="utf-8", newline="\n")  # noqa: SIM115 - closed by commit() or abandon()

    def commit(self) -> None:
        """The text is whole: put it in its place.
        Where that fails, the old file stands and nothing is left beside it.
        """
        try:
            self.stream.close()
            if self._directory is not None:
                self._rename(self._directory)
        finally:
            self.abandon()

    def abandon(self) -> None:
        """Leave nothing half written; after a commit there is nothing to leave."""
        with suppress(OSError):  # what cannot be flushed is not wanted
            self.stream.close()
        self._forget()

    def _open_aside(self, path: str, status: os.stat_result | None) -> int:
        parent, self._name = os.path.split(path)
        kept = self._name.encode("utf-8", "surrogateescape")[:_KEPT].decode("utf-8", "ignore")
        self._aside = f".{kept}.{secrets.token_hex(8)}"
        self._directory = os.open(parent, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            descriptor = os.open(self._aside, _NEW, 0o666, dir_fd=self._directory)
        except OSError:
            os.close(self._directory)
            raise
        if status is not None:
            with suppress(OSError):  # only the superuser gives a file away, and not every file system knows modes
                os.fchown(descriptor, status.st_uid, status.st_gid)
            with suppress(OSError):
                os.fchmod(descriptor, stat.S_IMODE(status.st_mode) & 0o777)
        return descriptor

    def _rename(self, directory: int) -> None:
        """Over a regular file or nothing: what has come there since is not ours to replace."""
        with suppress(FileNotFoundError):
            if not stat.S_ISREG(os.stat(self._name, dir_fd=directory, follow_symlinks=False).st_mode):
                raise FileExistsError(errno.EEXIST, "what stands there now is no regular file")
        os.rename(self._aside, self._name, src_dir_fd=directory, dst_dir_fd=directory)
        self._aside = ""

    def _forget(self) -> None:
        if self._directory is None:
            return
        if self._aside:
            with suppress(OSError):
                os.unlink(self._aside, dir_fd=self._directory)
        os.close(self._directory)
        self._directory = None


@contextmanager
def whole_file(path: str | Path) -> Iterator[TextIO]:
    """What is written within this stands at ``path`` at its end, all of it;
    after an exception the old file stands. Raises OSError.
    """
    file = WholeFile(path)
    try:
        yield file.stream
        file.commit()
    finally:
        file.abandon()


def write_whole(path: str | Path, text: str) -> None:
    """The text at ``path``, all of it or nothing. Raises OSError."""
    with whole_file(path) as stream:
        stream.write(text)


def write_own(path: str | Path, text: str) -> None:
    """As ``write_whole``, of a file of the kit's own: neither it nor its directory is a link."""
    for place, kind in ((os.path.dirname(path) or ".", stat.S_ISDIR), (path, stat.S_ISREG)):
        with suppress(FileNotFoundError):
            if not kind(os.lstat(place).st_mode):
                raise FileExistsError(errno.EEXIST, "what stands there is not the kit's")
    write_whole(path, text)


def write_new(path: str | Path, text: str) -> None:
    """As ``write_all_new``, of one file."""
    write_all_new({path: text})


def write_all_new(texts: Mapping[str | Path, str]) -> None:
    """Each text at its path, where nothing is yet, in directories that are made if need be. All are
    written or none, so that a full disk leaves no file that looks whole and is not.

    Raises OSError; FileExistsError for whatever stands there, a link that leads nowhere included.
    """
    with ExitStack() as undo:
        for path, text in texts.items():
            for parent in _missing_parents(path):
                os.mkdir(parent)
                undo.callback(_quietly, os.rmdir, parent)
            descriptor = os.open(path, _NEW, 0o666)
            undo.callback(_quietly, os.unlink, path)
            with open(descriptor, "w", encoding="utf-8") as stream:
                stream.write(text)
        undo.pop_all()  # all are there: nothing is undone


def _missing_parents(path: str | Path) -> list[Path]:
    """The directories above that are not there, the outermost first."""
    return [parent for parent in reversed(Path(path).parents) if not os.path.lexists(parent)]


def _quietly(remove: Callable[[str | Path], None], path: str | Path) -> None:
    with suppress(OSError):  # what went wrong before is what the caller is to hear of
        remove(path)


def _status(path: str | Path) -> os.stat_result | None:
    """Of what the path leads to; None where nothing is."""
    try:
        return os.stat(path)
    except FileNotFoundError:
        if os.path.islink(path):
            raise FileNotFoundError(errno.ENOENT, "it is a link that leads nowhere") from None
        return None


def _standard_stream(status: os.stat_result) -> int | None:
    """The descriptor of ours that stands for this very file:
    ``/dev/stdout`` leads there, and so may any other name.
    """
    for descriptor in (1, 2):
        with suppress(OSError):
            if os.path.samestat(os.fstat(descriptor), status):
                return descriptor
    return None


def _open_as_it_is(path: str | Path, status: os.stat_result) -> int:
    standard = _standard_stream(status)
    if standard is not None:
        return os.dup(standard)  # opened again it would begin at the file's start, and a socket cannot be
    descriptor = os.open(path, _AS_IT_IS)
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise FileExistsError(errno.EEXIST, "it became a regular file while it was opened")
    return descriptor
