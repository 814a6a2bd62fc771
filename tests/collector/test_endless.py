"""discover.endless, discover.mount: directories that never end, and such as are others'."""

import itertools
import os
import subprocess
import sys

import pytest

from etp_kit import collector

from .samples import encode, event
from .senders import Sender
from .worlds import World

OLD = 10_000.0


class Endless:
    """What a file system gives that tells of entries without end: first those that are there."""

    def __init__(self, monkeypatch):
        self.given = 0
        self.sender = None
        self.stop_at = 0
        self._real = os.scandir
        monkeypatch.setattr(os, "scandir", self._scandir)

    def _scandir(self, path):
        entries = self._real(path)
        if not isinstance(path, int) or not os.readlink(f"/proc/self/fd/{path}").endswith("/Ext/events"):
            return entries
        return _Entries(self._names(sorted(entry.name for entry in entries)))

    def _names(self, there):
        for name in itertools.chain(there, map("{}.temp".format, itertools.count())):
            self.given += 1
            if self.given == self.stop_at:
                self.sender.is_stopped = True
            yield name


class _Entries:
    def __init__(self, names):
        self._entries = (type("Entry", (), {"name": name}) for name in names)

    def __enter__(self):
        return self._entries

    def __exit__(self, *_error):
        self._entries.close()


@pytest.fixture
def endless(monkeypatch):
    monkeypatch.setattr(collector.directory, "SOME", 4)
    return Endless(monkeypatch)


def test_discover_endless_a_directory_that_never_ends_ends_with_a_notice(world, endless):
    world.write("1.json", event())
    world.write("2.json", event(), handler="Other")
    outcome = world.run(max_entries=50)
    assert [handed.key[:2] for handed in sorted(outcome.accepted, key=lambda handed: handed.key)] == [
        ("Ext", "1.json"),
        ("Other", "2.json"),
    ]
    assert endless.given <= 2 * (50 + 4), "listed once for the files, once for the residue"
    assert outcome.notice("entries").extension == "Ext"
    assert "Max Limit: 50" in outcome.notice("entries").text
    assert outcome.ledger().listed == 50


def test_discover_endless_a_listing_ends_with_the_stop(world, endless):
    world.write("1.json", event())
    endless.sender = Sender()
    endless.stop_at = 21
    outcome = world.run(endless.sender)
    assert endless.given <= 21 + 4
    assert outcome.accepted == []
    assert world.names() == ["1.json"]


@pytest.mark.parametrize("limit", [9, 10, 11])
def test_discover_endless_what_is_exactly_as_much_as_is_looked_at_is_all(world, limit, monkeypatch):
    monkeypatch.setattr(collector.directory, "SOME", 3)
    for name in range(10):
        world.write(f"{name}.json", event())
    outcome = world.run(max_entries=limit)
    assert len(outcome.accepted) == min(limit, 10)
    assert len(outcome.notices("entries")) == (limit < 10)
    assert len(world.names()) == max(0, 10 - limit)


def test_discover_endless_what_lies_beyond_comes_with_later_passes(world):
    for name in range(10):
        world.write(f"{name}.json", event())
    counts = [len(world.run(max_entries=4).accepted) for _ in range(3)]
    assert counts == [4, 4, 2]


def test_discover_endless_beyond_the_quota_only_what_was_listed_is_discarded(world):
    for name in range(10):
        world.write(f"{name}.json", event())
    outcome = world.run(max_entries=6, quota=2)
    assert outcome.ledger().files_discarded == {"quota": 4}
    assert len(world.names()) == 4


def test_discover_endless_residue_beyond_is_left_for_the_next_pass(world):
    for name in range(10):
        world.write(f"{name}.temp", b"", age=OLD)
    assert world.run(max_entries=6).ledger().files_discarded == {"residue": 6}
    assert len(world.names()) == 4


def test_discover_endless_what_is_not_found_again_behind_the_limit_has_not_vanished(world, monkeypatch):
    """The second look at a directory beyond the limit may show others than the first."""
    monkeypatch.setattr(collector.directory, "SOME", 1)
    for name in range(8):
        world.write(f"{name}.temp", b"", age=OLD)
    looks = []
    some_names = collector.directory.Directory.some_names

    def turned(directory):
        looks.append(directory)
        return iter(sorted(some_names(directory), reverse=len(looks) > 1))

    monkeypatch.setattr(collector.directory.Directory, "some_names", turned)
    monkeypatch.setattr(collector.sweep, "handlers", lambda _: ["Ext"])
    ledger = world.run(max_entries=5).ledger()
    assert (ledger.listed, ledger.kept, ledger.vanished) == (5, 3, 0)


