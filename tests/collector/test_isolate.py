"""isolate.*: what one extension does costs no other one anything."""

import os
import shutil
import threading
import time

import pytest

from .nodes import as_ordinary_user, make_device, make_socket
from .samples import MIB, QUOTA, encode, event, events
from .senders import FlushingSender, Sender
from .worlds import World, tree

BYSTANDERS = ("A", "B", "C", "X", "Y", "Z")
OLD = 100_000.0


def populate(world):
    """Six extensions under their quota: several files, a dropped event, residue."""
    for handler in BYSTANDERS:
        for name in range(1, 4):
            content = events(20, f"{handler}{name}-")
            content[3] = event(Message="")
            content[5]["TaskName"] = "\u65e5\U0001f600 https://h/p?sig=S"
            world.write(f"{name}.json", content, handler=handler, age=50.0 * name)
        world.write("old.tmp", b"", handler=handler, age=OLD)


def told(accepted):
    """What the sender got of the bystanders, byte for byte, in order within each."""
    return {
        handler: [
            (h.eventId, h.providerId, h.key, list(map(tuple, h.parameters))) for h in accepted if h.key[0] == handler
        ]
        for handler in BYSTANDERS
    }


def attacker(make):
    """A hazard that gets the path of an entry with an event file's name in the attacker's events dir."""

    def attack(world):
        world.write("1.json", event(), handler="M")
        make(world, world.path("5.json", "M"))

    return attack


def vanishing(world, _path):
    world.write("5.json", event(), handler="M")

    def vanish(handed):
        if handed.key[0] != "M":
            shutil.rmtree(os.path.join(world.log_dir, "M"), ignore_errors=True)

    world.hook = vanish


def swapping(world, path):
    def swap(handed):
        if handed.key[0] == "M" and not os.path.islink(os.path.dirname(path)):
            os.rename(os.path.dirname(path), os.path.dirname(path) + ".away")
            os.symlink(world.events_dir("A"), os.path.dirname(path))

    world.write("5.json", event(), handler="M")
    world.hook = swap


def immovable(world, path):
    os.makedirs(os.path.join(path, "inner"))
    world.place(os.path.join(path, "inner", "1.json"), event())


def events_as_file(world):
    os.mkdir(os.path.join(world.log_dir, "M"))
    world.place(os.path.join(world.log_dir, "M", "events"), encode(event()))


def events_as_link(target):
    def attack(world):
        os.mkdir(os.path.join(world.log_dir, "M"))
        os.symlink(target(world), os.path.join(world.log_dir, "M", "events"))

    return attack


def outside_file(world):
    return world.place(os.path.join(world.outside, "9.json"), event(Message="never"), age=OLD)


HAZARDS = {
    "fifo": attacker(lambda world, path: os.mkfifo(path)),
    "socket": attacker(lambda world, path: make_socket(path)),
    "device": attacker(lambda world, path: make_device(path)),
    "link to file": attacker(lambda world, path: os.symlink(outside_file(world), path)),
    "link to a bystander's file": attacker(lambda world, path: os.symlink(world.path("1.json", "A"), path)),
    "link to directory": attacker(lambda world, path: os.symlink(world.outside, path)),
    "link to a bystander's directory": attacker(lambda world, path: os.symlink(world.events_dir("A"), path)),
    "link to /dev/zero": attacker(lambda world, path: os.symlink("/dev/zero", path)),
    "hard link": attacker(lambda world, path: os.link(outside_file(world), path)),
    "directory": attacker(immovable),
    "empty directory": attacker(lambda world, path: os.mkdir(path)),
    "vanishing": attacker(vanishing),
    "swapping": attacker(swapping),
    "events as a file": events_as_file,
    "events as a link": events_as_link(lambda world: world.outside),
    "events as a link to a bystander": events_as_link(lambda world: world.events_dir("A")),
    "events as a link to itself": events_as_link(lambda world: "events"),
    "events as a FIFO": lambda world: [os.mkdir(os.path.join(world.log_dir, "M")), os.mkfifo(os.path.join(world.log_dir, "M/events"))],
    "handler as a FIFO": lambda world: os.mkfifo(os.path.join(world.log_dir, "M")),
    "handler as a link": lambda world: os.symlink("A", os.path.join(world.log_dir, "M")),
    "handler as a socket": lambda world: make_socket(os.path.join(world.log_dir, "M")),
    "torn files": lambda world: [world.write(f"{n}.json", b"[{", handler="M") for n in range(50)],
    "events without end": lambda world: [world.write(f"{n}.json", events(400), handler="M") for n in range(5)],
    "rejects": lambda world: world.write("1.json", b"[" + b"0," * 20_000 + b"0]", handler="M"),
    "deep nesting": lambda world: world.write("1.json", b"[" * MIB, handler="M"),
    "huge number": lambda world: world.write("1.json", b'[{"EventPid":' + b"9" * 250_000 + b"}]", handler="M"),
    "sparse": lambda world: os.truncate(world.write("1.json", b"", handler="M"), 1 << 40),
    "own redaction": lambda world: world.write("1.json", event(Message="https://" * 30_000), handler="M"),
}  # fmt: skip


