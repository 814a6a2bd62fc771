"""What is heard of a program, and what can be made to happen at its calls."""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from pathlib import Path

import pytest

from etp_kit.simulator.core import ENTRIES_A_CALL
from etp_kit.simulator.subjects.program import messages
from etp_kit.simulator.supervisor.machines import this_machine
from etp_kit.simulator.world.signals import Killed, WouldBlock

from .heard import Recorder, needs_kernel, running, told_by

pytestmark = needs_kernel

WRITTEN = """
f = os.open(root + '/n', os.O_RDWR | os.O_CREAT)
os.write(f, b'xyz'); os.fsync(f); os.ftruncate(f, 2); say(os.pread(f, 9, 0)); os.close(f)
"""
LIBC = "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\n"


def failing(label: str, number: int) -> Recorder:
    def strike(at: str, path: str, when: str) -> None:
        if (at, when) == (label, "before"):
            raise OSError(number, os.strerror(number))

    return Recorder(strike)


def killing(label: str, when: str) -> Recorder:
    def strike(at: str, path: str, at_when: str) -> None:
        if (at, at_when) == (label, when):
            raise Killed(label)

    return Recorder(strike)


@pytest.mark.parametrize(
    ("code", "calls"),
    [
        ("os.stat(root + '/a')", [("stat", "a", 0)]),
        ("os.lstat(root + '/a')", [("lstat", "a", 0)]),
        ("os.stat(root + '/none')", [("stat", "none", errno.ENOENT)]),
        ("os.mkdir(root + '/d'); os.rmdir(root + '/d')", [("mkdir", "d", 0), ("rmdir", "d", 0)]),
        ("os.rename(root + '/a', root + '/b')", [("rename", "a -> b", 0)]),
        ("os.link(root + '/a', root + '/b')", [("link", "a -> b", 0)]),
        ("os.symlink('a', root + '/l'); say(os.readlink(root + '/l'))", [("symlink", "l", 0), ("readlink", "l", 0)]),
        ("os.unlink(root + '/a')", [("unlink", "a", 0)]),
        ("os.chmod(root + '/a', 0o600)", [("chmod", "a", 0)]),
        ("os.utime(root + '/a', (1, 2))", [("utime", "a", 0)]),
        ("os.mkfifo(root + '/f')", [("mknod", "f", 0)]),
        ("os.truncate(root + '/a', 1)", [("truncate", "a", 0)]),
        ("os.access(root + '/a', os.R_OK)", [("access", "a", 0)]),
        ("os.chdir(root); os.stat('a')", [("stat", "a", 0)]),
        (
            "f = os.open(root, os.O_RDONLY); os.stat('./a', dir_fd=f); os.close(f)",
            [("open", ".", 0), ("stat", "a", 0), ("close", ".", 0)],
        ),
        (
            WRITTEN,
            [(label, "n", 0) for label in ("open", "write", "fsync", "truncate", "read", "close")],
        ),
        (
            "f = os.open(root + '/a', 0); say(os.readv(f, [bytearray(2), bytearray(2)])); os.close(f)",
            [("open", "a", 0), ("read", "a", 0), ("close", "a", 0)],
        ),
        (
            "f = os.open(root + '/a', 0); os.read(int(os.open(f'/proc/self/fd/{f}', 0)), 1)",
            [("open", "a", 0), ("open", "a", 0), ("read", "a", 0)],
        ),
    ],
)  # fmt: skip
def test_each_call_is_told_as_at_the_seam_of_os(tmp_path: Path, code: str, calls: list[tuple[str, str, int]]) -> None:
    (tmp_path / "a").write_bytes(b"abcd")
    listener = Recorder()
    told_by(code, tmp_path, listener)
    assert listener.calls == calls


