"""The fake kernel answers as Linux does, or the difference is declared here, with its reason."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from etp_kit.simulator.world.calls import CALLS, Call, Route
from etp_kit.simulator.world.fake import FakeKernel
from etp_kit.simulator.world.real import RealKernel
from etp_kit.simulator.world.signals import NotModelled, WouldBlock

from . import probes_of_names  # noqa: F401 - its probes are told by being defined
from .probes import FOR_ROOT, PROBES, answer, make

#: Where the fake kernel answers otherwise on purpose.
#: One that answers alike again fails: it must be taken out.
DECLARED: dict[str, str] = {
    "room_on_the_disk": "statvfs is not modelled: no producer or collector looks at free room by name",
    "locks": "lockf is not modelled: one process cannot meet its own lock",
    "reserved_room": "posix_fallocate is not modelled: collectors do not reserve room",
    "copies_within_the_kernel": "copy_file_range is not modelled: a copy by read and write is",
    "limits_by_name": "pathconf is not modelled: the limits themselves are",
}


class Calls:
    """A kernel's calls by name, as the probes use them."""

    def __init__(self, kernel: Any) -> None:
        self._kernel = kernel

    def __getattr__(self, name: str) -> Any:
        return self._kernel.function(name)

    def listdir(self, path: Any) -> list[tuple[Any, str]]:
        return sorted(self._kernel.entries(path))


@pytest.fixture(autouse=True)
def _usual_umask() -> Iterator[None]:
    # The real umask itself, even where a seam was installed in this process: none is current here.
    old = os.umask(0o022)
    yield
    os.umask(old)


@pytest.fixture
def fake() -> FakeKernel:
    kernel = FakeKernel()
    kernel.reset()
    kernel.function("mkdir")("/world")
    return kernel


def _asked(name: str, kernel: Any, root: str) -> Any:
    return answer(PROBES[name], Calls(kernel), root)


@pytest.mark.parametrize("name", PROBES)
def test_the_fake_kernel_answers_as_linux(name: str, fake: FakeKernel, tmp_path: Path) -> None:
    if name in FOR_ROOT and os.geteuid() != 0:
        pytest.skip("a real kernel answers this to the superuser only")
    genuine = _asked(name, RealKernel(), str(tmp_path))
    faked = _asked(name, fake, "/world")
    if name in DECLARED:
        assert faked != genuine, f"declared as different and is alike: {DECLARED[name]}"
    else:
        assert faked == genuine


def test_each_declared_difference_is_a_probe() -> None:
    assert len(PROBES) >= 80
    assert DECLARED.keys() <= PROBES.keys()


def test_every_call_that_the_fake_kernel_models_is_asked_by_a_probe() -> None:
    asked: set[str] = set()

    class Listed(Calls):
        def __getattr__(self, name: str) -> Any:
            asked.add(name)
            return super().__getattr__(name)

    for probe in PROBES.values():
        kernel = FakeKernel()
        kernel.function("mkdir")("/world")
        answer(probe, Listed(kernel), "/world")
    assert {call.name for call in CALLS.values() if call.modelled and call.route is not Route.LISTING} - asked == set()


@pytest.mark.parametrize("call", [call for call in CALLS.values() if not call.modelled], ids=lambda call: call.name)
def test_a_call_without_a_model_is_refused(call: Call, fake: FakeKernel) -> None:
    with pytest.raises(NotModelled, match=call.name):
        fake.function(call.name)


@pytest.mark.parametrize("kernel", [FakeKernel, RealKernel])
@pytest.mark.parametrize("flags", [os.O_RDONLY, os.O_WRONLY, os.O_RDONLY | os.O_NOFOLLOW])
def test_an_open_that_would_wait_for_ever_is_refused(kernel: type[Any], flags: int, tmp_path: Path) -> None:
    world = kernel()
    root = str(tmp_path) if kernel is RealKernel else "/"
    world.function("mkfifo")(f"{root}/fifo")
    world.function("symlink")("fifo", f"{root}/link")
    with pytest.raises(WouldBlock):
        world.refuse_blocking(f"{root}/fifo", flags, None)
    if not flags & os.O_NOFOLLOW:
        with pytest.raises(WouldBlock):
            world.refuse_blocking(f"{root}/link", flags, None)
    for harmless in (os.O_RDONLY | os.O_NONBLOCK, os.O_RDWR, os.O_PATH, os.O_RDONLY | os.O_DIRECTORY):
        world.refuse_blocking(f"{root}/fifo", harmless, None)
    world.refuse_blocking(f"{root}/missing", flags, None)


def test_a_read_that_would_wait_for_ever_is_refused(fake: FakeKernel) -> None:
    k = Calls(fake)
    k.mkfifo("/fifo")
    fd = k.open("/fifo", os.O_RDWR)
    with pytest.raises(WouldBlock):
        k.read(fd, 1)


def _filled(kernel: Any, root: str) -> list[Any]:
    """Fill a disk of two blocks, make room, and write again."""
    k = Calls(kernel)
    fd = k.open(f"{root}/a", os.O_WRONLY | os.O_CREAT)
    told = [answer(k.write, fd, b"x" * 12_288), answer(k.write, fd, b"y"), k.fstat(fd).st_size]
    told.append(answer(make, k, f"{root}/b", b"z"))
    told.append(k.lstat(f"{root}/b").st_size)
    k.unlink(f"{root}/a")
    told.append(answer(make, k, f"{root}/b", b"z"))  # still held open, so the room is not free
    k.close(fd)
    told.append(answer(make, k, f"{root}/b", b"z"))
    k.truncate(f"{root}/b", 100_000)  # a hole takes no room
    told.append(k.stat(f"{root}/b").st_size)
    return told


@pytest.mark.root
def test_a_full_disk_takes_what_fits_and_then_refuses(fake: FakeKernel, tmp_path: Path) -> None:
    mount = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8192", "none", str(tmp_path)], capture_output=True, check=False
    )
    if mount.returncode:
        pytest.skip("may not mount a small tmpfs")
    try:
        genuine = _filled(RealKernel(), str(tmp_path))
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)
    fake.reset(disk_size=8_192)
    assert _filled(fake, "") == genuine


def test_errors_carry_the_path_that_was_asked(fake: FakeKernel) -> None:
    k = Calls(fake)
    for call, name in ((k.stat, "/x"), (k.unlink, b"/x"), (fake.entries, "/x")):
        with pytest.raises(FileNotFoundError) as caught:
            call(name)
        assert caught.value.filename == name
        assert caught.value.errno == errno.ENOENT


def test_a_reset_leaves_nothing_behind(fake: FakeKernel) -> None:
    k = Calls(fake)
    k.umask(0)
    k.open("/a", os.O_CREAT | os.O_WRONLY)
    fake.reset()
    assert fake.entries("/") == []
    assert k.umask(0o022) == 0o022
    assert stat.S_ISDIR(k.stat("/").st_mode)
    with pytest.raises(OSError, match="Bad file descriptor"):
        k.fstat(1_000)
