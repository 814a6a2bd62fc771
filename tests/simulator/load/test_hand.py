"""The hand of a writer meets a hostile extension:
nothing outside is written, nothing of others is touched, nothing dangerous is done.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from etp_kit.simulator.core.steps import Step
from etp_kit.simulator.load.cleaning import clean
from etp_kit.simulator.load.directory import OUTSIDE, LoadDirectory
from etp_kit.simulator.load.manifest import Manifest, stored
from etp_kit.simulator.load.marker import init
from etp_kit.simulator.load.step_writer import Hand, danger

EVENTS = "log/A/events"


class Desk:
    """A marked log dir ``log`` beside a directory ``other`` of somebody else's,
    and a hand that writes in it.
    """

    def __init__(self, root: Path) -> None:
        self.log, self.other = root / "log", root / "other"
        self.other.mkdir()
        init(self.log)
        self.place = LoadDirectory(self.log)
        self.manifest = Manifest(self.place, 0)
        self.hand = Hand(self.place, self.manifest, 1_800_000_000_000_000_000)
        assert [self.take("mkdir", path) for path in ("log/A", EVENTS)] == ["", ""]
        self.events = self.log / "A" / "events"

    def take(self, act: str, path: str, data: bytes = b"x", **more: object) -> str:
        return self.hand.take(Step(0, act, path, data, **more))

    def clean(self) -> list[tuple[str, str]]:
        return clean(self.log).kept


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.manifest.close()
    made.place.close()


ACTS = [
    ("write", {}), ("mkdir", {}), ("mkfifo", {}), ("socket", {}), ("symlink", {"to": "y"}),
]  # fmt: skip


@pytest.mark.parametrize(("act", "more"), ACTS)
def test_what_a_hand_makes_it_announces_first_and_clean_removes(desk: Desk, act: str, more: dict[str, str]) -> None:
    assert desk.take(act, f"{EVENTS}/1.json", **more) == ""
    assert [entry.path for entry in stored(desk.place).entries()][-1] == "A/events/1.json"
    assert desk.clean() == []
    assert os.listdir(desk.log) == []


@pytest.mark.parametrize(("act", "more"), ACTS)
def test_a_link_in_the_place_of_the_events_dir_leads_nowhere(desk: Desk, act: str, more: dict[str, str]) -> None:
    desk.events.rmdir()
    desk.events.symlink_to(desk.other)
    assert desk.take(act, f"{EVENTS}/1.json", **more) in {"ENOTDIR", "ELOOP"}
    assert os.listdir(desk.other) == []


def test_a_link_in_the_place_of_the_handler_leads_nowhere(desk: Desk) -> None:
    desk.events.rmdir()
    (desk.log / "A").rmdir()
    (desk.other / "events").mkdir()
    (desk.log / "A").symlink_to(desk.other)
    assert desk.take("write", f"{EVENTS}/1.json") in {"ENOTDIR", "ELOOP"}
    assert os.listdir(desk.other / "events") == []


@pytest.mark.parametrize("path", ["log/../x", "log/A/../../x", "log//x", "log/A/events/..", "lib/events/1.tld", "x", "log"])
def test_a_path_that_leads_out_is_refused(desk: Desk, path: str) -> None:
    assert desk.take("write", path) in {"EINVAL", "EPERM"}


def test_a_file_of_somebody_else_is_not_written_over(desk: Desk) -> None:
    (desk.events / "1.json").write_text("theirs")
    assert desk.take("write", f"{EVENTS}/1.json") == "EEXIST"
    assert (desk.events / "1.json").read_text() == "theirs"


@pytest.mark.parametrize(
    ("act", "more"),
    [
        ("write", {}), ("append", {}), ("truncate", {"size": 0}), ("chmod", {"mode": 0o777}), ("unlink", {}), ("touch", {}),
        ("rename", {"to": f"{EVENTS}/2.json"}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("by", ["link", "hardlink", "file"])
def test_what_was_put_in_the_place_of_a_file_is_left_alone(desk: Desk, act: str, more: dict[str, object], by: str) -> None:
    target = desk.other / "precious"
    target.write_text("precious")
    target.chmod(0o600)
    path = desk.events / "1.json"
    assert desk.take("write", f"{EVENTS}/1.json") == ""
    path.rename(desk.events / "kept-so-that-its-inode-is-not-used-again")
    {"link": path.symlink_to, "hardlink": path.hardlink_to, "file": lambda _: path.write_text("precious")}[by](target)
    before = os.lstat(path)
    assert desk.take(act, f"{EVENTS}/1.json", **more) in {"EEXIST", "ELOOP"}
    after = os.lstat(path)
    assert (after.st_ino, after.st_mode, after.st_mtime_ns) == (before.st_ino, before.st_mode, before.st_mtime_ns)
    assert target.read_text() == "precious"
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


def test_a_rename_over_a_file_of_somebody_else_is_refused(desk: Desk) -> None:
    (desk.events / "2.json").write_text("theirs")
    desk.take("write", f"{EVENTS}/tmp")
    assert desk.take("rename", f"{EVENTS}/tmp", to=f"{EVENTS}/2.json") == "EEXIST"
    assert (desk.events / "2.json").read_text() == "theirs"


def test_a_writer_replaces_and_moves_its_own(desk: Desk) -> None:
    assert desk.take("write", f"{EVENTS}/tmp", b"long text") == ""
    assert desk.take("write", f"{EVENTS}/tmp", b"short") == ""
    assert desk.take("append", f"{EVENTS}/tmp", b", longer") == ""
    assert desk.take("rename", f"{EVENTS}/tmp", to=f"{EVENTS}/1.json") == ""
    assert (desk.events / "1.json").read_text() == "short, longer"
    assert desk.clean() == []
    assert os.listdir(desk.log) == []


def test_a_file_that_the_agent_took_can_be_written_anew(desk: Desk) -> None:
    desk.take("write", f"{EVENTS}/1.json")
    (desk.events / "1.json").unlink()
    assert desk.take("write", f"{EVENTS}/1.json", b"again") == ""
    assert (desk.events / "1.json").read_text() == "again"


def test_a_directory_that_was_moved_with_all_in_it_is_cleaned(desk: Desk) -> None:
    desk.log.joinpath(OUTSIDE).mkdir()
    assert desk.take("mkdir", "outside/x") == ""
    desk.take("write", f"{EVENTS}/1.json")
    assert desk.take("rename", EVENTS, to="outside/x/moved") == ""
    assert desk.take("mkdir", EVENTS) == ""
    desk.clean()
    assert os.listdir(desk.log) == [OUTSIDE]  # the test made that itself


def test_links_to_the_outside_of_a_scenario_stay_in_the_directory(desk: Desk) -> None:
    desk.log.joinpath(OUTSIDE).mkdir()
    assert desk.take("symlink", f"{EVENTS}/1.json", to="@/outside/secret.json") == ""
    assert (desk.events / "1.json").resolve() == desk.log.resolve() / OUTSIDE / "secret.json"


DANGEROUS = [
    Step(0, "device", f"{EVENTS}/1.json", to="1:5"), Step(0, "symlink", f"{EVENTS}/1.json", to="/dev/zero"),
    Step(0, "symlink", f"{EVENTS}/1.json", to="../../../x"), Step(0, "immutable", f"{EVENTS}/1.json"),
]  # fmt: skip


@pytest.mark.parametrize("step", DANGEROUS, ids=[f"{step.act}-{step.to}" for step in DANGEROUS])
def test_what_could_hurt_the_machine_is_not_done(desk: Desk, step: Step) -> None:
    assert danger(step)
    assert desk.hand.take(step) == "EPERM"
    assert os.listdir(desk.events) == []


@pytest.mark.root
@pytest.mark.skipif(os.geteuid() != 0, reason="device nodes need the superuser")
def test_what_is_allowed_is_done_and_cleaned(desk: Desk) -> None:
    hand = Hand(desk.place, Manifest(desk.place, 1), 0, dangerous=True)
    assert hand.take(Step(0, "device", f"{EVENTS}/1.json", to="1:5")) == ""
    assert stat.S_ISCHR(os.lstat(desk.events / "1.json").st_mode)
    assert hand.take(Step(0, "write", f"{EVENTS}/2.json", b"x")) == ""
    assert hand.take(Step(0, "immutable", f"{EVENTS}/2.json")) in {"", "ENOTTY", "EOPNOTSUPP", "EPERM"}
    assert desk.clean() == []
    assert os.listdir(desk.log) == []