def test_what_a_call_gives_is_what_the_kernel_gave(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abcd")
    os.symlink("a", tmp_path / "l")
    code = (
        "say([os.stat(root + '/a').st_size, os.readlink(root + '/l'), os.access(root + '/none', 0),"
        " open(root + '/a').read(), os.statvfs(root).f_namemax])"
    )
    assert told_by(code, tmp_path, Recorder()) == ["[4, 'a', False, 'abcd', 255]"]


def test_what_is_made_has_the_mode_that_the_program_asked_for(tmp_path: Path) -> None:
    told_by(
        "os.umask(0o027); os.mkdir(root + '/d', 0o777);"
        " os.close(os.open(root + '/f', os.O_CREAT | os.O_WRONLY, 0o666))",
        tmp_path,
        Recorder(),
    )
    assert [(tmp_path / name).stat().st_mode & 0o777 for name in ("d", "f")] == [0o750, 0o640]


def test_an_error_stands_in_place_of_the_call(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    assert told_by("os.unlink(root + '/a')", tmp_path, failing("unlink", errno.EIO)) == ["EIO"]
    assert (tmp_path / "a").exists()


def test_a_close_that_fails_frees_its_descriptor_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    code = "f = os.open(root + '/a', 0)\ntry: os.close(f)\nexcept OSError: say(os.readlink(f'/proc/self/fd/{f}'))"
    assert told_by(code, tmp_path, failing("close", errno.EIO)) == ["/dev/null"]


@pytest.mark.parametrize(
    "code",
    [
        "libc.open((root + '/a').encode(), ctypes.c_uint(0x80000000), ctypes.c_ulong(1 << 63))",
        "libc.open((root + '/b').encode(), os.O_CREAT | os.O_WRONLY, ctypes.c_ulong((1 << 63) | 0o600))",
        "libc.poll(ctypes.create_string_buffer(struct.pack('<iHH', 0, 0xFFFF, 0)), 1, 10)",
        "libc.poll(1, 1, 10)",
    ],
    ids=["flags beyond an int", "a mode that holds more", "every event", "no address"],
)
def test_whatever_stands_in_its_registers_it_gets_an_answer(tmp_path: Path, code: str) -> None:
    (tmp_path / "a").touch()
    begin = "import ctypes, struct; libc = ctypes.CDLL(None, use_errno=True);"
    assert told_by(f"{begin} {code}; say('on')", tmp_path, Recorder()) == ["on"]


def test_a_read_can_be_short(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abcd")
    listener = Recorder()
    listener.most = 3
    assert told_by("f = os.open(root + '/a', 0); say([os.read(f, 9), os.read(f, 9)])", tmp_path, listener) == [
        "[b'abc', b'd']"
    ]


def test_a_large_file_is_read_and_written_whole(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(bytes(range(256)) * 20_000)
    assert told_by(
        "data = open(root + '/a', 'rb').read(); open(root + '/b', 'wb').write(data); say(len(data))",
        tmp_path,
        Recorder(),
    ) == ["5120000"]
    assert (tmp_path / "b").read_bytes() == (tmp_path / "a").read_bytes()


@pytest.mark.parametrize(("when", "left"), [("before", True), ("after", False)])
def test_a_program_dies_before_a_call_or_after_it(tmp_path: Path, when: str, left: bool) -> None:
    (tmp_path / "a").touch()
    with pytest.raises(Killed):
        told_by("os.unlink(root + '/a')", tmp_path, killing("unlink", when))
    assert (tmp_path / "a").exists() is left


def test_a_listing_has_the_order_of_the_run(tmp_path: Path) -> None:
    names = [f"{number:03}" for number in range(300)]
    for name in names:
        (tmp_path / name).touch()
    listener = Recorder()
    assert told_by("say(','.join(os.listdir(root)))", tmp_path, listener) == [",".join(reversed(names))]
    assert [call for call in listener.calls if call[0] == "scandir"] == [("scandir", ".", 0)]


def test_a_listing_that_never_ends_goes_on_until_the_program_ends_it(tmp_path: Path) -> None:
    """Behind what is there, so many at a time. Each portion is told; nobody has such an entry."""
    (tmp_path / "a").touch()
    listener = Recorder()
    listener.endless = (".",)
    code = """
with os.scandir(root) as entries:
    names = [entry.name for entry, _ in zip(entries, range(2_000))]
say(f"{names[0]} {len(set(names))}")
say(os.path.lexists(f"{root}/{names[-1]}"))
"""
    assert told_by(code, tmp_path, listener) == ["a 2000", "False"]
    portions = [call for call in listener.calls if call[0] == "readdir"]
    assert portions == [("readdir", ".", 0)] * (1_999 // ENTRIES_A_CALL + 1)


def test_a_listing_that_is_begun_anew_ends(tmp_path: Path) -> None:
    listener = Recorder()
    listener.endless = ("d",)
    (tmp_path / "d").mkdir()
    code = """
say(sum(1 for _ in zip(os.scandir(root + '/d'), range(9))))
say(len(os.listdir(root)))
"""
    assert told_by(code, tmp_path, listener) == ["9", "1"]
    assert ("readdir", ".", 0) not in listener.calls


def test_a_fifo_that_nobody_writes_to_blocks_nobody_but_the_program(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "f")
    with pytest.raises(WouldBlock):
        told_by("open(root + '/f')", tmp_path, Recorder())


def test_a_call_falls_between_the_lines_that_were_written_before_and_after_it(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    order: list[str] = []
    listener = Recorder(lambda label, path, when: order.append(f"{label} {when}"))
    with running("say('one'); os.stat(root + '/a'); say('two')", tmp_path, listener) as program:
        for answer in program.collect("extension", messages.Script()):
            order.append(getattr(answer, "text", answer.type))  # noqa: PERF401 - in its place among the calls
    assert order == ["one", "stat before", "stat after", "two", "done"]


@pytest.mark.parametrize(
    ("code", "escape"),
    [
        ("os.mkdir('{out}/made')", ("mkdir", "{out}/made")),
        ("open('{out}/made', 'w')", ("open", "{out}/made")),
        ("open(root + '/led')", ("open", "{out}/secret")),
        ("os.rename(root + '/a', '{out}/a')", ("rename", "{out}/a")),
    ],
)
def test_what_is_changed_outside_and_where_a_link_leads_are_escapes(
    tmp_path: Path, code: str, escape: tuple[str, str]
) -> None:
    root, out = tmp_path / "root", tmp_path / "out"
    root.mkdir()
    out.mkdir()
    (root / "a").touch()
    (out / "secret").touch()
    os.symlink(out / "secret", root / "led")
    listener = Recorder()
    told_by(code.format(out=out), root, listener)
    assert listener.escapes == [(escape[0], escape[1].format(out=out))]


def test_a_way_into_the_world_by_a_link_from_outside_is_heard(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (root / "a").touch()
    os.symlink(root, tmp_path / "way")
    listener = Recorder()
    told_by(f"os.stat('{tmp_path}/way/a')", root, listener)
    assert listener.calls == [("stat", "a", 0)]


@pytest.mark.parametrize("call", ["io_uring_setup", "io_setup", "io_submit", "open_tree", "futex_waitv", "setxattrat"])
def test_what_would_pass_by_unheard_is_refused(tmp_path: Path, call: str) -> None:
    number = this_machine().numbers[call]
    code = f"{LIBC}say([libc.syscall({number}, 1, 0, 0, 0), errno.errorcode[ctypes.get_errno()]])"
    assert told_by(code, tmp_path, Recorder()) == ["[-1, 'ENOSYS']"]


_OTHER = "a, b = os.open(root + '/a', 0), os.open(root + '/b', 0); "


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (f"{_OTHER}os.dup2(b, a); say(os.read(a, 9))", "b'other'"),
        (f"{_OTHER}os.close(a); c = os.dup(b); say([c == a, os.read(c, 9)])", "[True, b'other']"),
        (f"{_OTHER}os.closerange(a, a + 1); c = os.dup(b); say([c == a, os.read(c, 9)])", "[True, b'other']"),
        (
            f"{LIBC}{_OTHER}libc.close_range(a, a, 0); c = os.open(root + '/b', 0); say([c == a, os.read(c, 9)])",
            "[True, b'other']",
        ),
        (
            f"{_OTHER}os.read(a, 1); c = os.dup(a); say([os.read(c, 1), os.read(a, 1), os.lseek(a, 0, 1)])",
            "[b'b', b'c', 3]",
        ),
        (f"{_OTHER}r, w = os.pipe(); os.dup2(r, a); os.write(w, b'xyz'); say(os.read(a, 9))", "b'xyz'"),
        (
            (
                f"{_OTHER}pid = os.fork()\nif not pid: os.read(a, 2); os.dup2(b, a); os._exit(0)\n"
                "os.waitpid(pid, 0); say(os.read(a, 9))"
            ),
            "b'cd'",
        ),
    ],
    ids=["dup2", "close", "closerange", "close_range", "dup", "a pipe", "a child's"],
)
def test_a_number_is_what_the_program_made_of_it_last(tmp_path: Path, code: str, said: str) -> None:
    (tmp_path / "a").write_bytes(b"abcd")
    (tmp_path / "b").write_bytes(b"other")
    assert told_by(code, tmp_path, Recorder()) == [said]


#: What a program becomes: it tells what it reads of two descriptors, of which one did not survive.
_HEIR = """
import os
from contextlib import suppress
def read(f):
    try: return os.read(f, 9)
    except OSError as error: return error.errno
told = '{"type":"notice","kind":"x-said","text":"%s"}\\n{"type":"done"}\\n' % [read(9), read(8)]
os.write(1, told.encode()); os.read(0, 9)
"""


def test_what_another_program_inherits_is_what_it_reads(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abcd")
    code = (
        "f = os.open(root + '/a', 0); os.read(f, 1); os.dup2(f, 9); os.dup2(f, 8, inheritable=False)\n"
        f"os.execv(sys.executable, [sys.executable, '-I', '-S', '-c', {_HEIR!r}])"
    )
    assert told_by(code, tmp_path, Recorder()) == [f"[b'bcd', {errno.EBADF}]"]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("os.chdir(root); open('')", "ENOENT"),
        ("os.chdir(root); os.stat('')", "ENOENT"),
        ("d = os.open(root, 0); os.stat('', dir_fd=d)", "ENOENT"),
        ("say(os.getxattr(root + '/a', 'user.x'))", "b'value'"),
        (f"{LIBC}say(libc.getxattr((root + '/a').encode(), b'user.x', None, 0))", "5"),
        (
            f"{LIBC}b, a = b'.' * 8, (root + '/a').encode(); libc.getxattr(a, b'user.x', b, 0); say(b)",
            "b'........'",
        ),
        ("say(len(os.sched_getaffinity(0)) == CPUS)", "True"),
    ],
    ids=["open nothing", "stat nothing", "nothing below", "getxattr", "its size", "no room", "processors"],
)
def test_odd_calls_give_what_the_kernel_gives(tmp_path: Path, code: str, said: str) -> None:
    (tmp_path / "a").touch()
    try:
        os.setxattr(tmp_path / "a", "user.x", b"value")
    except OSError:
        pytest.skip("no attributes of users here")
    assert told_by(code.replace("CPUS", str(len(os.sched_getaffinity(0)))), tmp_path, Recorder()) == [said]


def test_a_rename_to_a_directory_outside_is_made_and_an_escape(tmp_path: Path) -> None:
    root, out = tmp_path / "root", tmp_path / "out"
    root.mkdir()
    out.mkdir()
    (root / "a").touch()
    listener = Recorder()
    told_by(f"d = os.open('{out}', 0); os.rename(root + '/a', 'moved', dst_dir_fd=d)", root, listener)
    assert listener.escapes == [("rename", f"{out}/moved")]
    assert (out / "moved").exists()


def test_an_address_that_is_none_is_the_programs_own_failure(tmp_path: Path) -> None:
    code = f"{LIBC}say([libc.open(ctypes.c_void_p(8), 0), errno.errorcode[ctypes.get_errno()]])"
    assert told_by(code, tmp_path, Recorder()) == ["[-1, 'EFAULT']"]


def test_closing_all_that_was_inherited_takes_nothing_from_the_kit(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    listener = Recorder()
    assert told_by("os.closerange(3, 4096); os.stat(root + '/a'); say('on')", tmp_path, listener) == ["on"]
    assert ("stat", "a", 0) in listener.calls


def pidfds() -> int:
    """How many processes this one holds on to."""
    found = 0
    for name in os.listdir("/proc/self/fd"):
        with suppress(OSError):
            found += os.readlink(f"/proc/self/fd/{name}") == "anon_inode:[pidfd]"
    return found


def test_of_a_helper_that_has_ended_nothing_is_held(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abcd")
    code = """
for _ in range(3):
    pid = os.fork()
    if not pid: os.read(os.open(root + '/a', 0), 1); os._exit(0)
    os.waitpid(pid, 0)
os.stat(root + '/a'); os.stat(root + '/a')"""
    before = pidfds()
    listener = Recorder()
    with running(code, tmp_path, listener) as program:
        list(program.collect("extension", messages.Script()))
        program.settle()
        assert pidfds() - before <= 1
    assert listener.calls.count(("read", "a", 0)) == 3
