"""A look tells what has gone, and of what it cannot see it tells nothing."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from etp_kit.simulator.load.directory import LoadDirectory
from etp_kit.simulator.load.scan import Scan

from .test_books import Desk


class Eye:
    """Three files of one extension, and looks at them."""

    def __init__(self, root: Path) -> None:
        self.events = root / "A" / "events"
        self.events.mkdir(parents=True)
        self.place = LoadDirectory(root)
        self.desk = Desk()
        for number in (1, 2, 3):
            self.desk.write(f"{number}.json", number)
            (self.events / f"{number}.json").touch()
        self.scan = Scan(self.place, self.desk.books, 0)

    def look(self, *, last: bool = False) -> int:
        """How many files still stand, as far as is known."""
        self.scan.look(time.monotonic_ns(), at_once=True, last=last)
        return self.desk.books.standing_files


@pytest.fixture
def eye(tmp_path: Path) -> Iterator[Eye]:
    made = Eye(tmp_path / "log")
    yield made
    made.place.close()


def test_what_is_not_there_has_gone(eye: Eye) -> None:
    assert eye.look() == 3
    (eye.events / "2.json").unlink()
    assert eye.look() == 2


@pytest.mark.parametrize("last", [False, True])
def test_a_link_in_the_place_of_the_directory_tells_nothing(eye: Eye, tmp_path: Path, last: bool) -> None:
    eye.events.rename(tmp_path / "away")
    (tmp_path / "empty").mkdir()
    eye.events.symlink_to(tmp_path / "empty")
    assert eye.look(last=last) == 3


def test_a_directory_that_is_away_for_a_moment_has_lost_nothing(eye: Eye, tmp_path: Path) -> None:
    eye.events.rename(tmp_path / "away")
    assert eye.look() == 3
    (tmp_path / "away").rename(eye.events)
    assert eye.look(last=True) == 3


def test_a_directory_that_is_missing_in_the_end_has_gone_with_all_that_was_in_it(eye: Eye) -> None:
    shutil.rmtree(eye.events)
    assert eye.look(last=True) == 0