class HookedSender(Sender):
    """Calls `world.hook(event)` for each event, before it is taken."""

    def __init__(self, world):
        super().__init__()
        self.world = world

    def enqueue_event(self, handed):
        getattr(self.world, "hook", lambda _handed: None)(handed)
        super().enqueue_event(handed)


@pytest.mark.parametrize(
    "hazard", [pytest.param(name, marks=pytest.mark.root if name == "device" else ()) for name in HAZARDS]
)
def test_isolate_extension_bystanders_as_if_it_were_not_there(worlds, hazard):
    alone, attacked = worlds(), worlds()
    for world in (alone, attacked):
        populate(world)
        world.place(os.path.join(world.outside, "old.tmp"), b"kept", age=OLD)
    HAZARDS[hazard](attacked)
    outside = tree(attacked.outside)
    expected = alone.run()
    outcome = attacked.run(HookedSender(attacked))
    assert told(outcome.accepted) == told(expected.accepted)
    assert all(len(expected.of(handler)) == 57 for handler in BYSTANDERS)
    assert [attacked.names(handler) for handler in BYSTANDERS] == [[]] * 6
    assert tree(attacked.outside) == outside
    for handler in BYSTANDERS:
        assert outcome.ledger(handler) == expected.ledger(handler)
    assert "never" not in outcome.messages
    again = attacked.run(HookedSender(attacked))
    assert told(again.accepted) == {handler: [] for handler in BYSTANDERS}


def test_isolate_extension_unremovable_file(worlds, monkeypatch):
    alone, attacked = worlds(), worlds()
    for world in (alone, attacked):
        populate(world)
    attacked.write("666.json", events(5), handler="M")
    real = os.unlink

    def refuse(path, *args, **kwargs):
        if os.path.basename(path) == "666.json":
            raise PermissionError(1, "Operation not permitted")
        return real(path, *args, **kwargs)

    monkeypatch.setattr(os, "unlink", refuse)
    monkeypatch.setattr(os, "remove", refuse)
    expected, outcome = alone.run(), attacked.run()
    assert told(outcome.accepted) == told(expected.accepted)


def test_isolate_extension_for_an_ordinary_user(open_root, clock):
    def play():
        roots = [os.path.join(open_root, name) for name in ("alone", "attacked")]
        for root in roots:
            os.mkdir(root)
        alone, attacked = (World(root, clock) for root in roots)
        for world in (alone, attacked):
            populate(world)
        os.chmod(attacked.write("5.json", event(), handler="Unreadable"), 0)
        os.chmod(attacked.events_dir("Closed"), 0)
        attacked.write("5.json", event(), handler="Fixed")
        os.chmod(attacked.events_dir("Fixed"), 0o500)
        os.chmod(os.path.join(attacked.log_dir, "Closed"), 0)
        expected, outcome = alone.run(), attacked.run()
        os.chmod(os.path.join(attacked.log_dir, "Closed"), 0o700)
        return told(outcome.accepted) == told(expected.accepted), len(outcome.of("A"))

    assert as_ordinary_user(play) == (True, 57)


