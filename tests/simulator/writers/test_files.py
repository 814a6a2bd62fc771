"""``simulate write``: every producer's real files,
the same bytes for the same seed, and nothing of anybody else's touched.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from etp_kit.simulator.base.errors import BadInput
from etp_kit.simulator.cli.command import cli
from etp_kit.simulator.core.labels import Label
from etp_kit.simulator.writers.files import RECORD, Order, write
from etp_kit.simulator.writers.producers import PRODUCERS
from tests.simulator.writers.disk import DIRECTORY, EPOCH, HANDLER, check, collect

MOMENT = EPOCH


def order(producer: str = "plain", **changes: object) -> Order:
    return Order(**{"producer": producer, "events": 40, "seed": 1, "at": MOMENT, "handler": HANDLER, **changes})


def found(directory: Path) -> dict[str, tuple[int, int, str]]:
    """Name -> mode, modification time, SHA-256 of every file below the directory."""
    return {
        str(path.relative_to(directory)): (
            path.stat().st_mode, path.stat().st_mtime_ns, hashlib.sha256(path.read_bytes()).hexdigest(),
        )
        for path in sorted(directory.rglob("*")) if path.is_file()
    }  # fmt: skip


def simulate(*arguments: object) -> tuple[int, str]:
    """Exit code and output, or 4 and the one line of bad input."""
    result = CliRunner().invoke(cli, ["write", *map(str, arguments)], standalone_mode=False)
    if isinstance(result.exception, BadInput):
        return 4, str(result.exception)
    assert result.exception is None, result.exception
    return result.return_value or 0, result.output


@pytest.mark.parametrize("name", PRODUCERS)
def test_the_same_seed_gives_the_same_bytes_modes_and_times(name, tmp_path):
    for place in "ab":
        write(order(name), tmp_path / place)
    assert found(tmp_path / "a") == found(tmp_path / "b")
    write(order(name, seed=2), tmp_path / "c")
    assert found(tmp_path / "c").keys() != found(tmp_path / "a").keys()


@pytest.mark.parametrize("name", PRODUCERS)
def test_what_is_told_is_what_is_there(name, tmp_path):
    files = write(order(name), tmp_path / "d")
    there = {path: entry for path, entry in found(tmp_path / "d").items() if path != RECORD}
    assert {path: hashlib.sha256(data).hexdigest() for path, (_, data) in files.items()} == {
        path: digest for path, (_, _, digest) in there.items()
    }
    assert files
    # One writer of the field gives its files no extension: nobody reads them.
    assert name == "aks-go-time" or {os.path.splitext(path)[1] for path in files} & {".json", ".tld"}


@pytest.mark.parametrize("name", [name for name, one in PRODUCERS.items() if not getattr(one, "agent_events", False)])
def test_the_reference_collects_what_the_labels_say(name, tmp_path, monkeypatch):
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    files = write(order(name), tmp_path / DIRECTORY)
    labels: list[Label] = [label for path, (many, _) in files.items() if "/" not in path for label in many]
    assert len(labels) >= 30
    check(labels, collect(str(tmp_path)))


def test_the_moment_is_an_option_and_not_the_clock(tmp_path):
    write(order(events=5), tmp_path / "a")
    moved = write(order(events=5, at=MOMENT + 86_400 * 10**9), tmp_path / "b")
    assert not moved.keys() & found(tmp_path / "a").keys()
    for _, mtime, _ in found(tmp_path / "b").values():
        assert 86_400 * 10**9 <= mtime - MOMENT <= 86_700 * 10**9


def test_modes_are_the_producers_whatever_the_umask(tmp_path):
    before = os.umask(0o077)
    try:
        files = write(order("go-platform"), tmp_path / "a")
        assert os.umask(0o077) == 0o077
    finally:
        os.umask(before)
    assert {found(tmp_path / "a")[name][0] & 0o777 for name in files} == {0o644}


def test_a_second_write_replaces_the_first(tmp_path):
    write(order("vm-backup"), tmp_path / "d")
    write(order("aks-bash", seed=4), tmp_path / "d")
    write(order("aks-bash", seed=4), tmp_path / "e")
    assert found(tmp_path / "d") == found(tmp_path / "e")


def test_a_second_write_does_not_mind_what_a_collector_removed(tmp_path):
    files = write(order(), tmp_path / "d")
    (tmp_path / "d" / next(iter(files))).unlink()
    write(order(seed=4), tmp_path / "d")


def foreign_file(directory: Path) -> None:
    directory.mkdir()
    (directory / "mine.txt").write_text("work of years")


def foreign_beside_ours(directory: Path) -> None:
    write(order(), directory)
    (directory / "mine.txt").write_text("work of years")


def foreign_directory(directory: Path) -> None:
    (directory / "mine" / "deeper").mkdir(parents=True)


def foreign_link(directory: Path) -> None:
    directory.mkdir()
    (directory / "1767571200000.json").symlink_to("/etc/passwd")


def ours_changed(directory: Path) -> None:
    files = write(order(), directory)
    (directory / next(iter(files))).write_text("work of years")


def ours_replaced_by_a_link(directory: Path) -> None:
    files = write(order(), directory)
    (directory / next(iter(files))).unlink()
    (directory / next(iter(files))).symlink_to("/etc/passwd")


def forged_record(directory: Path) -> None:
    directory.mkdir()
    (directory / RECORD).write_text('{"name": "simulate write", "files": []}')
    (directory / "mine.txt").write_text("work of years")


def a_file(directory: Path) -> None:
    directory.write_text("work of years")


def a_link(directory: Path) -> None:
    (directory.parent / "elsewhere").mkdir()
    directory.symlink_to("elsewhere")


def a_link_to_nowhere(directory: Path) -> None:
    directory.symlink_to("nowhere")


@pytest.mark.parametrize("prepare", [
    foreign_file, foreign_beside_ours, foreign_directory, foreign_link, ours_changed, ours_replaced_by_a_link, forged_record, a_file,
    a_link, a_link_to_nowhere,
])  # fmt: skip
def test_a_directory_that_is_not_ours_is_refused_and_untouched(prepare, tmp_path):
    directory = tmp_path / "d"
    prepare(directory)
    before = {path: os.lstat(path) for path in sorted(tmp_path.rglob("*"))}
    code, told = simulate("--producer", "plain", "--into", directory)
    assert code == 4
    assert told.startswith(f"{directory}: ")
    assert "\n" not in told
    after = {path: os.lstat(path) for path in sorted(tmp_path.rglob("*"))}
    # Looking changes access times alone.
    assert {path: (one.st_ino, one.st_mtime_ns, one.st_size) for path, one in before.items()} == {
        path: (one.st_ino, one.st_mtime_ns, one.st_size) for path, one in after.items()
    }


def test_a_write_that_fails_leaves_nothing(tmp_path, monkeypatch):
    def full(self, step):
        if "Temp" in step.path or len(os.listdir(self._directory)) >= 3:
            raise OSError(28, "No space left on device")
        take(self, step)

    from etp_kit.simulator.writers.files import Hand

    take = Hand.take
    monkeypatch.setattr(Hand, "take", full)
    for existing in (False, True):
        directory = tmp_path / str(existing)
        if existing:
            directory.mkdir()
        with pytest.raises(BadInput, match="No space left"):
            write(order(), directory)
        assert directory.exists() is existing
        assert not existing or os.listdir(directory) == []


def test_manifest_says_what_is_due(tmp_path):
    manifest = tmp_path / "manifest"
    assert simulate("--producer", "go-platform", "--into", tmp_path / "d", "--manifest", manifest)[0] == 0
    lines = [json.loads(line) for line in manifest.read_text().splitlines()]
    assert {line["file"]: line["sha256"] for line in lines} == json.loads((tmp_path / "d" / RECORD).read_text())["files"]
    for line in lines:
        (event,) = line["events"]
        said = json.loads((tmp_path / "d" / line["file"]).read_text())
        assert event["parameters"]["EventName"] == f"Contoso.Extension-{said['Version']}"
        assert event["token"] in said["Message"]


@pytest.mark.parametrize(("arguments", "told"), [
    (("--producer", "aks-bsh"), ("--producer", "aks-bsh", "did you mean 'aks-bash'")),
    (("--producer", "plain", "--at", "soon"), ("--at", "soon", "ISO 8601")),
    (("--producer", "plain", "--at", "1999-01-01"), ("--at", "1999", "2002")),
    (("--producer", "plain", "--manifest", "DIR/manifest"), ("--manifest", "where only event files belong")),
])  # fmt: skip
def test_bad_input_is_one_line_and_nothing_is_written(arguments, told, tmp_path):
    directory = tmp_path / "d"
    code, line = simulate("--into", directory, *(one.replace("DIR", str(directory)) for one in arguments))
    assert code == 4
    assert all(word in line for word in told), line
    assert "\n" not in line
    assert not directory.exists()


def test_the_moment_may_name_a_zone(tmp_path):
    simulate("--producer", "plain", "--into", tmp_path / "a", "--at", "2026-01-05T01:00:00+01:00")
    simulate("--producer", "plain", "--into", tmp_path / "b")
    assert found(tmp_path / "a") == found(tmp_path / "b")


def test_list_has_a_line_for_each_producer():
    code, told = simulate("--list")
    assert code == 0
    assert [line.split()[0] for line in told.splitlines()] == list(PRODUCERS)
