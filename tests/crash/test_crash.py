"""A few kills in each way to deliver, and that a careless program is seen."""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path

import pytest

from etp_kit.collector.config import AT_LEAST_ONCE, AT_MOST_ONCE

from .lives import WAYS, lived
from .verdict import Run, problems
from .writer import Writer

KILLS = 6
CARELESS = (sys.executable, "-m", "tests.crash.careless")


@pytest.mark.parametrize("name", WAYS)
def test_the_program_keeps_its_promise(name: str) -> None:
    assert problems(WAYS[name].mode, lived(WAYS[name], KILLS, random.Random(1))) == []


@pytest.mark.parametrize(("name", "due"), [("lines, at-least-once", "lost"), ("lines, at-most-once", "twice")])
def test_a_careless_program_is_seen(name: str, due: str) -> None:
    found = problems(WAYS[name].mode, lived(WAYS[name], 4 * KILLS, random.Random(1), CARELESS))
    assert due in " ".join(found)


@pytest.mark.parametrize(
    ("mode", "run", "due"),
    [
        (AT_LEAST_ONCE, Run(["a", "b"], ["a", "b", "a"], 1, 4), ""),
        (AT_LEAST_ONCE, Run(["a", "b"], ["a"], 1, 4), "1 events lost: b"),
        (AT_MOST_ONCE, Run(["a", "b"], ["a"], 1, 4), ""),
        (AT_MOST_ONCE, Run(["a", "b"], ["a", "a"], 1, 4), "1 events handed over twice: a"),
        (AT_MOST_ONCE, Run(["a", "b", "c"], ["a"], 1, 1), "2 events lost, at most the file in progress may be: 1 of 1"),
        (AT_MOST_ONCE, Run(["a"], ["a", "z"], 1, 4), "1 events that nobody wrote: z"),
        (AT_LEAST_ONCE, Run(["a"], ["a"], 0, 4), "nothing was shown: 0 kills, 1 events received"),
        (AT_MOST_ONCE, Run([], [], 3, 4), "nothing was shown: 3 kills, 0 events received"),
    ],
)
def test_what_a_run_shows(mode: str, run: Run, due: str) -> None:
    assert "; ".join(problems(mode, run)) == due


def test_a_writer_whose_file_is_taken_for_residue_writes_it_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.rename
    taken: list[Path] = []

    def rename(half: Path, target: Path) -> Path:
        if len(taken) < 3:
            taken.append(half)
            half.unlink()
        return real(half, target)

    monkeypatch.setattr(Path, "rename", rename)
    writer = Writer(tmp_path)
    writer.wait_until_full()
    writer.end()
    there = [json.loads(file.read_bytes()) for file in tmp_path.rglob("*.json")]
    assert sorted(event["Message"] for events in there for event in events) == sorted(writer.written)
    assert {half.name for half in taken} == {"0.half"}


def test_what_ended_a_writer_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(half: Path, target: Path) -> Path:
        raise PermissionError(half, target)

    monkeypatch.setattr(Path, "rename", refused)
    writer = Writer(tmp_path)
    with pytest.raises(PermissionError):
        writer.end()