BAD_FILES = {
    "malformed": b"{",
    "empty": b"",
    "BOM": b"\xef\xbb\xbf{}",
    "oversize": b" " * (4 * MIB + 1),
    "huge element": encode(event(Pad="x" * 300_000)),
    "deep": b"[" * 100_000,
    "rejects": b"[" + b"0," * 9000 + b"0]",
    "wrong types": [event(Message=None)] * 100,
    "NUL": b"\x00" * 100_000,
}


@pytest.mark.parametrize("name", ["0.json", "5.json", "9.json"])
@pytest.mark.parametrize("bad", BAD_FILES.values(), ids=BAD_FILES)
def test_isolate_file(world, bad, name):
    for good in range(1, 9):
        world.write(f"{good}{good}.json", events(5, f"{good}-"))
    world.write(name, bad)
    assert world.run().messages == [f"{good}-{i}" for good in range(8, 0, -1) for i in range(5)]


def test_isolate_file_that_cannot_be_opened(world, monkeypatch):
    """An error of the disc costs one file."""
    real = os.open

    def fail(path, *args, **kwargs):
        if os.path.basename(os.fsdecode(path)) == "5.json":
            raise OSError(5, "Input/output error")
        return real(path, *args, **kwargs)

    monkeypatch.setattr(os, "open", fail)
    for name in range(1, 9):
        world.write(f"{name}.json", event(Message=str(name)))
    assert world.run().messages == ["8", "7", "6", "4", "3", "2", "1"]


def test_isolate_file_that_cannot_be_read(world, calls):
    def fail(_number, name, base):
        if name == "read" and base == "5.json":
            raise OSError(5, "Input/output error")

    calls.before = fail
    for name in range(1, 9):
        world.write(f"{name}.json", event(Message=str(name)))
    with calls.watched():
        outcome = world.run()
    assert outcome.messages == ["8", "7", "6", "4", "3", "2", "1"]


@pytest.mark.parametrize("failing", ["open", "read", "fstat", "close", "unlink", "stat", "lstat", "listdir", "scandir"])
@pytest.mark.parametrize(
    "error", [OSError(5, "Input/output error"), OSError(24, "Too many open files"), ValueError("odd")], ids=repr
)
def test_isolate_extension_any_call_failing_once(worlds, calls, failing, error):
    """One failing call costs at most the file or directory that it was made for."""
    count = 0
    while True:
        world = worlds()
        populate(world)
        struck = []

        def fail(_number, name, _base, struck=struck, at=count):
            if name == failing:
                struck.append(name)
                if len(struck) == at + 1:
                    raise error

        calls.before = fail
        with calls.watched():
            outcome = world.run()
        whole = sum(len(outcome.of(handler)) == 57 for handler in BYSTANDERS)
        if len(struck) <= count:
            assert whole == 6
            return
        if not outcome.notices("log-dir") and not (outcome.notices("error") and not outcome.accepted):
            assert whole >= 5, (failing, count, outcome.report.notices)
        count += 1


def test_isolate_time_waits_of_one_extension(world, sleeps):
    for name in range(300):
        world.write(f"{name}.json", b"torn", handler="M")
    for handler in ("A", "Z"):
        world.write("1.json", events(3), handler=handler)
    outcome = world.run()
    assert sum(sleeps) <= 2.0
    assert len(outcome.accepted) == 6


