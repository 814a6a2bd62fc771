"""What collectors do to files, and which calls are then heard: the same in both worlds.

A body takes the root and returns something comparable; ``heard`` names the calls that matter.
"""

# ruff: noqa: PERF401, SIM105, SIM115, UP020 - as collectors are written

from __future__ import annotations

import glob
import io
import json
import os
import pathlib
import shutil
import tempfile
from collections.abc import Callable
from typing import Any, NamedTuple


class Body(NamedTuple):
    run: Callable[[str], Any]
    calls: list[str]


BODIES: dict[str, Body] = {}


def heard(*calls: str) -> Callable[[Callable[[str], Any]], Callable[[str], Any]]:
    def keep(function: Callable[[str], Any]) -> Callable[[str], Any]:
        BODIES[function.__name__] = Body(function, list(calls))
        return function

    return keep


# --- os -----------------------------------------------------------------------------------------------------------------


@heard(
    "open d",
    "open d/1.json",
    "fstat d/1.json",
    "read d/1.json",
    "read d/1.json",
    "close d/1.json",
    "unlink d/1.json",
    "close d",
)
def careful(r):
    d = os.open(f"{r}/d", os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    fd = os.open("1.json", os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=d)
    size = os.fstat(fd).st_size
    data = os.read(fd, 5), os.read(fd, 100)
    os.close(fd)
    os.unlink("1.json", dir_fd=d)
    os.close(d)
    return size, data


@heard(
    "stat d",
    "lstat d/link",
    "lstat d/link",
    "stat d/link",
    "stat d/missing ENOENT",
    "access d/1.json",
    "readlink d/link",
)
def looking_by_path(r):
    seen = [
        os.stat(f"{r}/d").st_nlink,
        os.lstat(f"{r}/d/link").st_size,
        os.stat(f"{r}/d/link", follow_symlinks=False).st_size,
    ]
    seen.append(os.stat(path=f"{r}/d/link").st_size)
    try:
        os.stat(f"{r}/d/missing")
    except FileNotFoundError as error:
        seen.append(error.filename == f"{r}/d/missing")
    return seen, os.access(f"{r}/d/1.json", os.R_OK), os.readlink(f"{r}/d/link")


@heard(
    "open d",
    "fstat d",
    "fstat d",
    "stat d/e",
    "lstat d/link",
    "lstat d/e/deep",
    "open d/e",
    "stat d/e/deep",
    "stat .",
    "close d/e",
    "close d",
)
def looking_by_descriptor(r):
    d = os.open(f"{r}/d/", os.O_RDONLY)
    seen = [os.fstat(d).st_nlink, os.stat(d).st_nlink, os.stat("e", dir_fd=d).st_nlink]
    seen.append(os.stat("link", dir_fd=d, follow_symlinks=False).st_size)
    seen.append(os.lstat("e/deep", dir_fd=d).st_size)
    e = os.open("e", os.O_RDONLY, dir_fd=d)
    seen.append(os.stat("./deep", dir_fd=e).st_size)
    seen.append(os.stat(f"{r}/", dir_fd=e).st_nlink)
    os.close(e)
    os.close(d)
    return seen


@heard(
    "stat d/1.json",
    "stat d/1.json",
    "stat .",
    "stat .",
    "stat /nowhere/at/all ENOENT",
    "stat  ENOENT",
    "open fd:?/x EBADF",
    "close fd:? EBADF",
)
def odd_paths(r):
    seen = [
        os.stat(f"{r}//d/./1.json").st_size,
        os.stat(os.fsencode(f"{r}/d/e/../1.json")).st_size,
        os.stat(r).st_nlink,
        os.stat(f"{r}/").st_nlink,
    ]
    for path in ("/nowhere/at/all", ""):
        try:
            os.stat(path)
        except OSError as error:
            seen.append(error.errno)
    try:
        os.open("x", os.O_RDONLY, dir_fd=987_654)
    except OSError as error:
        seen.append(error.errno)
    try:
        os.close(987_654)
    except OSError as error:
        seen.append(error.errno)
    return seen


@heard("lstat d/a\0b -1")
def nul(r):
    try:
        os.lstat(f"{r}/d/a\0b")
    except ValueError:
        return "refused"


@heard(
    "mkdir n",
    "mkdir n/m",
    "rename n/m -> n/o",
    "link d/1.json -> n/one",
    "symlink n/two",
    "rename n/one -> n/three",
    "unlink n/two",
    "unlink n/three",
    "rmdir n/o",
    "rmdir n",
)
def names(r):
    os.mkdir(f"{r}/n")
    os.mkdir(f"{r}/n/m")
    os.rename(f"{r}/n/m", f"{r}/n/o")
    os.link(f"{r}/d/1.json", f"{r}/n/one")
    os.symlink("anything", f"{r}/n/two")
    os.replace(src=f"{r}/n/one", dst=f"{r}/n/three")
    os.remove(f"{r}/n/two")
    os.unlink(f"{r}/n/three")
    os.rmdir(f"{r}/n/o")
    os.rmdir(f"{r}/n")


@heard("open .", "rename d/1.json -> d/e/1", "link d/2.json -> d/two", "close .")
def names_by_descriptor(r):
    top = os.open(r, os.O_RDONLY)
    os.rename("d/1.json", "d/e/1", src_dir_fd=top, dst_dir_fd=top)
    os.link("d/2.json", f"{r}/d/two", src_dir_fd=top)
    os.close(top)


@heard(
    "chmod d/1.json",
    "utime d/1.json",
    "truncate d/1.json",
    "open d/1.json",
    "chmod d/1.json",
    "truncate d/1.json",
    "fsync d/1.json",
    "utime d/1.json",
    "stat d/1.json",
    "fstat d/1.json",
    "close d/1.json",
)
def attributes(r):
    path = f"{r}/d/1.json"
    os.chmod(path, 0o600)
    os.utime(path, (1, 2))
    os.truncate(path, 7)
    fd = os.open(path, os.O_RDWR)
    os.fchmod(fd, 0o640)
    os.ftruncate(fd, 5)
    os.fsync(fd)
    os.utime(fd, ns=(3, 4))
    told = os.stat(path)
    os.fstat(fd)
    os.close(fd)
    return told.st_size, told.st_mtime_ns, oct(told.st_mode)


@heard("open n", "write n", "write n", "lseek n", "read n", "read n", "read n", "dup n", "close n", "read n", "close n")
def descriptors(r):
    fd = os.open(f"{r}/n", os.O_RDWR | os.O_CREAT)
    os.write(fd, b"abc")
    os.pwrite(fd, b"defg", 3)
    os.lseek(fd, 0, os.SEEK_SET)
    buffer = bytearray(2)
    seen = os.read(fd, 2), os.pread(fd, 2, 4), os.readv(fd, [buffer]), bytes(buffer)
    copy = os.dup(fd)
    os.close(fd)
    seen += (os.read(copy, 9),)
    os.close(copy)
    return seen


@heard("listdir d", "open d", "listdir d", "close d", "listdir d", "listdir d/1.json ENOTDIR")
def listing(r):
    names = [os.listdir(f"{r}/d")]
    fd = os.open(f"{r}/d", os.O_RDONLY)
    names.append(os.listdir(fd))
    os.close(fd)
    names.append(os.listdir(pathlib.Path(r, "d")))
    try:
        os.listdir(f"{r}/d/1.json")
    except NotADirectoryError:
        return names


@heard(
    "scandir d",
    "readdir d",
    "stat d/dangling ENOENT",
    "stat d/dangling ENOENT",
    "stat d/link",
    "readdir d",
    "lstat d/1.json",
    "lstat d/link",
)
def scanning(r):
    with os.scandir(f"{r}/d") as found:
        entries = []
        for entry in found:
            entries.append(
                (
                    entry.name,
                    entry.path[len(r) :],
                    entry.is_file(),
                    entry.is_dir(),
                    entry.is_symlink(),
                    entry.is_file(follow_symlinks=False),
                )
            )
            if entry.name == "1.json":
                regular = entry
            if entry.name == "link":
                link = entry
                entry.stat()
    told = regular.stat().st_size, regular.stat().st_size, link.stat().st_size, link.stat(follow_symlinks=False).st_size
    return entries, told, isinstance(regular, os.DirEntry), os.fspath(regular) == f"{r}/d/1.json", repr(regular)


@heard("open d", "scandir d", "readdir d", "lstat d/1.json", "stat d/link", "readdir d", "close d")
def scanning_a_descriptor(r):
    fd = os.open(f"{r}/d", os.O_RDONLY)
    told = []
    with os.scandir(fd) as found:
        for entry in found:
            if entry.name in {"1.json", "link"}:
                told.append((entry.path, entry.stat().st_size))
    os.close(fd)
    return told


@heard("scandir d", "readdir d")
def scanning_in_part(r):
    with os.scandir(os.fsencode(f"{r}/d")) as found:
        return next(found).name, next(found).name


@heard(
    "stat d",
    "stat d/1.json",
    "lstat d/dangling",
    "stat d/dangling ENOENT",
    "stat d",
    "stat d/1.json",
    "lstat d/link",
    "stat d/1.json",
    "stat d/1.json",
    "stat d/link",
    "stat d/1.json",
)
def os_path(r):
    path = os.path
    return (
        path.exists(f"{r}/d"), path.exists(f"{r}/d/1.json"), path.lexists(f"{r}/d/dangling"), path.exists(f"{r}/d/dangling"), path.isdir(f"{r}/d"),
        path.isfile(f"{r}/d/1.json"), path.islink(f"{r}/d/link"), path.getsize(f"{r}/d/1.json"), path.getmtime(f"{r}/d/1.json") > 0,
        path.samefile(f"{r}/d/link", f"{r}/d/1.json"),
    )  # fmt: skip


# --- file objects -------------------------------------------------------------------------------------------------------


@heard("open d/1.json", "read d/1.json", "close d/1.json")
def whole_text(r):
    with open(f"{r}/d/1.json", encoding="utf-8") as file:
        return (
            file.read(),
            file.name == f"{r}/d/1.json",
            file.mode,
            isinstance(file, io.TextIOWrapper),
            isinstance(file.buffer.raw, io.FileIO),
        )


@heard("open d/1.json", "read d/1.json", "close d/1.json")
def whole_bytes(r):
    with open(f"{r}/d/1.json", "rb") as file:
        return file.read(), file.mode, isinstance(file, io.BufferedReader), file.seekable(), file.isatty(), file.closed


@heard("open d/2.json", "read d/2.json", "read d/2.json", "read d/2.json", "close d/2.json")
def lines(r):
    with open(f"{r}/d/2.json", encoding="utf-8", newline="") as file:
        return list(file)


@heard("open d/2.json", "read d/2.json", "close d/2.json")
def universal_newlines(r):
    with io.open(f"{r}/d/2.json", "rt", -1, "utf-8") as file:
        return file.read()


@heard("open d/1.json", "read d/1.json", "close d/1.json")
def parsing(r):
    with open(f"{r}/d/1.json") as file:
        try:
            json.load(file)
        except ValueError as error:
            return str(error)


@heard("open d/e/deep", "read d/e/deep", "read d/e/deep", "read d/e/deep", "close d/e/deep")
def reading_in_pieces(r):
    with open(f"{r}/d/e/deep", "rb", buffering=0) as file:
        return len(file.read(10)), len(file.read(19_000)), len(file.read(19_000)), file.tell()


@heard("open d/1.json", "read d/1.json", "lseek d/1.json", "read d/1.json", "close d/1.json")
def going_back(r):
    with open(f"{r}/d/1.json", "rb") as file:
        return file.read(), file.seek(0), file.read()


@heard("open n", "write n", "close n", "open n", "write n", "close n", "open n EEXIST", "open n", "read n", "close n")
def writing(r):
    with open(f"{r}/n", "w", encoding="utf-8") as file:
        file.write("é")
        file.write("x\n")
    with open(f"{r}/n", "ab") as file:
        end = file.tell()
        file.write(b"more")
    try:
        open(f"{r}/n", "x")
    except FileExistsError:
        pass
    with open(f"{r}/n", "rb") as file:
        return end, file.read()


@heard("open n", "write n", "write n", "lseek n", "read n", "truncate n", "close n")
def reading_and_writing(r):
    with open(f"{r}/n", "w+b") as file:
        file.write(b"abc")
        file.flush()
        file.write(b"def")
        file.seek(0)
        seen = file.read()
        file.truncate(2)
    return seen


@heard("open d EISDIR", "open d/missing ENOENT", "open d/1.json/x ENOTDIR", "open d/dangling ENOENT")
def opening_what_cannot_be(r):
    told = []
    for name in ("d", "d/missing", "d/1.json/x", "d/dangling"):
        try:
            open(f"{r}/{name}")
        except OSError as error:
            told.append((type(error).__name__, error.filename == f"{r}/{name}"))
    return told


@heard("open d", "open d", "close d", "close d")
def wrapping_a_directory(r):
    fd = os.open(f"{r}/d", os.O_RDONLY)
    try:
        os.fdopen(fd)
    except IsADirectoryError:
        pass
    os.open(f"{r}/d", os.O_RDONLY)
    os.close(fd)
    os.close(fd + 1)


@heard()
def bad_arguments(r):
    told = []
    for args in (
        ("x", "rw"),
        ("x", "rr"),
        ("x", "q"),
        ("x", "rbt"),
        ("x", "r", 0),
        ("x", "rb", -1, "utf-8"),
        ("x", "rb", -2),
        (-1,),
        ("x", ""),
        ("x", "+"),
    ):
        try:
            open(*args)
        except ValueError:
            told.append(args)
    for file in (None, 1.5, object()):
        try:
            open(file)
        except TypeError:
            told.append(type(file).__name__)
    try:
        open("x", closefd=False)
    except ValueError:
        told.append("closefd")
    return told


@heard("open d/1.json", "read d/1.json", "close d/1.json")
def by_descriptor(r):
    with os.fdopen(os.open(f"{r}/d/1.json", os.O_RDONLY), "rb") as file:
        return file.read(), isinstance(file.name, int)


@heard("open d/1.json", "read d/1.json", "read d/1.json", "close d/1.json")
def borrowing_a_descriptor(r):
    fd = os.open(f"{r}/d/1.json", os.O_RDONLY)
    with open(fd, "rb", closefd=False, buffering=0) as file:
        seen = file.read(3)
    rest = os.read(fd, 3)
    os.close(fd)
    return seen, rest


@heard("open d", "open d/1.json", "read d/1.json", "close d/1.json", "close d")
def with_an_opener(r):
    d = os.open(f"{r}/d", os.O_RDONLY)
    with open("1.json", opener=lambda path, flags: os.open(path, flags | os.O_NOFOLLOW, dir_fd=d)) as file:
        seen = file.read()
    os.close(d)
    return seen


@heard("open d/1.json", "read d/1.json", "close d/1.json")
def raw_file(r):
    with io.FileIO(f"{r}/d/1.json") as file:
        return file.readall(), file.mode, file.closefd, isinstance(file, io.FileIO), isinstance(file, io.RawIOBase)


@heard("open d/fifo", "read d/fifo", "close d/fifo")
def fifo_without_waiting(r):
    fd = os.open(f"{r}/d/fifo", os.O_RDONLY | os.O_NONBLOCK)
    with os.fdopen(fd, "rb") as file:
        return file.seekable(), file.read()


# --- the standard library above it ----------------------------------------------------------------------------------------


@heard(
    "open d/1.json",
    "read d/1.json",
    "close d/1.json",
    "open n",
    "write n",
    "close n",
    "stat d",
    "lstat d/link",
    "stat d/1.json",
    "unlink n",
    "open d/1.json",
    "read d/1.json",
    "close d/1.json",
)
def pathlib_files(r):
    root = pathlib.Path(r)
    seen = [(root / "d/1.json").read_text()]
    (root / "n").write_bytes(b"new")
    seen += [(root / "d").is_dir(), (root / "d/link").is_symlink(), (root / "d/1.json").stat().st_size]
    (root / "n").unlink()
    with (root / "d" / "1.json").open("rb") as file:
        seen.append(file.read())
    return seen


# Which calls these make is the library's affair; that all of them are heard is ours.


@heard()
def pathlib_listing(r):
    top = pathlib.Path(r)
    return sorted(path.name for path in (top / "d").iterdir()), sorted(path.name for path in top.glob("d/*.json"))


@heard()
def pathlib_recursion(r):
    return sorted(str(path)[len(r) :] for path in pathlib.Path(r).rglob("*")), (
        pathlib.Path(r) / "d/link"
    ).resolve().name


@heard()
def globbing(r):
    return sorted(path[len(r) :] for path in glob.glob(f"{r}/d/*.json")), sorted(
        glob.glob("**/deep", root_dir=r, recursive=True)
    )


@heard()
def real_paths(r):
    return [os.path.realpath(f"{r}/d/{name}")[len(r) :] for name in ("link", "dangling", "e/../link")], os.path.abspath(
        "d"
    )[len(r) :]


@heard()
def moving(r):
    shutil.move(f"{r}/d/1.json", f"{r}/d/e")
    return sorted(os.listdir(f"{r}/d/e"))


@heard()
def copying(r):
    shutil.copy2(f"{r}/d/1.json", f"{r}/n")
    shutil.copytree(f"{r}/d/e", f"{r}/e")
    with open(f"{r}/n", "rb") as file:
        return file.read(), os.listdir(f"{r}/e"), os.path.getsize(f"{r}/e/deep")


@heard()
def removing_a_tree(r):
    shutil.rmtree(f"{r}/d")
    return os.listdir(r)


@heard()
def making_directories(r):
    os.makedirs(f"{r}/x/y/z")
    os.makedirs(f"{r}/x/y/z", exist_ok=True)
    os.removedirs(f"{r}/x/y/z") if os.listdir(r) == [] else os.rmdir(f"{r}/x/y/z")
    return sorted(os.listdir(r)), os.listdir(f"{r}/x/y")


@heard()
def walking(r):
    return [(path[len(r) :], sorted(dirs), sorted(names)) for path, dirs, names in os.walk(f"{r}/d")]


@heard()
def walking_by_descriptor(r):
    return [
        (path, sorted(dirs), sorted(names)) for path, dirs, names, _ in os.fwalk("d", dir_fd=os.open(r, os.O_RDONLY))
    ]


@heard()
def temporary_files(r):
    with tempfile.NamedTemporaryFile("w", dir=f"{r}/d/e", delete=False) as file:
        file.write("abc")
    os.replace(file.name, f"{r}/d/e/final")
    return sorted(os.listdir(f"{r}/d/e")), os.path.getsize(f"{r}/d/e/final")
