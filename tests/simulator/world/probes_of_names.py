"""Questions to a kernel about names: entries, modes, owners, listings, held directories."""

from __future__ import annotations

import os
from typing import Any

from .probes import DIRECTORY, LONG, NOFOLLOW, RW, R, W, answer, contents, for_root, make, opening, probe

# --- names --------------------------------------------------------------------------------------------------------------


@probe
def mkdir_errors(k, r):
    make(k, f"{r}/a")
    k.symlink("x", f"{r}/l")
    return [answer(k.mkdir, f"{r}/{path}") for path in ("a", "a/b", "d/e", "l", ".", "..", "d", "d", "d/f/", "l/")]


@probe
def mkdir_modes(k, r):
    k.mkdir(f"{r}/d", 0o777)
    k.mkdir(f"{r}/e", 0o1700)
    return oct(k.stat(f"{r}/d").st_mode), oct(k.stat(f"{r}/e").st_mode)


@probe
def unlink_errors(k, r):
    make(k, f"{r}/a")
    k.mkdir(f"{r}/d")
    k.symlink("d", f"{r}/l")
    return [
        answer(k.unlink, f"{r}/{path}") for path in ("x", "d", "d/", "a/", "a/b", ".", "..", "x/y", "l/", "l", "a", "a")
    ], k.listdir(r)


@probe
def rmdir_errors(k, r):
    make(k, f"{r}/a")
    k.mkdir(f"{r}/d")
    k.mkdir(f"{r}/d/e")
    k.symlink("d", f"{r}/l")
    return [
        answer(k.rmdir, f"{r}/{path}")
        for path in ("x", "a", "a/", "d", "l", "l/", "d/e/.", "d/e/..", "d/e/", "d", "..", ".")
    ], k.listdir(r)


@probe
def rename_files(k, r):
    make(k, f"{r}/a", b"abc")
    make(k, f"{r}/b", b"old")
    k.rename(f"{r}/a", f"{r}/b")
    k.replace(f"{r}/b", f"{r}/c")
    return k.listdir(r), contents(k, f"{r}/c"), answer(k.rename, f"{r}/c", f"{r}/c"), k.listdir(r)


@probe
def rename_errors(k, r):
    make(k, f"{r}/a")
    k.mkdir(f"{r}/d")
    k.mkdir(f"{r}/full")
    make(k, f"{r}/full/x")
    pairs = [
        ("x", "y"), ("a", "d"), ("d", "a"), ("d", "full"), ("d", "d/e"), ("a", "x/y"), ("a/", "b"), ("a", "b/"),
        ("a", "a/b"), ("d", "d/."), ("d/.", "e"), ("d/..", "e"), ("full", "full/x"), ("a", ".."),
        ("full/x", "full"), ("x", "x"), ("d", "b/"), ("b/", "d"),
    ]  # fmt: skip
    return [answer(k.rename, f"{r}/{old}", f"{r}/{new}") for old, new in pairs], k.listdir(r)


@probe
def rename_directories(k, r):
    k.mkdir(f"{r}/d")
    make(k, f"{r}/d/a")
    k.mkdir(f"{r}/empty")
    k.rename(f"{r}/d", f"{r}/empty")
    return k.listdir(r), k.listdir(f"{r}/empty")


@probe
def rename_hard_links_of_one_file(k, r):
    make(k, f"{r}/a")
    k.link(f"{r}/a", f"{r}/b")
    k.rename(f"{r}/a", f"{r}/b")
    return k.listdir(r)


@probe
def rename_links(k, r):
    make(k, f"{r}/a")
    k.symlink("a", f"{r}/l")
    k.rename(f"{r}/l", f"{r}/m")
    k.symlink("m", f"{r}/n")
    k.rename(f"{r}/a", f"{r}/n")
    return k.listdir(r), k.readlink(f"{r}/m")


@probe
def long_targets(k, r):
    make(k, f"{r}/a")
    return answer(k.rename, f"{r}/a", f"{r}/{LONG}"), answer(k.link, f"{r}/a", f"{r}/{LONG}")


@probe
def modes(k, r):
    make(k, f"{r}/a")
    k.symlink("a", f"{r}/l")
    k.chmod(f"{r}/l", 0o4711)
    first = oct(k.stat(f"{r}/a").st_mode)
    fd = k.open(f"{r}/a", R)
    k.fchmod(fd, 0o600)
    second = oct(k.fstat(fd).st_mode)
    k.chmod(fd, 0o640)
    return first, second, oct(k.fstat(fd).st_mode), k.close(fd), answer(k.chmod, f"{r}/x", 0o600)