@pytest.mark.parametrize("junk", ["{}.json", "{}.tmp"])
@pytest.mark.parametrize("filled", [True, False])
def test_isolate_time_early_removals(world, junk, filled):
    """At every bystander's event, at most the set number of the attacker's files is gone."""
    for handler in ("A", "B", "Y", "Z"):
        world.write("1.json", events(2), handler=handler)
    if filled:
        world.write("9999.json", events(QUOTA), handler="M")
    flood = 200
    for name in range(1000, 1000 + flood):
        world.write(junk.format(name), b"{", handler="M", age=OLD)
    gone = []

    class Watching(Sender):
        def enqueue_event(self, handed):
            if handed.key[0] != "M":
                gone.append(flood + filled - len(world.names("M")))
            super().enqueue_event(handed)

    world.run(Watching(), max_early_removals=50)
    assert len(gone) == 8
    assert max(gone) <= 50
    assert world.names("M") == []


@pytest.mark.slow
def test_isolate_time_early_removals_by_default(memory_root, clock):
    world = World(memory_root, clock)
    for handler in ("A", "B", "Y", "Z"):
        world.write("1.json", event(), handler=handler)
    world.write("999999.json", events(QUOTA), handler="M")
    for name in range(100_000, 115_000):
        os.close(os.open(world.path(f"{name}.json", "M"), os.O_CREAT | os.O_WRONLY))
    gone = []

    class Watching(Sender):
        def enqueue_event(self, handed):
            if handed.key[0] != "M":
                gone.append(15_001 - len(os.listdir(world.events_dir("M"))))
            super().enqueue_event(handed)

    world.run(Watching())
    assert len(gone) == 4
    assert max(gone) <= 10_000
    assert world.names("M") == []


def test_isolate_time_a_listed_discard_is_never_handed_over(world):
    """Its removal comes later in the pass; what is put under its name meanwhile may be lost, never doubled."""
    world.write("9.json", events(3))
    for name in range(8):
        world.write(f"{name}.json", event(Message=f"never{name}"))
    sender = Sender()
    subject = world.build(sender, quota=3, max_early_removals=2)
    world.run(sender, subject)
    world.run(sender, subject)
    assert sender.messages == ["m0", "m1", "m2"]
    assert world.names() == []


def test_isolate_agent_events_beside_a_missing_log_dir(world):
    os.rmdir(world.log_dir)
    world.tld("1.waagent.tld", {"eventId": 1, "providerId": "p", "parameters": [{"name": "Name", "value": "x"}]})
    assert len(world.run_agent().accepted) == 1


@pytest.mark.parametrize("hazard", ["fifo", "torn files", "events without end", "link to /dev/zero", "rejects"])
def test_isolate_agent_events_in_the_service(tmp_path, hazard):
    """A real thread in real time: agent events come, and stop() returns at once, whatever the extension does."""
    world = World(tmp_path)
    HAZARDS[hazard](world)
    world.tld("1.waagent.tld", {"eventId": 1, "providerId": "p", "parameters": [{"name": "Name", "value": "x"}]})
    arrived = threading.Event()

    class Waiting(Sender):
        def enqueue_event(self, handed):
            super().enqueue_event(handed)
            if handed.file_type != "json" or handed.eventId == 1:
                arrived.set()

    service = world.build(Waiting()).service()
    service.run()
    try:
        assert arrived.wait(20)
    finally:
        begun = time.monotonic()
        service.stop()
        took = time.monotonic() - begun
    assert took < 5.0
    assert not service.is_alive()


@pytest.mark.parametrize("delivery", ["at-most-once", "at-least-once"])
def test_isolate_time_turns_lose_nothing(world, delivery):
    for name in range(10):
        world.write(f"{name}.json", event(Message=f"m{name}"))
        world.write(f"{name}.json", event(Message=f"n{name}"), handler="Other")
    sender = FlushingSender()
    outcome = world.run(sender, max_early_removals=3, delivery=delivery)
    assert sorted(outcome.messages) == sorted(f"{prefix}{name}" for prefix in "mn" for name in range(10))
    assert world.names() == world.names("Other") == []
    handlers = [handed.key[0] for handed in outcome.accepted]
    assert len(set(handlers[:8])) == 2, "the other had its turn before the first was done"
