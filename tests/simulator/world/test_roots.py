"""Directories of runs that were killed: the next run removes them, and nobody else's."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from etp_kit.simulator.world import roots

Make = Callable[..., Path]

#: What a killed run leaves: the program of one that made a directory, and has ended.
LEAVING = """
import os, sys
from etp_kit.simulator.world import roots
roots.os.access = lambda *_: False
roots.tempfile.tempdir = sys.argv[1]
root = roots.temporary_root()
os.makedirs(root + "/log/A/events")
os.mkfifo(root + "/log/A/events/1.json")
print(root, flush=True)
os.kill(os.getpid(), 9)
"""


@pytest.fixture
def left(tmp_path: Path) -> Path:
    """Such a directory, in ``tmp_path``."""
    words = [sys.executable, "-c", LEAVING, tmp_path]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
    return Path(done.stdout.strip())


def note_of(root: Path) -> Path:
    return root.with_name(f"{root.name}.owner")


def test_what_a_killed_run_left_is_removed_with_its_note(left: Path, tmp_path: Path) -> None:
    assert left.is_dir()
    assert note_of(left).is_file()
    roots.remove_abandoned(str(tmp_path))
    assert [*tmp_path.iterdir()] == []


def test_a_note_of_what_is_gone_goes_too(left: Path, tmp_path: Path) -> None:
    left.rename(tmp_path / "elsewhere")
    roots.remove_abandoned(str(tmp_path))
    assert [one.name for one in tmp_path.iterdir()] == ["elsewhere"]


def test_the_next_run_removes_it_before_its_own(left: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roots, "_looked", False)
    monkeypatch.setattr(os, "access", lambda *_: False)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    made = Path(roots.temporary_root())
    assert {*tmp_path.iterdir()} == {made, note_of(made)}
    made.rmdir()
    roots.forget_root(str(made))
    assert [*tmp_path.iterdir()] == []


def changed(left: Path, place: int, value: str) -> None:
    """Say something else of its maker."""
    words = note_of(left).read_text().split()
    words[place] = value
    note_of(left).write_text(" ".join(words))


def of_a_living_process(left: Path) -> None:
    note_of(left).write_text(roots._maker(os.getpid()))


def of_another_namespace(left: Path) -> None:
    changed(left, 2, "1")


def no_note(left: Path) -> None:
    note_of(left).write_text("who knows")


def note_without_end(left: Path) -> None:
    note_of(left).write_text(note_of(left).read_text() + " " * 100)


def note_elsewhere(left: Path) -> None:
    """A link leads to it."""
    note_of(left).rename(left.parent / "note")
    note_of(left).symlink_to("note")


def root_elsewhere(left: Path) -> None:
    left.rename(left.parent / "precious")
    left.symlink_to("precious")


@pytest.mark.parametrize(
    "do", [of_a_living_process, of_another_namespace, no_note, note_without_end, note_elsewhere, root_elsewhere]
)
def test_what_may_be_anybodys_stays(left: Path, tmp_path: Path, do: Callable[[Path], None]) -> None:
    do(left)
    roots.remove_abandoned(str(tmp_path))
    assert (left / "log/A/events/1.json").exists()


def test_a_process_of_the_same_number_that_began_later_is_another(left: Path, tmp_path: Path) -> None:
    changed(left, 0, str(os.getpid()))
    roots.remove_abandoned(str(tmp_path))
    assert not left.exists()


@pytest.mark.parametrize("name", ["etp-short.owner", "other-abcdefgh.owner", "etp-abcdefgh"])
def test_other_names_are_nobodys_notes(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("1 1 1")
    (tmp_path / "etp-short").mkdir()
    roots.remove_abandoned(str(tmp_path))
    assert len([*tmp_path.iterdir()]) == 2


@pytest.mark.root
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
@pytest.mark.parametrize("what", ["note", "root"])
def test_another_users_are_left_alone(left: Path, tmp_path: Path, what: str) -> None:
    os.chown(note_of(left) if what == "note" else left, 65534, 65534)
    roots.remove_abandoned(str(tmp_path))
    assert left.exists()


def test_where_nothing_can_be_listed_nothing_is_removed(tmp_path: Path) -> None:
    roots.remove_abandoned(str(tmp_path / "none"))


def test_where_no_process_can_be_told_none_is_noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(roots, "_maker", lambda _: "")
    made = Path(roots.temporary_root())
    assert [*tmp_path.iterdir()] == [made]
