"""``--clean`` removes exactly what was written, follows no link, and says what it leaves."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from etp_kit.simulator.base.errors import BadInput
from etp_kit.simulator.load.cleaning import clean
from etp_kit.simulator.load.directory import LoadDirectory
from etp_kit.simulator.load.manifest import PREFIX
from etp_kit.simulator.load.marker import MARKER, init, take

from .test_hand import EVENTS, Desk, desk

__all__ = ["desk"]


def test_a_file_of_somebody_else_stays(desk: Desk) -> None:
    desk.take("write", f"{EVENTS}/1.json")
    (desk.events / "2.json").write_text("theirs")
    kept = dict(desk.clean())
    assert kept == {"A/events": "holds what the load did not write", "A": "holds what the load did not write"}
    assert os.listdir(desk.events) == ["2.json"]
    assert MARKER in os.listdir(desk.log)  # so that it can be cleaned later


def test_what_stands_in_the_place_of_a_file_stays(desk: Desk) -> None:
    desk.take("write", f"{EVENTS}/1.json")
    (desk.events / "1.json").rename(desk.other / "mine")
    (desk.events / "1.json").write_text("theirs")
    assert ("A/events/1.json", "is not what the load wrote there") in desk.clean()
    assert (desk.events / "1.json").read_text() == "theirs"


@pytest.mark.parametrize("depth", ["events", "handler"])
def test_a_link_in_the_place_of_a_directory_is_not_followed(desk: Desk, depth: str) -> None:
    desk.take("write", f"{EVENTS}/1.json")
    place = desk.events if depth == "events" else desk.events.parent
    target = desk.other / "target"
    place.rename(target)  # with the very files that the manifest names, inode by inode
    place.symlink_to(target)
    desk.clean()
    left = target / "1.json" if depth == "events" else target / "events" / "1.json"
    assert left.exists()
    assert place.is_symlink()


def test_a_manifest_that_names_what_is_outside_removes_nothing(desk: Desk) -> None:
    (desk.other / "x").write_text("theirs")
    inode = (desk.other / "x").stat().st_ino
    forged = "".join(f'["+","{path}","write",9,0]\n["=",{inode}]\n' for path in ("../other/x", str(desk.other / "x"), "A/../../other/x"))
    (desk.log / f"{PREFIX}1").write_text(forged)
    assert desk.clean() == []
    assert (desk.other / "x").read_text() == "theirs"


@pytest.mark.parametrize("made", [b"", b"x", b"x" * 9])
def test_a_file_whose_writer_was_killed_over_it_goes(desk: Desk, made: bytes) -> None:
    desk.manifest.announce("A/events/1.json", "write", 9)
    (desk.events / "1.json").write_bytes(made)
    assert desk.clean() == []
    assert os.listdir(desk.log) == []


def test_a_larger_file_than_was_announced_is_not_ours(desk: Desk) -> None:
    desk.manifest.announce("A/events/1.json", "write", 9)
    (desk.events / "1.json").write_bytes(b"x" * 10)
    assert ("A/events/1.json", "is not what the load wrote there") in desk.clean()


def test_a_directory_that_was_there_before_stays(tmp_path: Path) -> None:
    (tmp_path / "log" / "A").mkdir(parents=True)
    init(tmp_path / "log")
    assert clean(tmp_path / "log").kept == []
    assert os.listdir(tmp_path / "log") == ["A"]


def test_a_directory_without_marker_is_not_cleaned(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="carries no marker"):
        clean(tmp_path)


def test_nothing_is_cleaned_under_a_load(tmp_path: Path) -> None:
    place = LoadDirectory(tmp_path)
    lock, _ = take(place)
    with pytest.raises(BadInput, match="another load is at work"):
        clean(tmp_path)
    os.close(lock)
    place.close()
    assert clean(tmp_path).files == 0


def test_deep_directories_of_somebody_else_are_no_trouble(desk: Desk) -> None:
    deep = os.open(desk.events, os.O_RDONLY)
    for _ in range(40):
        os.mkdir("d", dir_fd=deep)
        inner = os.open("d", os.O_RDONLY, dir_fd=deep)
        os.close(deep)
        deep = inner
    os.close(deep)
    assert dict(desk.clean())["A"] == "holds what the load did not write"


@pytest.mark.root
def test_no_mount_is_crossed(tmp_path: Path) -> None:
    """A bind mount has the device of what it shows; the kernel's number of the mount tells it."""
    script = """
import os, subprocess, sys
from pathlib import Path
from etp_kit.simulator.load import cleaning
from etp_kit.simulator.load.directory import LoadDirectory
from etp_kit.simulator.load.manifest import Manifest
from etp_kit.simulator.load.marker import init, take
top = Path(sys.argv[1])
log, other = top / "log", top / "other"
log.mkdir(), other.mkdir(), init(log)
place = LoadDirectory(log)
lock, _ = take(place)
manifest = Manifest(place, 0)
for path, act in (("A", "mkdir"), ("A/1.json", "write")):
    manifest.announce(path, act)
    (log / path).mkdir() if act == "mkdir" else (log / path).write_text("x")
    manifest.made((log / path).stat().st_ino)
os.close(lock)
(log / "A").rename(other / "A")
(log / "A").mkdir()
subprocess.run(["mount", "--bind", other / "A", log / "A"], check=True)
print(cleaning.clean(log).files, (other / "A" / "1.json").exists())
"""
    command = ["unshare", "-m", sys.executable, "-c", script, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    if "Operation not permitted" in done.stderr:
        pytest.skip("no mount namespace here")
    assert done.stdout == "0 True\n", done.stderr