@probe
@for_root
def owners(k, r):
    make(k, f"{r}/a")
    k.chown(f"{r}/a", 12, 34)
    told = k.stat(f"{r}/a")
    k.chown(f"{r}/a", -1, 5)
    return told.st_uid, told.st_gid, k.stat(f"{r}/a").st_uid, k.stat(f"{r}/a").st_gid, answer(k.chown, f"{r}/x", 1, 1)


@probe
@for_root
def owners_by_link_and_descriptor(k, r):
    make(k, f"{r}/a")
    k.symlink("a", f"{r}/l")
    k.lchown(f"{r}/l", 1, 2)
    fd = k.open(f"{r}/a", R)
    k.fchown(fd, 3, -1)
    told = [(t.st_uid, t.st_gid) for t in (k.lstat(f"{r}/l"), k.fstat(fd))]
    return told, k.close(fd), answer(k.fchown, fd, 1, 1), answer(k.lchown, f"{r}/x", 1, 1)


@probe
@for_root
def unreadable_is_no_barrier_for_root(k, r):
    make(k, f"{r}/a", mode=0)
    return contents(k, f"{r}/a"), k.access(f"{r}/a", os.R_OK | os.W_OK), k.access(f"{r}/a", os.X_OK)


@probe
def access_answers(k, r):
    make(k, f"{r}/a", mode=0o755)
    k.symlink("x", f"{r}/l")
    return (
        k.access(f"{r}/a", os.X_OK),
        k.access(f"{r}/x", os.F_OK),
        k.access(f"{r}/l", os.F_OK),
        k.access(r, os.X_OK),
        k.access(f"{r}/a/b", os.F_OK),
    )


@probe
def extended_attributes_are_none(k, r):
    make(k, f"{r}/a")
    return k.listxattr(f"{r}/a"), answer(k.listxattr, f"{r}/x")


@probe
def listings(k, r):
    make(k, f"{r}/a")
    k.mkdir(f"{r}/d")
    k.symlink("a", f"{r}/l")
    k.symlink("x", f"{r}/m")
    k.mkfifo(f"{r}/p")
    return (
        k.listdir(r),
        answer(k.listdir, f"{r}/a"),
        answer(k.listdir, f"{r}/x"),
        k.listdir(f"{r}/d"),
        answer(k.listdir, f"{r}/m"),
        answer(k.listdir, f"{r}/l"),
    )


@probe
def removing_by_its_other_name(k, r):
    make(k, f"{r}/a")
    return k.remove(f"{r}/a"), answer(k.remove, f"{r}/a"), answer(k.remove, r), k.listdir(r)


@probe
def case_matters(k, r):
    make(k, f"{r}/a")
    make(k, f"{r}/A")
    return k.listdir(r), opening(k, f"{r}/B", R)


# --- what the fake kernel leaves out ------------------------------------------------------------------------------------


@probe
def room_on_the_disk(k, r):
    return answer(lambda: k.statvfs(r).f_namemax)


@probe
def locks(k, r):
    fd = k.open(f"{r}/a", RW | os.O_CREAT)
    return answer(lambda: k.lockf(fd, os.F_TLOCK, 0)), k.close(fd)


@probe
def reserved_room(k, r):
    fd = k.open(f"{r}/a", RW | os.O_CREAT)
    return answer(lambda: k.posix_fallocate(fd, 0, 10)), k.close(fd)


@probe
def copies_within_the_kernel(k, r):
    make(k, f"{r}/a", b"abc")
    source, target = k.open(f"{r}/a", R), k.open(f"{r}/b", W | os.O_CREAT)
    return answer(lambda: k.copy_file_range(source, target, 3)), k.close(source), k.close(target)


@probe
def limits_by_name(k, r):
    return answer(lambda: k.pathconf(r, "PC_NAME_MAX"))


# --- by descriptor of a directory ---------------------------------------------------------------------------------------


def _inside(k: Any, r: str) -> int:
    k.mkdir(f"{r}/d")
    make(k, f"{r}/d/a", b"inside")
    return k.open(f"{r}/d", R | DIRECTORY)


