"""The picture in the documents is made by a command, of a run that fails today."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import pytest

from . import picture
from .chromium import READY, made

_PNG = b"\x89PNG\r\n\x1a\n"


def size_of(path: Path) -> tuple[int, int]:
    """Width and height, as its head tells them."""
    head = path.read_bytes()[:24]
    assert head.startswith(_PNG)
    width, height = struct.unpack(">II", head[16:])
    return width, height


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("picture"), *picture.RUN)


def test_the_picture_shows_a_story_that_fails(browser: Any, page: Path, tmp_path: Path) -> None:
    picture.taken(browser, page, tmp_path / "report.png", picture.STORY)
    assert size_of(tmp_path / "report.png") == size_of(picture.TARGET) == (picture.WIDE, picture.HEIGHT)
    tab = browser.new_page()
    tab.goto(f"file://{page}{picture.STORY}")
    tab.wait_for_function(READY)
    assert "fail" in tab.inner_text("#run")
    assert tab.locator("#timeline").count() == 1
    tab.close()


def test_there_is_a_picture_for_each_theme_and_width(browser: Any, page: Path, tmp_path: Path) -> None:
    picture.looks(browser, page, tmp_path)
    sizes = {path.name: size_of(path)[0] for path in tmp_path.iterdir()}
    assert len(sizes) == 8
    assert all(f"-{width}.png" in name for name, width in sizes.items())
    assert len({path.read_bytes() for path in tmp_path.iterdir()}) == 8
