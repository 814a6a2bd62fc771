"""Known failures: what an entry covers, and each file that is refused."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from etp_kit.simulator.base.errors import BadInput
from etp_kit.simulator.suite.known_failures import Known, KnownFailuresFile, read_known, reason_of, render_known

DAY = datetime.date(2026, 5, 1)


@pytest.mark.parametrize(
    ("entry", "covered"),
    [
        (Known(clause="read.malformed", reason="r"), True),
        (Known(scenario="read/malformed", reason="r"), True),
        (Known(clause="read.malformed", scenario="read/malformed", reason="r"), True),
        (Known(clause="read.malformed", scenario="read/heavy", reason="r"), False),
        (Known(clause="read.element", reason="r"), False),
    ],
)
def test_an_entry_covers_what_it_names(entry: Known, covered: bool) -> None:
    assert entry.covers("read/malformed", "read.malformed") is covered


@pytest.mark.parametrize(("expires", "gone"), [(None, False), (DAY, False), (DAY - datetime.timedelta(1), True)])
def test_an_entry_expires_the_day_after(expires: datetime.date | None, gone: bool) -> None:
    assert Known(clause="read.malformed", reason="r", expires=expires).expired(DAY) is gone


@pytest.mark.parametrize(("found", "reason"), [("", "fails"), ("a\x1b[2J", "a\\x1b[2J")])
def test_a_reason_is_never_empty_and_never_acts(found: str, reason: str) -> None:
    assert reason_of(found) == reason


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("known = ", "cannot be read"),
        ('[[known]]\nreason = "r"\n', "names neither a clause nor a scenario"),
        ('[[known]]\nclause = "read.malformed"\n', "'known.0.reason'"),
        ('[[known]]\nclause = "read.malformes"\nreason = "r"\n', "unknown clause 'read.malformes' in 'known.0'"),
        ('[[known]]\nscenario = "read/none"\nreason = "r"\n', "unknown scenario 'read/none' in 'known.0'"),
    ],
)
def test_a_file_that_names_nothing_known_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "known.toml"
    path.write_text(text)
    with pytest.raises(BadInput, match=said):
        read_known(str(path), ["read/malformed"])


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read: No such file"):
        read_known(str(tmp_path / "none.toml"), [])


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    entries = (
        Known(clause="read.malformed", reason='a "quoted" reason', issue="#1", expires=DAY),
        Known(scenario="read/malformed", reason="r"),
    )
    path = tmp_path / "known.toml"
    file = KnownFailuresFile(str(path), None)
    file.commit(entries)
    assert read_known(str(path), ["read/malformed"]) == entries
    assert path.read_text() == render_known(entries)
    assert [str(entry) for entry in entries] == ["read.malformed", "read/malformed"]


def test_a_list_that_is_given_up_leaves_nothing(tmp_path: Path) -> None:
    KnownFailuresFile(str(tmp_path / "known.toml"), None).abandon()
    assert list(tmp_path.iterdir()) == []


def test_only_the_list_of_the_run_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "known.toml"
    path.touch()
    with pytest.raises(BadInput, match="exists, and is not written over"):
        KnownFailuresFile(str(path), None)
    KnownFailuresFile(str(path), str(path)).commit([])
    assert path.read_text() == render_known([])


def test_a_directory_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be written: No such file"):
        KnownFailuresFile(str(tmp_path / "none" / "known.toml"), None)


def test_a_disk_that_does_not_take_it_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full() -> None:
        raise OSError(28, "No space left on device")

    file = KnownFailuresFile(str(tmp_path / "known.toml"), None)
    monkeypatch.setattr(file._file, "commit", full)
    with pytest.raises(BadInput, match="cannot be written: No space left"):
        file.commit([])
    file.abandon()