@pytest.mark.parametrize(("names", "again"), [(["1.json", "2.json"], False), (["1.json", "2.json", "3.json"], True)])
def test_discover_endless_what_could_not_be_removed_is_known_though_it_lies_beyond(world, names, again, monkeypatch):
    """Or a directory that is too full would have its events handed over again. What is known so has
    the same bound."""
    for name in names:
        world.write(name, event())
    shown = ["0.temp", *names]
    monkeypatch.setattr(os, "unlink", denied)
    monkeypatch.setattr(collector.directory.Directory, "some_names", lambda _: iter([[name] for name in shown]))
    monkeypatch.setattr(collector.sweep, "handlers", lambda _: ["Ext"])
    sender = Sender()
    made = collector.build(world.log_dir, None, sender, max_entries=2)
    for _ in range(8):
        made.collect()
        shown.append(shown.pop(0))
    assert (len(sender.accepted) > len(names)) == again


def denied(*_, **__):
    raise PermissionError(1, "Operation not permitted")


def test_discover_endless_the_agent_events_dir_is_bounded_too(world, monkeypatch):
    for name in range(5):
        world.place(os.path.join(world.agent_dir, f"{name}.tld"), b"{}")
    report = collector.build(world.log_dir, world.agent_dir, Sender(), max_entries=3).collect_agent_events()
    assert [notice.text for notice in report.notices if notice.kind == "entries"]
    assert len(os.listdir(world.agent_dir)) == 2


MOUNTED = """
import subprocess, sys
from pathlib import Path
from etp_kit import collector
from tests.collector.senders import Sender
kind, log_dir, agent_dir, place, other = sys.argv[1:]
if kind == "bind":
    subprocess.run(["mount", "--bind", other, place], check=True)
else:
    subprocess.run(["mount", "-t", "tmpfs", "none", place], check=True)
    for path in sorted(Path(other).rglob("*")):
        copy = Path(place, path.relative_to(other))
        copy.mkdir() if path.is_dir() else copy.write_bytes(path.read_bytes())
sender = Sender()
report = collector.build(log_dir, agent_dir, sender).collect()
print(sorted(e.key[0] for e in sender.accepted), [n.text for n in report.notices if n.kind == "not-a-directory"])
print(sorted(path.name for path in Path(place).rglob("*.json")))
"""


@pytest.mark.parametrize("kind", ["bind", "tmpfs"])
@pytest.mark.parametrize("what", ["Ext", "Ext/events"])
def test_discover_mount_what_is_mounted_there_is_passed_over(tmp_path, kind, what):
    """A directory that is mounted a second time has the device of all others."""
    world = World(tmp_path)
    world.events_dir()
    world.write("2.json", event(), handler="Other")
    other = tmp_path / "else"
    inner = other / ("events" if what == "Ext" else "")
    inner.mkdir(parents=True)
    (inner / "1.json").write_bytes(encode(event()))
    words = [sys.executable, "-c", MOUNTED, kind, world.log_dir, world.agent_dir, f"{world.log_dir}/{what}", str(other)]
    who = [] if os.geteuid() == 0 else ["-U", "-r"]
    done = subprocess.run(["unshare", *who, "-m", *words], capture_output=True, text=True, check=False)
    if "unshare" in done.stderr or "mount:" in done.stderr:
        pytest.skip("nothing can be mounted here")
    assert done.stderr == ""
    path = f"{world.log_dir}/Ext/events"
    told = f"Skipping {path} as it cannot be entered as a directory: OSError: something else is mounted there"
    assert done.stdout.splitlines() == [f"['Other'] {[told]!r}", "['1.json']"]


@pytest.mark.parametrize("failing", ["open", "read"])
def test_discover_mount_where_mounts_cannot_be_told_the_device_decides(world, failing, monkeypatch):
    real_open, real_read = os.open, os.read
    denied, met = [], []

    def opened(path, *rest, **more):
        made = real_open(path, *rest, **more)
        if str(path).startswith("/proc/self/fdinfo"):
            (met if failing == "open" else denied).append(made)
            if failing == "open":
                os.close(made)
                raise PermissionError(13, "denied")
        return made

    def read(fd, count):
        if fd in denied:
            met.append(denied.pop())  # the next file gets its number
            raise PermissionError(13, "denied")
        return real_read(fd, count)

    monkeypatch.setattr(os, "open", opened)
    monkeypatch.setattr(os, "read", read)
    world.write("1.json", event())
    outcome = world.run()
    assert len(outcome.accepted) == 1
    assert outcome.notices("not-a-directory") == []
    assert met


@pytest.mark.parametrize("what", ["/Ext", "/Ext/events"])
def test_discover_mount_is_told_by_its_device(world, what, monkeypatch):
    """All that lies in a mount is of its device."""
    world.write("1.json", event())
    world.write("2.json", event(), handler="Other")
    real = os.fstat

    def fstat(fd):
        status = real(fd)
        inside = os.readlink(f"/proc/self/fd/{fd}").startswith(world.log_dir + what)
        return os.stat_result([*status[:2], status.st_dev + 1, *status[3:]]) if inside else status

    monkeypatch.setattr(os, "fstat", fstat)
    outcome = world.run()
    assert [handed.key[0] for handed in outcome.accepted] == ["Other"]
    assert outcome.notice("not-a-directory").extension == "Ext"
    assert world.names() == ["1.json"]
