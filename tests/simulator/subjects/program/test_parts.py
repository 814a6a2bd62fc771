"""The parts of a program's run, each by its law: scripts, lines, ages, changes, times."""

from __future__ import annotations

import datetime
import errno
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etp_kit.simulator.base.units import EPOCH
from etp_kit.simulator.runner.ageing import Ageing, Seen
from etp_kit.simulator.runner.changes import Change, Homes, changes
from etp_kit.simulator.runner.program_passes import virtual_time
from etp_kit.simulator.runner.sender_script import Scripts
from etp_kit.simulator.scenario.faults import Countdown, Fault
from etp_kit.simulator.subjects.program.intake import KEPT, MOST_ANSWER, MOST_LINE, Lines, Log, Overflow
from etp_kit.simulator.subjects.program.streams import Broken

SENDER = st.builds(
    Fault, kind=st.sampled_from(["sender-stop", "sender-mute", "sender-error", "flush-error"]), nth=st.integers(1, 12), times=st.integers(1, 4),
    in_pass=st.none() | st.integers(0, 3),
)  # fmt: skip


@given(SENDER, st.lists(st.integers(0, 8), min_size=1, max_size=5))
def test_a_script_strikes_what_the_fault_would_strike_at_the_kits_own_sender(fault: Fault, passes: list[int]) -> None:
    scripts, countdown = Scripts([fault]), Countdown(fault)
    for number, amount in enumerate(passes):
        script = scripts.of_pass(number, down=False)
        struck = [place for place in range(1, amount + 1) if countdown.strike(number)]
        if fault.kind in {"sender-stop", "sender-mute"}:
            place = script.stop_at if fault.kind == "sender-stop" else script.mute_at
            assert [place] == struck[:1] or (not struck and (place is None or place > amount))
        else:
            places = script.raise_at if fault.kind == "sender-error" else script.fail_flush_at
            assert [place for place in places if place <= amount] == struck
        scripts.took(number, amount, amount)


@given(st.lists(st.binary(max_size=20).filter(lambda line: b"\n" not in line)), st.data())
def test_lines_are_the_same_however_they_come(expected: list[bytes], data: st.DataObject) -> None:
    lines, rest, found = Lines(), b"".join(line + b"\n" for line in expected), []
    while rest:
        size = data.draw(st.integers(1, len(rest)))
        lines.feed(rest[:size])
        rest = rest[size:]
        while (line := lines.next()) is not None:
            found.append(line)
    assert found == expected
    assert lines.half == b""


