"""What a collector can leave behind, and that it goes all the same; nothing beyond a mount does."""

from __future__ import annotations

import ctypes
import os
import subprocess
import tempfile
from pathlib import Path

import pytest

from etp_kit.simulator.world.clearing import clear

DEEP = 3_000
_NEW_MOUNTS, _BIND, _PRIVATE = 0x00020000, 0x1000, 0x44000


def test_what_is_wide_and_what_is_deep_goes(tmp_path: Path) -> None:
    for number in range(20):
        (tmp_path / f"d{number}" / "inner").mkdir(parents=True)
        (tmp_path / f"d{number}" / "inner" / "file").touch()
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(DEEP):
        os.mkdir("d", dir_fd=here)
        os.close(os.open("file", os.O_CREAT, dir_fd=here))
        inner = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)
    assert clear(str(tmp_path)) == ""
    assert list(tmp_path.iterdir()) == []


def test_no_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "file").touch()
    root = tmp_path / "root"
    (root / "inner").mkdir(parents=True)
    (root / "link").symlink_to(tmp_path / "kept")
    (root / "inner" / "link").symlink_to(tmp_path / "kept")
    os.mkfifo(root / "inner" / "fifo")
    assert clear(str(root)) == ""
    assert (tmp_path / "kept" / "file").exists()


def test_a_link_in_place_of_the_root_is_refused(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "root").symlink_to(tmp_path / "kept")
    with pytest.raises(NotADirectoryError):
        clear(str(tmp_path / "root"))


def _closed(root: Path) -> None:
    inner = root / "log" / "closed" / "inner"
    inner.mkdir(parents=True)
    (inner / "file").touch()
    inner.chmod(0)
    inner.parent.chmod(0)


def test_modes_hold_nothing(tmp_path: Path) -> None:
    _closed(tmp_path)
    assert clear(str(tmp_path)) == ""


@pytest.mark.skipif(os.geteuid() != 0, reason="of an ordinary user the test above is this one")
def test_modes_hold_nothing_of_an_ordinary_user() -> None:
    root = Path(tempfile.mkdtemp())
    os.chown(root, 12_345, 12_345)
    child = os.fork()
    if not child:
        try:
            os.setgroups([])
            os.setgid(12_345)
            os.setuid(12_345)
            _closed(root)
            os._exit(0 if clear(str(root)) == "" else 1)
        finally:
            os._exit(2)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert clear(str(root)) == ""
    root.rmdir()
    assert code == 0


def test_an_immutable_file_goes_and_an_immutable_directory_too(tmp_path: Path) -> None:
    (tmp_path / "held").mkdir()
    (tmp_path / "held" / "file").touch()
    for name in ("held/file", "held"):
        if subprocess.run(["chattr", "+i", str(tmp_path / name)], check=False, capture_output=True).returncode:
            pytest.skip("attributes cannot be set here")
    assert clear(str(tmp_path)) == ""


def test_nothing_beyond_a_mount_is_removed_nor_moved(tmp_path: Path) -> None:
    library = ctypes.CDLL(None, use_errno=True)
    (tmp_path / "kept" / "inner").mkdir(parents=True)
    (tmp_path / "kept" / "inner" / "file").touch()
    (tmp_path / "root" / "inner" / "mount").mkdir(parents=True)
    child = os.fork()
    if not child:
        try:
            refused = library.unshare(_NEW_MOUNTS) or library.mount(b"none", b"/", None, _PRIVATE, None)
            place = os.fsencode(tmp_path / "root" / "inner" / "mount")
            refused = refused or library.mount(os.fsencode(tmp_path / "kept"), place, None, _BIND, None)
            os._exit(77 if refused else 0 if clear(str(tmp_path / "root")) == "inner" else 1)
        finally:
            os._exit(2)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code == 77:
        pytest.skip("mounts are not allowed here")
    assert code == 0
    assert (tmp_path / "kept" / "inner" / "file").exists()
