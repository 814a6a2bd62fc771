"""What failed last is kept in a file of the kit's own, whatever stood in its place before."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from etp_kit.simulator.base import BadInput
from etp_kit.simulator.suite.last_failed import PLACE, recall_failed, remember_failed

PAIRS = {("a/b", "fake"), ("c", "real")}


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path


def test_what_is_remembered_is_recalled() -> None:
    assert recall_failed() is None
    remember_failed(PAIRS)
    assert recall_failed() == PAIRS


def test_a_link_in_place_of_the_directory_is_not_followed(place: Path) -> None:
    (place / "theirs").mkdir()
    PLACE.parent.symlink_to(place / "theirs")
    remember_failed(PAIRS)
    assert list((place / "theirs").iterdir()) == []


@pytest.mark.parametrize("name", [".gitignore", PLACE.name])
def test_a_link_in_place_of_a_file_is_not_followed(place: Path, name: str) -> None:
    (place / "theirs").write_text("mine")
    PLACE.parent.mkdir()
    (PLACE.parent / name).symlink_to(place / "theirs")
    remember_failed(PAIRS)
    assert (place / "theirs").read_text() == "mine"
    assert (PLACE.parent / name).is_symlink()


def test_a_fifo_is_neither_waited_for_nor_replaced() -> None:
    PLACE.parent.mkdir()
    os.mkfifo(PLACE)
    remember_failed(PAIRS)
    assert PLACE.is_fifo()
    with pytest.raises(BadInput, match="no list of what failed last"):
        recall_failed()