def test_lines_and_answers_have_a_most() -> None:
    lines = Lines()
    for _ in range(MOST_LINE // 65536):
        lines.feed(b"x" * 65536)
    with pytest.raises(Overflow, match="a line of more than 16 MiB"):
        lines.feed(b"x")
    lines = Lines()
    for _ in range(MOST_ANSWER // 65536):
        lines.feed(b"x" * 65535 + b"\n")
        lines.next()
    with pytest.raises(Overflow, match="64 MiB"):
        lines.feed(b"x")


def test_of_a_log_the_end_is_kept() -> None:
    log = Log()
    for number in range(10_000):
        log.feed(f"line {number}\n".encode())
    assert log.tail.endswith("line 9999")
    assert len(log.tail) <= KEPT
    assert len(log.take()) == 10_000
    assert log.take() == []


class TestAgeing:
    NOW = 600 * 10**9

    def entry(self, path: Path, virtual: int) -> None:
        os.utime(path, ns=(EPOCH + virtual, EPOCH + virtual), follow_symlinks=False)

    def test_everything_is_as_old_as_it_is_meant_to_be_and_young_again_after(self, tmp_path: Path) -> None:
        (tmp_path / "dir").mkdir()
        (tmp_path / "dir" / "file").write_text("x")
        os.link(tmp_path / "dir" / "file", tmp_path / "link")
        (tmp_path / "outside").symlink_to("/etc/passwd")
        os.mkfifo(tmp_path / "fifo")
        before = os.stat("/etc/passwd").st_mtime_ns
        paths = ["dir/file", "outside", "fifo", "dir"]
        for age, path in enumerate(paths):
            self.entry(tmp_path / path, self.NOW - age * 10**9 - 123)
        ageing = Ageing(str(tmp_path))
        ageing.begin(self.NOW)
        now = time.time_ns()
        for age, path in enumerate(paths):
            real = os.lstat(tmp_path / path).st_mtime_ns
            assert 0 <= now - real - (age * 10**9 + 123) < 10 * 10**9
        assert ageing.offset % 1000 == 0
        after = ageing.end()
        for age, path in enumerate(paths):
            assert os.lstat(tmp_path / path).st_mtime_ns == EPOCH + self.NOW - age * 10**9 - 123 == after[path].mtime_ns
        assert os.stat("/etc/passwd").st_mtime_ns == before

    def test_within_a_pass_nothing_changes_its_age_by_more_than_the_program_sees_pass(self, tmp_path: Path) -> None:
        (tmp_path / "old").write_text("x")
        self.entry(tmp_path / "old", 0)
        ageing = Ageing(str(tmp_path))
        ageing.begin(self.NOW)
        first, offset = os.stat(tmp_path / "old").st_mtime_ns, ageing.offset
        ageing.end()
        (tmp_path / "new").write_text("x")
        self.entry(tmp_path / "new", self.NOW)
        seen = ageing.again()
        assert os.stat(tmp_path / "old").st_mtime_ns == first
        assert os.stat(tmp_path / "new").st_mtime_ns == EPOCH + self.NOW + offset
        assert {path: one.mtime_ns - EPOCH for path, one in seen.items()} == {"old": 0, "new": self.NOW}
        assert ageing.offset == offset

    @pytest.mark.parametrize("second", [-2_145_916_800, 253_402_300_799, 0])
    def test_a_time_far_away_is_meant_as_it_is(self, second: int, memory: Path) -> None:
        (memory / "file").write_text("x")
        os.utime(memory / "file", ns=(second * 10**9, second * 10**9))
        ageing = Ageing(str(memory))
        seen = ageing.begin(0)["file"]
        near = abs(second * 10**9 - EPOCH) < 200 * 366 * 86_400 * 10**9
        assert os.stat(memory / "file").st_mtime_ns == second * 10**9 + (ageing.offset if near else 0)
        assert ageing.shift_of(seen) == (ageing.offset if near else 0)
        ageing.end()
        assert os.stat(memory / "file").st_mtime_ns == second * 10**9


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Path]:
    """A directory of a file system that holds every time, where there is one."""
    base = "/dev/shm" if os.access("/dev/shm", os.W_OK) else str(tmp_path)
    root = tempfile.mkdtemp(prefix="etp-test-", dir=base)
    yield Path(root)
    shutil.rmtree(root)


FILE, DIR = Seen("file", 3, 100, 1), Seen("dir", 0, 100, 2)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"a": FILE, "d": DIR}, {"a": FILE, "d": DIR}, []),
        ({"a": FILE}, {}, [Change("unlink", "a")]),
        ({"d": DIR}, {}, [Change("rmdir", "d")]),
        ({}, {"a": FILE}, [Change("write", "a")]),
        ({}, {"d": DIR}, [Change("mkdir", "d")]),
        ({}, {"f": Seen("fifo", 0, 1, 9)}, [Change("mknod", "f")]),
        ({}, {"l": Seen("link", 0, 1, 9)}, [Change("symlink", "l")]),
        ({"a": FILE}, {"a": FILE._replace(size=4)}, [Change("write", "a")]),
        ({"a": FILE}, {"a": FILE._replace(mtime_ns=1)}, [Change("utime", "a")]),
        ({"d": DIR}, {"d": DIR._replace(mtime_ns=1)}, []),
        ({"a": FILE}, {"a": FILE._replace(inode=7)}, [Change("unlink", "a"), Change("write", "a")]),
        ({"a": FILE}, {"b": FILE}, [Change("unlink", "a"), Change("write", "b")]),
    ],
)
def test_what_a_pass_did_is_told_as_calls(before: dict[str, Seen], after: dict[str, Seen], expected: list[Change]) -> None:
    assert changes(before, after) == expected


def told_time(micros: int) -> str:
    moment = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC) + datetime.timedelta(microseconds=micros)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@given(st.integers(0, 10**12 * 3), st.sampled_from([0, 500, 999]))