@probe
def below_a_descriptor(k, r):
    fd = _inside(k, r)
    k.mkdir("e", dir_fd=fd)
    k.symlink("a", "l", dir_fd=fd)
    k.mkfifo("p", dir_fd=fd)
    k.link("a", "b", src_dir_fd=fd, dst_dir_fd=fd)
    k.rename("b", "c", src_dir_fd=fd, dst_dir_fd=fd)
    k.unlink("c", dir_fd=fd)
    k.rmdir("e", dir_fd=fd)
    return (
        k.listdir(fd),
        k.listdir(f"{r}/d"),
        k.readlink("l", dir_fd=fd),
        k.access("a", os.F_OK, dir_fd=fd),
        k.stat("../d/a", dir_fd=fd).st_size,
        k.close(fd),
    )


@probe
def listing_a_descriptor_twice(k, r):
    fd = _inside(k, r)
    return k.listdir(fd) == k.listdir(fd), answer(k.read, fd, 1), k.close(fd)


@probe
def below_a_descriptor_that_is_no_directory(k, r):
    make(k, f"{r}/a")
    fd = k.open(f"{r}/a", R)
    return (
        opening(k, "b", R, dir_fd=fd),
        opening(k, ".", R, dir_fd=fd),
        opening(k, f"{r}/a", R, dir_fd=fd),
        answer(k.listdir, fd),
        k.close(fd),
    )


@probe
def held_directory_renamed(k, r):
    fd = _inside(k, r)
    k.rename(f"{r}/d", f"{r}/elsewhere")
    k.mkdir(f"{r}/d")
    make(k, f"{r}/d/a", b"decoy")
    inner = k.open("a", R, dir_fd=fd)
    return (
        k.read(inner, 99),
        k.close(inner),
        k.unlink("a", dir_fd=fd),
        k.listdir(f"{r}/elsewhere"),
        k.listdir(f"{r}/d"),
        k.close(fd),
    )


@probe
def held_directory_swapped_for_a_link(k, r):
    fd = _inside(k, r)
    k.mkdir(f"{r}/outside")
    make(k, f"{r}/outside/a", b"secret")
    k.rename(f"{r}/d", f"{r}/was")
    k.symlink("outside", f"{r}/d")
    inner = k.open("a", R | NOFOLLOW, dir_fd=fd)
    return (
        k.read(inner, 99),
        k.close(inner),
        k.unlink("a", dir_fd=fd),
        k.listdir(f"{r}/outside"),
        contents(k, f"{r}/d/a"),
        k.close(fd),
    )


@probe
def held_directory_moved_knows_its_new_parent(k, r):
    fd = _inside(k, r)
    k.mkdir(f"{r}/other")
    make(k, f"{r}/other/mark", b"new")
    k.rename(f"{r}/d", f"{r}/other/d")
    inner = k.open("../mark", R, dir_fd=fd)
    return k.read(inner, 9), k.close(inner), k.close(fd)


@probe
def names_that_differ_in_hard_links_keep_their_directories(k, r):
    k.mkdir(f"{r}/d")
    make(k, f"{r}/a")
    k.link(f"{r}/a", f"{r}/d/b")
    k.unlink(f"{r}/d/b")
    k.rename(f"{r}/a", f"{r}/d/c")
    return k.listdir(r), k.listdir(f"{r}/d"), k.stat(f"{r}/d/c").st_nlink


@probe
def working_directories(k, r):
    """Relative names after ``chdir``, through a link too; ``getcwd`` tells no links."""
    before = k.getcwd()
    k.mkdir(f"{r}/d")
    k.mkdir(f"{r}/d/e")
    make(k, f"{r}/d/a", b"here")
    k.symlink("d", f"{r}/l")
    held = k.open(f"{r}/d/e", R)
    try:
        told = [answer(k.chdir, f"{r}/d/a"), answer(k.chdir, f"{r}/missing"), answer(k.fchdir, 999_999)]
        k.chdir(f"{r}/l")
        told += [k.getcwd().removeprefix(r), contents(k, "a"), k.listdir(".")]
        k.chdir("e/..")
        told += [k.getcwd().removeprefix(r), contents(k, "../d/a")]
        k.fchdir(held)
        told += [k.getcwd().removeprefix(r), contents(k, "../a"), os.fsencode(k.getcwd()) == k.getcwdb()]
        return told
    finally:
        k.close(held)
        k.chdir(before)
