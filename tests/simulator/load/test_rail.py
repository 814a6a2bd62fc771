"""The safety rail: where a load may write, and how much."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from etp_kit.simulator.base.errors import BadInput
from etp_kit.simulator.load.directory import LoadDirectory
from etp_kit.simulator.load.disk_limits import Board, Rail, parse_size
from etp_kit.simulator.load.marker import MARKER, init, is_marked, take


def taken(path: Path) -> bool:
    """Whether the marker was set just now. Raises BadInput."""
    place = LoadDirectory(path)
    try:
        lock, marked_now = take(place)
        os.close(lock)
        return marked_now
    finally:
        place.close()


def test_an_empty_directory_is_taken_and_marked(tmp_path: Path) -> None:
    assert taken(tmp_path)
    assert not taken(tmp_path)


def test_a_directory_with_something_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x").touch()
    with pytest.raises(BadInput, match="is not empty"):
        taken(tmp_path)
    assert os.listdir(tmp_path) == ["x"]


def test_a_marked_one_is_taken_whatever_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "x").touch()
    assert init(tmp_path)
    assert not init(tmp_path)
    assert not taken(tmp_path)


@pytest.mark.parametrize("how", ["symlink", "hardlink", "garbage", "foreign", "directory", "huge"])
def test_what_only_looks_like_a_marker_is_none(tmp_path: Path, how: str) -> None:
    inner = tmp_path / "log"
    inner.mkdir()
    good = tmp_path / "good"
    init(good)
    marker = inner / MARKER
    {
        "symlink": lambda: marker.symlink_to(good / MARKER),
        "hardlink": lambda: marker.hardlink_to(good / MARKER),
        "garbage": lambda: marker.write_bytes(b"\xff{"),
        "foreign": lambda: marker.write_text('{"name": "another program"}'),
        "directory": marker.mkdir,
        "huge": lambda: marker.write_text('{"name": "simulate load"}' + " " * 5_000),
    }[how]()
    place = LoadDirectory(inner)
    assert not is_marked(place)
    place.close()
    with pytest.raises(BadInput):
        taken(inner)


def test_what_an_earlier_load_wrote_has_to_go_first(tmp_path: Path) -> None:
    init(tmp_path)
    (tmp_path / ".simulate-load.manifest.0").touch()
    with pytest.raises(BadInput, match=r"earlier load.*--clean"):
        taken(tmp_path)


def test_a_link_to_a_directory_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    with pytest.raises(BadInput, match="is a link"):
        LoadDirectory(tmp_path / "link")


def test_a_load_that_could_bring_the_disk_under_the_floor_is_refused(tmp_path: Path) -> None:
    place = LoadDirectory(tmp_path)
    disk = os.statvfs(tmp_path)
    free = disk.f_bavail * disk.f_frsize
    Rail(bytes=1, files=1, floor=free // 2).check(place)
    with pytest.raises(BadInput, match="must stay free"):
        Rail(bytes=free, files=1, floor=free // 2).check(place)
    place.close()


def test_a_disk_that_somebody_else_fills_ends_the_flood(tmp_path: Path) -> None:
    place = LoadDirectory(tmp_path)
    assert Rail(floor=0).sunk(place) == ""
    assert "--free-floor" in Rail(floor=1 << 60).sunk(place)
    place.close()


def test_the_rail_is_crossed_by_the_first_byte_or_file_too_many() -> None:
    rail = Rail(bytes=100, files=5)
    assert rail.crossed(100, 5) == ""
    assert "--max-bytes" in rail.crossed(101, 5)
    assert "--max-files" in rail.crossed(100, 6)


def test_the_board_knows_what_all_wrote_but_for_what_was_taken() -> None:
    board = Board(3)
    for writer in range(3):
        board.wrote(writer, 10 * (writer + 1), 1)
    board.wrote(1, 7, 0)
    board.taken(20, 1)
    assert board.standing() == (47, 2)


@pytest.mark.parametrize(("text", "size"), [("64M", 64 << 20), ("1G", 1 << 30), ("1.5KiB", 1_536), ("77", 77), ("2TB", 2 << 40)])
def test_sizes_are_read(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "-1", "G", "5 G", "1e9", "1P"])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="a size is such as"):
        parse_size(text)