def test_a_told_time_shifts_back_to_the_virtual_one(virtual: int, rounding: int) -> None:
    """Cut, rounded or rounded up: it comes back as the nearest."""
    offset = 27_993_817_123_456_000
    real = (EPOCH + virtual + offset + rounding) // 1000
    due = told_time((EPOCH + virtual + 500) // 1000)
    assert virtual_time(told_time(real), offset, Seen("file", 1, EPOCH + virtual, 1)) == due


def test_a_time_told_in_milliseconds_shifts_back_as_well() -> None:
    """The judges take one to six digits, of a program as of any other collector."""
    assert virtual_time("2026-01-06T00:00:00.000Z", 86_400 * 10**9, Seen("file", 1, EPOCH, 1)) == "2026-01-05T00:00:00.000000Z"


@pytest.mark.parametrize("text", [None, 7, "", "now", "2026-13-01T00:00:00.000000Z", "2026-01-05 00:00:00.000000Z"])
def test_what_is_no_time_stays_as_it_is(text: object) -> None:
    assert virtual_time(text, 10**15, None) == text


def test_a_time_that_no_shift_can_tell_stays_as_it_is() -> None:
    assert virtual_time("0001-01-01T00:00:00.000000Z", 10**15, None) == "0001-01-01T00:00:00.000000Z"


@pytest.mark.parametrize("error", [FileNotFoundError, NotADirectoryError])
@pytest.mark.parametrize("call", ["listdir", "lstat", "utime"])
def test_what_vanishes_while_times_are_set_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, error: type[OSError]) -> None:
    _refuse(tmp_path, monkeypatch, call, error())
    ageing = Ageing(str(tmp_path))
    assert "there" in ageing.begin(0)
    assert "there" in ageing.end()


@pytest.mark.parametrize("call", ["listdir", "lstat", "utime"])
def test_what_cannot_be_looked_at_is_the_program_s_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    _refuse(tmp_path, monkeypatch, call, PermissionError(errno.EACCES, "Permission denied"))
    with pytest.raises(Broken, match=r"'gone'.*Permission denied") as broken:
        Ageing(str(tmp_path)).begin(0)
    assert broken.value.kind == "protocol"


def _refuse(root: Path, monkeypatch: pytest.MonkeyPatch, call: str, error: OSError) -> None:
    (root / "gone").mkdir()
    (root / "there").touch()
    real = getattr(os, call)

    def refused(path: str, *more: object, **named: object) -> object:
        if os.fspath(path).endswith("gone"):
            raise error
        return real(path, *more, **named)

    monkeypatch.setattr(os, call, refused)


class TestHomes:
    """Directories that a writer moves while a pass is inside them."""

    INSIDE = Seen("dir", 0, 100, 7)

    def test_what_is_removed_in_one_that_was_moved_has_the_path_by_which_it_was_entered(self) -> None:
        homes = Homes()
        homes.note({"log/A/events": self.INSIDE})
        moved = {"outside/moved": self.INSIDE, "outside/moved/1.json": FILE}
        homes.note(moved)
        gone = [Change("unlink", "outside/moved/1.json"), Change("unlink", "outside/secret.json")]
        home, elsewhere = homes.told(moved, gone)
        assert (home.path, elsewhere.path) == ("log/A/events/1.json", "outside/secret.json")

    def test_one_that_was_made_in_its_place_has_its_own(self) -> None:
        homes = Homes()
        homes.note({"log/A/events": self.INSIDE})
        made = {"log/A/events": DIR, "outside/moved": self.INSIDE}
        homes.note(made)
        assert homes.told(made, [Change("unlink", "log/A/events/1.json")]) == [Change("unlink", "log/A/events/1.json")]

    def test_one_that_is_gone_is_forgotten(self) -> None:
        homes = Homes()
        for seen in ({"log/A/events": self.INSIDE}, {}, {"log/B/events": self.INSIDE}):
            homes.note(seen)
        found = homes.told({"log/B/events": self.INSIDE}, [Change("unlink", "log/B/events/1.json")])
        assert found == [Change("unlink", "log/B/events/1.json")]
