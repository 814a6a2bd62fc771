"""Questions to a kernel, asked of Linux and of the fake one in the same words.

A probe takes ``k``, the kernel's calls by the names of ``os`` (and ``listdir``, which tells kinds
too), and ``r``, an empty directory in its world. It returns something comparable; an error is the
answer too, by its errno's name.
"""

from __future__ import annotations

import errno
import os
import resource
import stat
from collections.abc import Callable
from typing import Any

from etp_kit.simulator.world.signals import NotModelled

PROBES: dict[str, Callable[[Any, str], Any]] = {}
#: Probes that only the superuser may ask of a real kernel.
FOR_ROOT: set[str] = set()

R, W, RW = os.O_RDONLY, os.O_WRONLY, os.O_RDWR
NOFOLLOW, DIRECTORY, NONBLOCK = os.O_NOFOLLOW, os.O_DIRECTORY, os.O_NONBLOCK
LONG = "n" * 256


def probe(function: Callable[[Any, str], Any]) -> Callable[[Any, str], Any]:
    PROBES[function.__name__] = function
    return function


def for_root(function: Callable[[Any, str], Any]) -> Callable[[Any, str], Any]:
    FOR_ROOT.add(function.__name__)
    return function


def answer(question: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """What a call gives, an error as its errno's name."""
    try:
        return question(*args, **kwargs)
    except NotModelled:
        return "NotModelled"
    except OSError as error:
        return errno.errorcode[error.errno or 0]
    except ValueError:
        return "ValueError"


def make(k: Any, path: Any, data: bytes = b"content", mode: int = 0o644) -> None:
    fd = k.open(path, W | os.O_CREAT | os.O_TRUNC, mode)
    try:
        k.write(fd, data)
    finally:
        k.close(fd)


def contents(k: Any, path: Any) -> bytes:
    fd = k.open(path, R)
    try:
        return k.read(fd, 1 << 20)
    finally:
        k.close(fd)


def kind(k: Any, path: Any) -> int:
    return stat.S_IFMT(k.lstat(path).st_mode)


def opening(k: Any, path: Any, flags: int, **kwargs: Any) -> str:
    """Whether it opens."""
    fd = answer(k.open, path, flags, **kwargs)
    if isinstance(fd, str):
        return fd
    k.close(fd)
    return "opened"


def changed(k: Any, path: str, act: Callable[[], object], clock: str = "st_mtime_ns") -> bool:
    """Whether an act moves a time of ``path`` that had been set to the epoch."""
    k.utime(path, ns=(0, 0))
    before = getattr(k.lstat(path), clock)
    act()
    return bool(getattr(k.lstat(path), clock) != before)


# --- opening ----------------------------------------------------------------------------------------------------------


@probe
def open_leaves_the_mode(k, r):
    make(k, f"{r}/a", mode=0o640)
    k.close(k.open(f"{r}/a", R))
    return oct(k.lstat(f"{r}/a").st_mode)


@probe
def open_creates_with_mode_and_umask(k, r):
    k.close(k.open(f"{r}/a", W | os.O_CREAT, 0o666))
    return oct(k.lstat(f"{r}/a").st_mode)


@probe
def open_creates_with_default_mode(k, r):
    k.close(k.open(f"{r}/a", W | os.O_CREAT))
    return oct(k.lstat(f"{r}/a").st_mode)


@probe
def open_follows_the_umask(k, r):
    old = k.umask(0o077)
    try:
        make(k, f"{r}/a", mode=0o666)
        k.mkdir(f"{r}/d")
    finally:
        k.umask(old)
    return [oct(k.lstat(f"{r}/{name}").st_mode) for name in ("a", "d")]


@probe
def open_missing(k, r):
    return opening(k, f"{r}/a", R)


@probe
def open_in_missing_directory(k, r):
    return opening(k, f"{r}/d/a", W | os.O_CREAT)


@probe
def open_below_a_file(k, r):
    make(k, f"{r}/a")
    return opening(k, f"{r}/a/x", R), opening(k, f"{r}/a/", R), opening(k, f"{r}/a/.", R), opening(k, f"{r}/a/..", R)


@probe
def open_exclusive(k, r):
    make(k, f"{r}/a")
    k.symlink("nowhere", f"{r}/l")
    flags = W | os.O_CREAT | os.O_EXCL
    return opening(k, f"{r}/a", flags), opening(k, f"{r}/l", flags), opening(k, f"{r}/b", flags)


@probe
def open_create_through_a_dangling_link(k, r):
    k.symlink("target", f"{r}/l")
    return opening(k, f"{r}/l", W | os.O_CREAT), k.listdir(r)


@probe
def open_create_with_trailing_slash(k, r):
    return opening(k, f"{r}/a/", W | os.O_CREAT)


@probe
def open_directory_to_read(k, r):
    k.mkdir(f"{r}/d")
    return opening(k, f"{r}/d", R), opening(k, f"{r}/d/", R), opening(k, f"{r}/d", R | DIRECTORY)


@probe
def open_directory_to_write(k, r):
    k.mkdir(f"{r}/d")
    return [
        opening(k, f"{r}/d", flags) for flags in (W, RW, R | os.O_CREAT, W | os.O_CREAT | os.O_EXCL, R | os.O_TRUNC)
    ]


@probe
def read_directory_descriptor(k, r):
    fd = k.open(r, R)
    return answer(k.read, fd, 10), answer(k.write, fd, b"x"), k.close(fd)


@probe
def open_directory_flag_on_others(k, r):
    make(k, f"{r}/a")
    k.mkfifo(f"{r}/p")
    return opening(k, f"{r}/a", R | DIRECTORY), opening(k, f"{r}/p", R | DIRECTORY), opening(k, f"{r}/x", R | DIRECTORY)


@probe
def open_nofollow_on_links(k, r):
    make(k, f"{r}/a")
    k.mkdir(f"{r}/d")
    k.symlink("a", f"{r}/la")
    k.symlink("d", f"{r}/ld")
    k.symlink("x", f"{r}/lx")
    return [opening(k, f"{r}/{name}", R | NOFOLLOW) for name in ("a", "d", "la", "ld", "lx")]


@probe
def open_nofollow_directory_on_links(k, r):
    k.mkdir(f"{r}/d")
    k.symlink("d", f"{r}/ld")
    k.symlink("x", f"{r}/lx")
    return [opening(k, f"{r}/{name}", R | NOFOLLOW | DIRECTORY) for name in ("d", "ld", "lx")]


@probe
def open_nofollow_looks_at_the_last_name_only(k, r):
    k.mkdir(f"{r}/d")
    make(k, f"{r}/d/a")
    k.symlink("d", f"{r}/l")
    return opening(k, f"{r}/l/a", R | NOFOLLOW), opening(k, f"{r}/l/", R | NOFOLLOW)


@probe
def open_loop(k, r):
    k.symlink("b", f"{r}/a")
    k.symlink("a", f"{r}/b")
    return opening(k, f"{r}/a", R), opening(k, f"{r}/a/x", R), answer(k.stat, f"{r}/a"), kind(k, f"{r}/a")


@probe
def open_chain_of_links(k, r):
    make(k, f"{r}/l0")
    for i in range(41):
        k.symlink(f"l{i}", f"{r}/l{i + 1}")
    return opening(k, f"{r}/l40", R), opening(k, f"{r}/l41", R)


@probe
def links_are_counted_over_the_whole_path(k, r):
    k.mkdir(f"{r}/d")
    for i in range(21):
        k.symlink("." if i == 0 else f"e{i - 1}", f"{r}/e{i}")
    k.symlink("../d", f"{r}/d/self")
    return opening(k, f"{r}/e18/e18/d", R), opening(k, f"{r}/e20/e20/d", R), opening(k, f"{r}/d" + "/self" * 41, R)


@probe
def open_truncates(k, r):
    make(k, f"{r}/a")
    k.close(k.open(f"{r}/a", W | os.O_TRUNC))
    return k.stat(f"{r}/a").st_size


@probe
def open_dot_paths(k, r):
    k.mkdir(f"{r}/d")
    make(k, f"{r}/a")
    return [opening(k, f"{r}/{path}", R) for path in (".", "..", "d/.", "d/../a", "d//../a", "./a", "d/./../d")]


@probe
def open_above_the_root(k, r):
    return opening(k, "/..", R), opening(k, "/../..", R), opening(k, "//", R)


@probe
def open_dotdot_of_a_link_is_the_targets_parent(k, r):
    k.mkdir(f"{r}/d")
    k.mkdir(f"{r}/d/e")
    make(k, f"{r}/d/a", b"right")
    make(k, f"{r}/a", b"wrong")
    k.symlink("d/e", f"{r}/l")
    return contents(k, f"{r}/l/../a")


@probe
def open_empty_path(k, r):
    return opening(k, "", R), answer(k.stat, ""), answer(k.mkdir, ""), answer(k.unlink, "")


@probe
def open_nul(k, r):
    return answer(k.open, f"{r}/a\0b", R), answer(k.lstat, f"{r}/\0"), answer(k.symlink, "a\0", f"{r}/l")


@probe
def long_names(k, r):
    return (
        opening(k, f"{r}/{LONG}", R), opening(k, f"{r}/{LONG[1:]}", W | os.O_CREAT), answer(k.mkdir, f"{r}/{LONG}"),
        answer(k.lstat, f"{r}/{LONG}/x"), answer(k.symlink, "x", f"{r}/{LONG}"),
    )  # fmt: skip


@probe
def long_names_are_counted_in_bytes(k, r):
    return opening(k, f"{r}/" + "é" * 127, W | os.O_CREAT), opening(k, f"{r}/" + "é" * 128, W | os.O_CREAT)


@probe
def long_paths(k, r):
    return [answer(k.stat, f"{r}/" + "./" * ((n - len(r) - 1) // 2)) == "ENAMETOOLONG" for n in (4_090, 4_094, 4_098)]


@probe
def long_link_text(k, r):
    return (
        answer(k.symlink, "x" * 4_095, f"{r}/l"),
        answer(k.symlink, "x" * 4_096, f"{r}/m"),
        answer(k.symlink, "", f"{r}/n"),
    )


@probe
def odd_names(k, r):
    names = ["a b", "new\nline", "-", "é", "\udcff", "…\x1b[31m", "%s", "*"]
    for name in names:
        make(k, f"{r}/{name}")
    return sorted(name for name, _ in k.listdir(r)) == sorted(names), contents(k, f"{r}/\udcff")


@probe
def bytes_paths_that_are_not_utf8(k, r):
    root = os.fsencode(r)
    make(k, root + b"/\xff\xfe")
    return (
        k.listdir(root),
        k.listdir(r),
        kind(k, root + b"/\xff\xfe"),
        answer(k.unlink, root + b"/\xff\xfe"),
        k.listdir(r),
    )


@probe
def cloexec_and_noctty_are_accepted(k, r):
    make(k, f"{r}/a")
    return opening(k, f"{r}/a", R | os.O_CLOEXEC | os.O_NOCTTY | NONBLOCK | NOFOLLOW)


@probe
def descriptor_by_path_only(k, r):
    make(k, f"{r}/a")
    k.symlink("a", f"{r}/l")
    k.mkfifo(f"{r}/p")
    told = []
    for name, flags in (("a", 0), (".", DIRECTORY), ("l", NOFOLLOW), ("l", 0), ("p", 0)):
        fd = k.open(f"{r}/{name}", os.O_PATH | flags)
        told.append((
            stat.S_IFMT(k.fstat(fd).st_mode), answer(k.read, fd, 1), answer(k.fchmod, fd, 0o600), answer(k.listdir, fd), answer(k.lseek, fd, 0, 0),
            answer(k.stat, "a", dir_fd=fd) == "ENOTDIR", answer(k.ftruncate, fd, 0), k.close(fd),
        ))  # fmt: skip
    return told, opening(k, f"{r}/l", os.O_PATH | NOFOLLOW | DIRECTORY), opening(k, f"{r}/x", os.O_PATH | os.O_CREAT)


# --- FIFOs, sockets, devices --------------------------------------------------------------------------------------------


@probe
def fifo_to_read_without_blocking(k, r):
    k.mkfifo(f"{r}/p")
    fd = k.open(f"{r}/p", R | NONBLOCK)
    return (
        k.read(fd, 10),
        stat.S_ISFIFO(k.fstat(fd).st_mode),
        answer(k.lseek, fd, 0, 0),
        answer(k.pread, fd, 1, 0),
        k.close(fd),
    )


@probe
def fifo_to_write_without_blocking(k, r):
    k.mkfifo(f"{r}/p", 0o600)
    return opening(k, f"{r}/p", W | NONBLOCK), oct(k.lstat(f"{r}/p").st_mode)


@probe
def fifo_both_ways(k, r):
    k.mkfifo(f"{r}/p")
    return opening(k, f"{r}/p", RW)


@probe
def fifo_with_both_ends_open(k, r):
    k.mkfifo(f"{r}/p")
    fd = k.open(f"{r}/p", R | NONBLOCK)
    out = k.open(f"{r}/p", W | NONBLOCK)
    empty = answer(k.read, fd, 10)
    k.write(out, b"abc")
    return empty, k.read(fd, 2), k.read(fd, 10), k.close(out), k.read(fd, 10), k.close(fd)


@probe
def fifo_stat(k, r):
    k.mkfifo(f"{r}/p", 0o644)
    told = k.lstat(f"{r}/p")
    return oct(told.st_mode), told.st_size, told.st_nlink, k.listdir(r)


@probe
def fifo_truncate(k, r):
    k.mkfifo(f"{r}/p")
    return answer(k.truncate, f"{r}/p", 0), opening(k, f"{r}/p", R | NONBLOCK | os.O_TRUNC)


@probe
def socket_node(k, r):
    k.mknod(f"{r}/s", stat.S_IFSOCK | 0o600)
    return (
        opening(k, f"{r}/s", R), opening(k, f"{r}/s", R | NONBLOCK | NOFOLLOW), opening(k, f"{r}/s", W), oct(k.lstat(f"{r}/s").st_mode),
        k.listdir(r), answer(k.unlink, f"{r}/s"),
    )  # fmt: skip


@probe
def mknod_regular(k, r):
    k.mknod(f"{r}/a", 0o600)
    k.mknod(f"{r}/b", stat.S_IFREG | 0o666)
    return (
        [oct(k.lstat(f"{r}/{name}").st_mode) for name in "ab"],
        answer(k.mknod, f"{r}/a"),
        answer(k.mknod, f"{r}/x", stat.S_IFDIR),
    )


@probe
@for_root
def device_of_zeros(k, r):
    k.mknod(f"{r}/z", stat.S_IFCHR | 0o600, os.makedev(1, 5))
    fd = k.open(f"{r}/z", RW)
    told = k.lstat(f"{r}/z")
    return k.read(fd, 5), k.write(fd, b"x"), k.close(fd), told.st_rdev, told.st_size, oct(told.st_mode), k.listdir(r)


@probe
@for_root
def device_null(k, r):
    k.mknod(f"{r}/z", stat.S_IFCHR | 0o666, os.makedev(1, 3))
    fd = k.open(f"{r}/z", RW)
    return k.read(fd, 5), k.write(fd, b"xyz"), k.lseek(fd, 7, 0), k.close(fd)


@probe
@for_root
def device_without_a_driver(k, r):
    k.mknod(f"{r}/z", stat.S_IFCHR | 0o600, os.makedev(240, 77))
    return opening(k, f"{r}/z", R | NONBLOCK)


# --- descriptors --------------------------------------------------------------------------------------------------------


@probe
def descriptors_are_the_lowest_free(k, r):
    first, second, third = (k.open(r, R) for _ in range(3))
    k.close(first)
    again = k.open(r, R)
    for fd in (again, second, third):
        k.close(fd)
    return again == first, second > first, third > second


@probe
def closed_descriptor(k, r):
    fd = k.open(r, R)
    k.close(fd)
    calls = (k.close, k.fstat, k.fsync, k.dup, k.listdir)
    return (
        [answer(call, fd) for call in calls],
        answer(k.read, fd, 1),
        answer(k.lseek, fd, 0, 0),
        answer(k.stat, "a", dir_fd=fd),
    )


@probe
def descriptor_for_reading_only(k, r):
    make(k, f"{r}/a")
    fd = k.open(f"{r}/a", R)
    return answer(k.write, fd, b"x"), answer(k.ftruncate, fd, 0), k.close(fd)


@probe
def descriptor_for_writing_only(k, r):
    make(k, f"{r}/a")
    fd = k.open(f"{r}/a", W)
    return answer(k.read, fd, 1), answer(k.pread, fd, 1, 0), k.close(fd)


@probe
def too_many_descriptors(k, r):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(1_024, hard), hard))
    opened: list[int] = []
    try:
        while True:
            opened.append(k.open(r, R))
    except OSError as error:
        return errno.errorcode[error.errno or 0], 900 < len(opened) <= 1_024
    finally:
        for fd in opened:
            k.close(fd)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@probe
def dup_shares_the_position(k, r):
    make(k, f"{r}/a", b"abcdef")
    fd = k.open(f"{r}/a", R)
    copy = k.dup(fd)
    first = k.read(fd, 2)
    k.close(fd)
    return first, k.read(copy, 2), k.close(copy)


@probe
def dup2_replaces(k, r):
    make(k, f"{r}/a", b"a")
    make(k, f"{r}/b", b"b")
    first, second = k.open(f"{r}/a", R), k.open(f"{r}/b", R)
    same = k.dup2(first, second) == second
    return same, k.read(second, 5), k.close(first), k.close(second)


@probe
def own_positions_of_two_opens(k, r):
    make(k, f"{r}/a", b"abc")
    first, second = k.open(f"{r}/a", R), k.open(f"{r}/a", R)
    return k.read(first, 2), k.read(second, 1), k.read(first, 2), k.close(first), k.close(second)


# --- reading and writing ------------------------------------------------------------------------------------------------


@probe
def reads(k, r):
    make(k, f"{r}/a", b"abcdef")
    fd = k.open(f"{r}/a", R)
    buffers = [bytearray(2), bytearray(3)]
    return (
        k.read(fd, 0), k.read(fd, 2), k.read(fd, 100), k.read(fd, 1), k.pread(fd, 3, 1), k.pread(fd, 3, 9), k.lseek(fd, 1, 0),
        k.readv(fd, buffers), [bytes(buffer) for buffer in buffers], k.preadv(fd, buffers, 4), [bytes(buffer) for buffer in buffers],
        answer(k.read, fd, -1), answer(k.pread, fd, 1, -1), k.close(fd),
    )  # fmt: skip


@probe
def writes(k, r):
    fd = k.open(f"{r}/a", RW | os.O_CREAT)
    counts = (
        k.write(fd, b"abc"),
        k.write(fd, memoryview(b"de")),
        k.pwrite(fd, b"X", 1),
        k.writev(fd, [b"f", bytearray(b"g")]),
        k.pwritev(fd, [b"1", b"2"], 3),
    )
    k.close(fd)
    return counts, contents(k, f"{r}/a")


@probe
def seeks(k, r):
    make(k, f"{r}/a", b"abcdef")
    fd = k.open(f"{r}/a", R)
    return (
        k.lseek(fd, 2, os.SEEK_SET), k.lseek(fd, 1, os.SEEK_CUR), k.lseek(fd, -1, os.SEEK_END), k.lseek(fd, 50, os.SEEK_SET), k.read(fd, 1),
        answer(k.lseek, fd, -1, os.SEEK_SET), answer(k.lseek, fd, 0, 77), k.close(fd),
    )  # fmt: skip


@probe
def appends(k, r):
    make(k, f"{r}/a", b"abc")
    fd = k.open(f"{r}/a", W | os.O_APPEND)
    make_longer = k.open(f"{r}/a", W | os.O_APPEND)
    k.write(make_longer, b"1")
    k.write(fd, b"2")
    k.lseek(fd, 0, 0)
    k.write(fd, b"3")
    return k.close(fd), k.close(make_longer), contents(k, f"{r}/a")


@probe
def writes_beyond_the_end(k, r):
    fd = k.open(f"{r}/a", W | os.O_CREAT)
    k.lseek(fd, 3, 0)
    k.write(fd, b"x")
    return k.close(fd), contents(k, f"{r}/a")


@probe
def truncates(k, r):
    make(k, f"{r}/a", b"abcdef")
    k.truncate(f"{r}/a", 2)
    short = contents(k, f"{r}/a")
    k.truncate(f"{r}/a", 4)
    return (
        short,
        contents(k, f"{r}/a"),
        answer(k.truncate, f"{r}/a", -1),
        answer(k.truncate, f"{r}/x", 0),
        answer(k.truncate, r, 0),
    )


@probe
def ftruncate_while_read(k, r):
    make(k, f"{r}/a", b"abcdef")
    fd = k.open(f"{r}/a", RW)
    k.read(fd, 4)
    k.ftruncate(fd, 2)
    return k.read(fd, 5), k.fstat(fd).st_size, k.write(fd, b"x"), k.close(fd), contents(k, f"{r}/a")


@probe
def sparse_file(k, r):
    make(k, f"{r}/a", b"")
    k.truncate(f"{r}/a", 5_000_000)
    told = k.stat(f"{r}/a")
    fd = k.open(f"{r}/a", R)
    return told.st_size, told.st_blocks, k.pread(fd, 3, 4_999_999), k.close(fd)


@probe
def huge_sparse_file(k, r):
    make(k, f"{r}/a", b"ab")
    k.truncate(f"{r}/a", 1 << 40)
    fd = k.open(f"{r}/a", RW)
    middle = k.pread(fd, 3, 1 << 39)
    k.ftruncate(fd, 3)
    return middle, k.stat(f"{r}/a").st_size, k.close(fd), contents(k, f"{r}/a")


@probe
def grows_while_open(k, r):
    make(k, f"{r}/a", b"abc")
    fd = k.open(f"{r}/a", R)
    first = k.read(fd, 10)
    make_longer = k.open(f"{r}/a", W | os.O_APPEND)
    k.write(make_longer, b"def")
    return first, k.read(fd, 10), k.fstat(fd).st_size, k.close(make_longer), k.close(fd)


@probe
def unlinked_while_open(k, r):
    make(k, f"{r}/a", b"abc")
    fd = k.open(f"{r}/a", RW)
    k.unlink(f"{r}/a")
    k.write(fd, b"X")
    return k.fstat(fd).st_nlink, k.pread(fd, 9, 0), answer(k.lstat, f"{r}/a"), k.close(fd)


@probe
def replaced_while_open(k, r):
    make(k, f"{r}/a", b"old")
    make(k, f"{r}/b", b"new")
    fd = k.open(f"{r}/a", R)
    k.rename(f"{r}/b", f"{r}/a")
    return k.read(fd, 9), k.fstat(fd).st_nlink, contents(k, f"{r}/a"), k.close(fd), k.listdir(r)


@probe
def sends_a_file(k, r):
    make(k, f"{r}/a", b"abcdef")
    source, target = k.open(f"{r}/a", R), k.open(f"{r}/b", W | os.O_CREAT)
    counts = k.sendfile(target, source, 1, 3), k.sendfile(target, source, None, 2), k.sendfile(target, source, 6, 3)
    return counts, k.close(source), k.close(target), contents(k, f"{r}/b")


@probe
def syncs(k, r):
    fd = k.open(r, R)
    return k.fsync(fd), k.fdatasync(fd), k.close(fd), k.isatty(12_345)


# --- stat ---------------------------------------------------------------------------------------------------------------


@probe
def stat_is_a_stat_result(k, r):
    told = k.stat(r)
    return (
        isinstance(told, os.stat_result),
        len(tuple(told)),
        told.st_mode == told[0],
        type(told.st_mtime),
        type(told.st_mtime_ns),
    )


@probe
def stat_fields(k, r):
    make(k, f"{r}/a", b"abc")
    told = k.stat(f"{r}/a")
    return told.st_size, told.st_nlink, oct(told.st_mode), told.st_blocks > 0, told.st_blksize, told.st_rdev


@probe
def stat_owner(k, r):
    make(k, f"{r}/a")
    told = k.stat(f"{r}/a")
    return told.st_uid == os.geteuid(), told.st_gid == k.stat(r).st_gid


@probe
def stat_of_the_same_file(k, r):
    make(k, f"{r}/a")
    k.symlink("a", f"{r}/l")
    fd = k.open(f"{r}/l", R)
    told = [
        (t.st_ino, t.st_dev) for t in (k.fstat(fd), k.stat(f"{r}/a"), k.stat(f"{r}/l"), k.stat(fd), k.lstat(f"{r}/a"))
    ]
    k.close(fd)
    return (
        len(set(told)),
        k.lstat(f"{r}/l").st_ino == told[0][0],
        k.stat(r).st_ino == told[0][0],
        k.stat(r).st_dev == told[0][1],
    )


@probe
def stat_follows_or_not(k, r):
    k.symlink("nowhere", f"{r}/l")
    told = k.lstat(f"{r}/l")
    return (
        answer(k.stat, f"{r}/l"),
        told.st_size,
        oct(told.st_mode),
        oct(k.stat(f"{r}/l", follow_symlinks=False).st_mode),
    )


@probe
def stat_with_trailing_slash(k, r):
    make(k, f"{r}/a")
    k.mkdir(f"{r}/d")
    k.symlink("d", f"{r}/l")
    return (
        answer(k.lstat, f"{r}/a/"),
        stat.S_ISDIR(k.lstat(f"{r}/d/").st_mode),
        stat.S_ISDIR(k.lstat(f"{r}/l/").st_mode),
    )


@probe
def directory_links(k, r):
    counts = [k.stat(r).st_nlink]
    k.mkdir(f"{r}/d")
    make(k, f"{r}/a")
    counts.append(k.stat(r).st_nlink)
    k.mkdir(f"{r}/d/e")
    counts.append(k.stat(f"{r}/d").st_nlink)
    k.rmdir(f"{r}/d/e")
    counts.append(k.stat(f"{r}/d").st_nlink)
    return counts


@probe
def directory_links_after_removal(k, r):
    k.mkdir(f"{r}/d")
    fd = k.open(f"{r}/d", R)
    k.rmdir(f"{r}/d")
    return (
        k.fstat(fd).st_nlink,
        k.listdir(fd),
        answer(k.open, "a", W | os.O_CREAT, dir_fd=fd),
        answer(k.stat, "..", dir_fd=fd) == "ENOENT",
        k.close(fd),
    )


@probe
def times_are_set_exactly(k, r):
    make(k, f"{r}/a")
    k.utime(f"{r}/a", ns=(1_234_567_891_234_567_891, -1_500_000_001))
    told = k.stat(f"{r}/a")
    return told.st_atime_ns, told.st_mtime_ns, told.st_mtime, told[8]


@probe
def times_as_seconds(k, r):
    make(k, f"{r}/a")
    k.utime(f"{r}/a", (10, 20.5))
    return k.stat(f"{r}/a").st_mtime_ns, k.stat(f"{r}/a").st_atime_ns


@probe
def times_of_a_link(k, r):
    make(k, f"{r}/a")
    k.symlink("a", f"{r}/l")
    k.utime(f"{r}/a", ns=(7, 7))
    k.utime(f"{r}/l", ns=(5, 5), follow_symlinks=False)
    return k.lstat(f"{r}/l").st_mtime_ns, k.lstat(f"{r}/a").st_mtime_ns


@probe
def times_by_descriptor_and_directory(k, r):
    make(k, f"{r}/a")
    fd = k.open(f"{r}/a", R)
    k.utime(fd, ns=(3, 3))
    by_descriptor = k.fstat(fd).st_mtime_ns
    directory = k.open(r, R)
    k.utime("a", ns=(4, 4), dir_fd=directory)
    return by_descriptor, k.fstat(fd).st_mtime_ns, k.close(fd), k.close(directory)


@probe
def writing_changes_times(k, r):
    make(k, f"{r}/a")
    fd = k.open(f"{r}/a", RW)
    acts = (
        lambda: k.write(fd, b"x"),
        lambda: k.truncate(f"{r}/a", 1),
        lambda: k.read(fd, 1),
        lambda: k.chmod(f"{r}/a", 0o600),
        lambda: k.truncate(f"{r}/a", 1),
    )
    return [changed(k, f"{r}/a", act) for act in acts], k.close(fd)


@probe
def entries_change_their_directorys_time(k, r):
    k.mkdir(f"{r}/d")
    make(k, f"{r}/o")
    path = f"{r}/d"
    acts = (
        lambda: make(k, f"{path}/a"), lambda: k.link(f"{path}/a", f"{path}/b"), lambda: k.unlink(f"{path}/a"), lambda: k.mkdir(f"{path}/e"),
        lambda: k.rename(f"{path}/b", f"{path}/c"), lambda: k.rename(f"{path}/c", f"{r}/c"), lambda: k.rename(f"{r}/o", f"{path}/o"),
        lambda: k.rmdir(f"{path}/e"), lambda: k.symlink("x", f"{path}/l"), lambda: make(k, f"{path}/o"), lambda: k.listdir(path),
        lambda: k.mkdir(f"{path}/f"), lambda: make(k, f"{path}/f/deep"),
    )  # fmt: skip
    return [changed(k, path, act) for act in acts]


def _later(k: Any, r: str) -> None:
    """Wait for the kernel's clock to tick: its times are coarser than the calls are quick."""
    make(k, f"{r}/clock")
    start = k.stat(f"{r}/clock").st_mtime_ns
    while k.stat(f"{r}/clock").st_mtime_ns == start:
        make(k, f"{r}/clock")


@probe
def what_changes_the_change_time(k, r):
    make(k, f"{r}/a")
    fd = k.open(f"{r}/a", RW)
    acts = (
        lambda: k.chmod(f"{r}/a", 0o600), lambda: k.link(f"{r}/a", f"{r}/b"), lambda: k.unlink(f"{r}/b"), lambda: k.utime(f"{r}/a", ns=(1, 1)),
        lambda: k.rename(f"{r}/a", f"{r}/a2"), lambda: k.rename(f"{r}/a2", f"{r}/a"), lambda: k.write(fd, b"x"), lambda: k.read(fd, 1),
        lambda: k.close(k.open(f"{r}/a", R)), lambda: k.lstat(f"{r}/a"),
    )  # fmt: skip
    told = []
    for act in acts:
        before = k.fstat(fd).st_ctime_ns
        _later(k, r)
        act()
        told.append(k.fstat(fd).st_ctime_ns != before)
    return told, k.close(fd)


@probe
def renaming_keeps_the_modification_time(k, r):
    make(k, f"{r}/a")
    k.utime(f"{r}/a", ns=(9, 9))
    k.rename(f"{r}/a", f"{r}/b")
    return k.stat(f"{r}/b").st_mtime_ns


# --- links ----------------------------------------------------------------------------------------------------------------


@probe
def hard_links(k, r):
    make(k, f"{r}/a", b"abc")
    k.link(f"{r}/a", f"{r}/b")
    counts = [k.stat(f"{r}/a").st_nlink]
    same = k.stat(f"{r}/a").st_ino == k.stat(f"{r}/b").st_ino
    fd = k.open(f"{r}/b", W)
    k.write(fd, b"X")
    k.close(fd)
    k.unlink(f"{r}/a")
    counts.append(k.stat(f"{r}/b").st_nlink)
    return counts, same, contents(k, f"{r}/b"), k.listdir(r)


@probe
def hard_link_errors(k, r):
    make(k, f"{r}/a")
    k.mkdir(f"{r}/d")
    k.symlink("x", f"{r}/l")
    return (
        answer(k.link, f"{r}/x", f"{r}/b"), answer(k.link, f"{r}/a", f"{r}/d"), answer(k.link, f"{r}/d", f"{r}/e"),
        answer(k.link, f"{r}/a", f"{r}/x/b"), answer(k.link, f"{r}/a", f"{r}/l"),
        answer(k.link, f"{r}/a", f"{r}/c/"), answer(k.link, f"{r}/d", f"{r}/a"),
    )  # fmt: skip


@probe
def hard_link_of_a_link(k, r):
    make(k, f"{r}/a")
    k.symlink("a", f"{r}/l")
    k.link(f"{r}/l", f"{r}/m", follow_symlinks=False)
    return stat.S_ISLNK(k.lstat(f"{r}/m").st_mode), k.stat(f"{r}/a").st_nlink, k.lstat(f"{r}/l").st_nlink


@probe
def hard_link_of_a_link_by_default(k, r):
    make(k, f"{r}/a")
    k.symlink("a", f"{r}/l")
    k.link(f"{r}/l", f"{r}/m")
    return stat.S_ISLNK(k.lstat(f"{r}/m").st_mode), k.stat(f"{r}/a").st_nlink


@probe
def hard_link_of_a_fifo(k, r):
    k.mkfifo(f"{r}/p")
    k.link(f"{r}/p", f"{r}/q")
    return stat.S_ISFIFO(k.lstat(f"{r}/q").st_mode), k.lstat(f"{r}/p").st_nlink


@probe
def link_texts(k, r):
    k.symlink("../x/./y//", f"{r}/l")
    return k.readlink(f"{r}/l"), k.readlink(os.fsencode(f"{r}/l")), answer(k.readlink, r), answer(k.readlink, f"{r}/x")


@probe
def symlink_errors(k, r):
    make(k, f"{r}/a")
    return (
        answer(k.symlink, "x", f"{r}/a"),
        answer(k.symlink, "x", f"{r}/d/l"),
        answer(k.symlink, "x", f"{r}/l/"),
        answer(k.symlink, "x", r),
    )


@probe
def absolute_links(k, r):
    k.mkdir(f"{r}/d")
    make(k, f"{r}/d/a", b"abc")
    k.symlink(f"{r}/d", f"{r}/l")
    return contents(k, f"{r}/l/a"), [name for name, _ in k.listdir(f"{r}/l")]
