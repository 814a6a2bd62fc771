"""What each system call is: the label in a history, and what its arguments mean.

Rules: a form is data, and tested without a kernel. A label is the one that the same call has at the
seam of ``os``
(``simulator.world.seam``). Kinds of arguments:

=========  ====================================================================================
``d p``    the directory that a path begins at, and the path
``f``      a descriptor
``i``      a number, as it stands
``m``      the mode of something that is made, to which the program's umask applies
``s``      a text that is no path of the call: the target of a link, the name of an attribute
``<N >N``  where N bytes are read from, or written to; no address, no bytes
``r n``    a buffer that is filled, and its length
``w n``    a buffer that is read, and its length
``S``      where a ``struct stat`` is written to
=========  ====================================================================================
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

AT_FDCWD = -100
_AT_SYMLINK_NOFOLLOW, _AT_REMOVEDIR, AT_EMPTY_PATH = 0x100, 0x200, 0x1000
#: The kernel's own flag: Python's ``os.O_TMPFILE`` has O_DIRECTORY in it, which others have too.
O_TMPFILE = 0o20000000


@dataclass(frozen=True)
class Form:
    """How a call is told and carried out.

    ``way``: "" as its arguments say, else the name of what is special about it.
    """

    label: str
    kinds: tuple[str, ...]
    way: str = ""
    #: Whether it changes what lies there: outside the world nobody may.
    changes: bool = False

    @cached_property
    def looked_at(self) -> tuple[tuple[int, str], ...]:
        """The arguments that say where the call leads, with their kinds."""
        return tuple((at, kind) for at, kind in enumerate(self.kinds) if kind in {"d", "p", "f"})


def _forms(table: str, *, way: str = "", changes: bool = False) -> dict[str, Form]:
    found = {}
    for line in table.strip().splitlines():
        name, label, *kinds = line.split()
        found[name] = Form(label, tuple(kinds), way, changes)
    return found


FORMS: dict[str, Form] = {
    **_forms("""
        stat stat p S
        lstat lstat p S
        fstat fstat f S
        newfstatat stat d p S i
        statx stat d p i i >256
        access access p i
        faccessat access d p i
        faccessat2 access d p i i
        readlink readlink p r n
        readlinkat readlink d p r n
        statfs statvfs p >120
        fstatfs statvfs f >120
        fsync fsync f
        fdatasync fsync f
        lseek lseek f i i
        listxattr listxattr p r n
        llistxattr listxattr p r n
        flistxattr listxattr f r n
        getxattr getxattr p s r n
        lgetxattr getxattr p s r n
        fgetxattr getxattr f s r n
    """),
    **_forms("""
        unlink unlink p
        unlinkat unlink d p i
        rmdir rmdir p
        rename rename p p
        renameat rename d p d p
        renameat2 rename d p d p i
        link link p p
        linkat link d p d p i
        symlink symlink s p
        symlinkat symlink s d p
        mkdir mkdir p m
        mkdirat mkdir d p m
        mknod mknod p m i
        mknodat mknod d p m i
        chmod chmod p i
        fchmod chmod f i
        fchmodat chmod d p i
        fchmodat2 chmod d p i i
        chown chown p i i
        lchown chown p i i
        fchown chown f i i
        fchownat chown d p i i i
        utime utime p <16
        utimes utime p <32
        futimesat utime d p <32
        utimensat utime d p <32 i
        truncate truncate p i
        ftruncate truncate f i
        fallocate posix_fallocate f i i i
        setxattr setxattr p s w n i
        lsetxattr setxattr p s w n i
        fsetxattr setxattr f s w n i
        removexattr removexattr p s
        lremovexattr removexattr p s
        fremovexattr removexattr f s
    """, changes=True),
    **_forms("""
        open open p i m
        openat open d p i m
        openat2 open d p <24 i
        creat open p m
    """, way="open"),
    **_forms("""
        read read f r n
        pread64 read f r n i
        readv read f v i
        preadv read f v i i
        preadv2 read f v i i i i
    """, way="read"),
    **_forms("""
        write write f w n
        pwrite64 write f w n i
        writev write f v i
        pwritev write f v i i
        pwritev2 write f v i i i i
    """, way="write"),
    **_forms("""
        getdents scandir f r n
        getdents64 scandir f r n
    """, way="list"),
    # What only the program itself can do to its descriptors: told, then let go on.
    **_forms("""
        close close f
        dup dup f
        dup2 dup f i
        dup3 dup f i i
        close_range close i i i
    """, way="own"),
    # From one descriptor to another, where a pipe may be the other end: told, then let go on.
    **_forms("""
        sendfile sendfile f f
        copy_file_range copy_file_range f i f
        splice splice f i f
    """, way="own"),
    # Waits for something, with an end by the clock: held until either comes. No time, no end.
    **_forms("""
        nanosleep sleep
        clock_nanosleep sleep
        poll sleep
        ppoll sleep
        select sleep
        pselect6 sleep
        epoll_wait sleep
        epoll_pwait sleep
        epoll_pwait2 sleep
        futex sleep
    """, way="sleep"),
    # The time itself: answered by the kit's clock, and part of no history.
    **_forms("""
        clock_gettime time
        gettimeofday time
        time time
    """, way="clock"),
    # Where it may run: it learns the truth, and is not kept beside us any more.
    **_forms("""
        sched_getaffinity affinity
        sched_setaffinity affinity
    """, way="affinity"),
    # The first that a program does, before it looks at a clock: its own is taken from it then.
    **_forms("""
        execve exec
        execveat exec
        arch_prctl begin
        set_tid_address begin
        set_robust_list begin
        rseq begin
    """, way="begin"),
    # After these there may be one process or thread more.
    **_forms("""
        clone fork
        clone3 fork
        fork fork
        vfork fork
    """, way="fork"),
}  # fmt: skip

#: Heard only where they have an end by the clock: the argument that says so, and how. ``number``:
#: of milliseconds, 0 is no wait and -1 no end.
#: ``pointer``: to a time, none is no end. ``futex``: the same, of those of its operations that
#: wait.
TIMED = {
    "poll": (2, "number"), "ppoll": (2, "pointer"), "select": (4, "pointer"), "pselect6": (4, "pointer"),
    "epoll_wait": (3, "number"), "epoll_pwait": (3, "number"), "epoll_pwait2": (3, "pointer"), "futex": (3, "futex"),
}  # fmt: skip
FUTEX_WAIT, FUTEX_WAIT_BITSET, FUTEX_REALTIME, FUTEX_COMMAND = 0, 9, 256, 0x7F

#: What would pass by unheard, or reach into others: answered by an error. libuv, Go and glibc do
#: without each; the younger ones have elder siblings that are heard.
ENOSYS, EPERM = 38, 1
REFUSED = {
    "io_uring_setup": ENOSYS, "io_uring_enter": ENOSYS, "io_uring_register": ENOSYS, "io_setup": ENOSYS,
    "io_submit": ENOSYS, "open_tree": ENOSYS, "open_tree_attr": ENOSYS, "setxattrat": ENOSYS, "getxattrat": ENOSYS,
    "listxattrat": ENOSYS,
    "removexattrat": ENOSYS, "file_getattr": ENOSYS, "file_setattr": ENOSYS, "futex_waitv": ENOSYS,
    "open_by_handle_at": EPERM, "ptrace": EPERM, "pidfd_getfd": EPERM, "process_vm_writev": EPERM,
}  # fmt: skip


def label_of(name: str, args: Sequence[int]) -> str:
    """The label of a call with these arguments: what it is may stand in its flags."""
    match name:
        case "newfstatat":
            return "fstat" if args[3] & AT_EMPTY_PATH else "lstat" if args[3] & _AT_SYMLINK_NOFOLLOW else "stat"
        case "statx":
            return "fstat" if args[2] & AT_EMPTY_PATH else "lstat" if args[2] & _AT_SYMLINK_NOFOLLOW else "stat"
        case "unlinkat":
            return "rmdir" if args[2] & _AT_REMOVEDIR else "unlink"
    return FORMS[name].label


_CLOSES_AT = {"close": 0, "dup2": 1, "dup3": 1}
_CLOSE_ON_EXEC = 4


def closed_by(name: str, args: Sequence[int]) -> range:
    """The descriptors whose numbers are free, or another thing's, after this call."""
    if name in _CLOSES_AT:
        descriptor = signed(args[_CLOSES_AT[name]])
        return range(descriptor, descriptor + 1)
    if name == "close_range" and not args[2] & _CLOSE_ON_EXEC:
        return range(args[0] & 0xFFFFFFFF, (args[1] & 0xFFFFFFFF) + 1)
    return range(0)


def signed(value: int, bits: int = 32) -> int:
    """A register's value as the number that was meant."""
    value &= (1 << bits) - 1
    return value - (1 << bits) if value >> (bits - 1) else value
