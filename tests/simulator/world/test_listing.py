"""Directories as the seam shows them: some at a time, in both worlds alike, and without end."""

from __future__ import annotations

import os
from itertools import islice

import pytest

from etp_kit.simulator.core import ENTRIES_A_CALL
from etp_kit.simulator.world.listing import NEVER, invented

from .worlds import Stage


@pytest.mark.parametrize("extra", [-1, 0, 1])
def test_a_long_directory_is_read_in_batches(stage: Stage, extra: int) -> None:
    stage.kernel.function("mkdir")(f"{stage.root}/many")
    count = ENTRIES_A_CALL + extra
    for i in range(count):
        stage.make(f"many/{i}")
    with stage.entered(), os.scandir(f"{stage.root}/many") as found:
        assert len(list(found)) == count
    batches = -(-count // ENTRIES_A_CALL)
    assert stage.listener.trace == ["scandir many"] + ["readdir many"] * (batches + 1)


def test_an_endless_listing_shows_what_is_there_and_then_what_nobody_finds(stage: Stage) -> None:
    stage.kernel.function("mkdir")(f"{stage.root}/many")
    stage.make("many/1")
    stage.listener.endless = {"many"}
    with stage.entered():
        with os.scandir(f"{stage.root}/many") as found:
            some = list(islice(found, 3))
        listed = [os.listdir(f"{stage.root}/many"), os.listdir(os.fsencode(f"{stage.root}/many"))]
        with pytest.raises(FileNotFoundError):
            some[1].stat()
    assert [(entry.name, entry.is_file()) for entry in some] == [("1", True), (invented(1), True), (invented(2), True)]
    assert [len(names) for names in listed] == [1 + NEVER] * 2
    assert listed[1][-1] == os.fsencode(listed[0][-1])


def test_an_endless_listing_ends_all_the_same(stage: Stage) -> None:
    stage.kernel.function("mkdir")(f"{stage.root}/many")
    stage.make("many/1")
    stage.listener.endless = {"many"}
    with stage.entered(), os.scandir(f"{stage.root}/many") as found:
        assert sum(1 for _ in found) == 1 + NEVER
