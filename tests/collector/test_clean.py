"""clean.*: what a pass leaves behind, and what it must not touch."""

import errno
import os

import pytest

from .nodes import as_ordinary_user, make_device, make_socket
from .samples import MIB, QUOTA, event, events
from .senders import Sender
from .worlds import World, tree

PERIOD = 300.0
CONTENT = {
    "accepted": event(),
    "dropped": event(Message=""),
    "no event": [],
    "no object": 5,
    "empty": b"",
    "malformed": b"{",
    "BOM": b"\xef\xbb\xbf[]",
    "too large": b" " * 5000,
    "beyond the quota": events(QUOTA + 1),
}


@pytest.mark.parametrize("age", [-100.0, 0.0, 10.0, 100_000.0])
@pytest.mark.parametrize("content", CONTENT.values(), ids=CONTENT)
def test_clean_processed_whatever_came_of_it(world, content, age):
    world.write("1.json", content, age=age)
    outcome = world.run(max_file_size=4000 if content == CONTENT["too large"] else 4 * MIB)
    assert world.names() == []
    assert outcome.ledger().processed + sum(outcome.ledger().files_discarded.values()) == 1


def test_clean_processed_with_a_stop_nowhere_near(world):
    for name in range(50):
        world.write(f"{name}.json", event())
    world.run()
    assert world.names() == []


ENTRIES = {
    "file": lambda world, path: world.place(path, b"residue"),
    "empty": lambda world, path: world.place(path, b""),
    "fifo": lambda world, path: os.mkfifo(path),
    "socket": lambda world, path: make_socket(path),
    "dangling link": lambda world, path: os.symlink("nowhere", path),
    "link to file": lambda world, path: os.symlink(world.place(os.path.join(world.outside, "kept")), path),
    "link to directory": lambda world, path: os.symlink(world.outside, path),
    "hard link": lambda world, path: os.link(world.place(os.path.join(world.outside, "kept")), path),
    "device": lambda world, path: make_device(path),
}
KINDS = [pytest.param(kind, marks=pytest.mark.root if kind == "device" else ()) for kind in ENTRIES]


def residue(world, kind, name, age):
    world.events_dir()
    path = world.path(name)
    ENTRIES[kind](world, path)
    world.set_age(path, age)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["left.tmp", ".hidden", "1.json.tmp", "no extension", "a\nb"])
def test_clean_residue_older_than_a_period_is_removed(world, kind, name):
    residue(world, kind, name, PERIOD + 1)
    outside = tree(world.outside)
    outcome = world.run()
    assert world.names() == []
    assert tree(world.outside) == outside
    assert not outcome.notices("clean")


@pytest.mark.parametrize("kind", KINDS)
def test_clean_residue_is_never_opened(world, calls, kind):
    residue(world, kind, "left.tmp", PERIOD + 1)
    with calls.watched():
        world.run()
    assert calls.opened("left.tmp") == []
    assert world.names() == []


def test_clean_residue_subdirectories_stay(world):
    inner = os.path.join(world.events_dir(), "Temp")
    empty = os.path.join(world.events_dir(), "empty")
    os.mkdir(inner)
    os.mkdir(empty)
    world.place(os.path.join(inner, "1.tmp"), b"", age=10 * PERIOD)
    world.set_age(inner, 10 * PERIOD)
    world.set_age(empty, 10 * PERIOD)
    outcome = world.run()
    assert world.names() == ["Temp", "empty"]
    assert os.listdir(inner) == ["1.tmp"]
    assert not outcome.notices("clean")


def test_clean_residue_of_a_handler_without_event_files(world):
    residue(world, "file", "left.tmp", PERIOD + 1)
    world.run()
    assert world.names() == []


def test_clean_residue_by_the_period_as_set(world):
    residue(world, "file", "old.tmp", 11.0)
    residue(world, "file", "young.tmp", 9.0)
    world.run(period=10.0)
    assert world.names() == ["young.tmp"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("age", [PERIOD - 1, 0.0, -1e6], ids=["nearly", "now", "future"])
def test_clean_in_flight_young_entries_are_left(world, kind, age):
    residue(world, kind, "left.tmp", age)
    outcome = world.run()
    assert world.names() == ["left.tmp"]
    assert outcome.ledger().spared == 1


def test_clean_in_flight_is_removed_once_it_is_old(world, clock):
    residue(world, "file", "left.tmp", 0.0)
    sender = Sender()
    subject = world.build(sender)
    world.run(sender, subject)
    clock.elapsed += PERIOD + 1
    world.run(sender, subject)
    assert world.names() == []


@pytest.mark.parametrize("age", [10.0, 100_000.0])
def test_clean_in_flight_event_files_beyond_the_listing_are_left(world, age):
    def arrive(_offer):
        world.write("2.json", event(Message="late"), age=age)

    world.write("1.json", event())
    sender = Sender(on_enqueue=arrive)
    subject = world.build(sender)
    assert world.run(sender, subject).messages == ["a message"]
    assert world.names() == ["2.json"]
    sender.on_enqueue = None
    assert world.run(sender, subject).messages == ["late"]


def test_clean_in_flight_entries_beyond_the_listing_are_left(world):
    """Old by its time (a rename keeps it), but not there at the start."""
    world.write("1.json", event())
    world.run(Sender(on_enqueue=lambda _offer: world.write("2.tmp", b"", age=100_000.0)))
    assert world.names() == ["2.tmp"]


def test_clean_in_flight_while_waiting_for_a_torn_file(world, clock):
    world.write("1.json", b"[")
    clock.during_wait(1, lambda: world.write("2.json", event(), age=100_000.0))
    world.run()
    assert world.names() == ["2.json"]


def test_clean_in_flight_event_files_are_left_after_the_quota(world):
    sender = Sender(on_enqueue=lambda offer: offer == 5 and world.write("0.json", event(Message="late")))
    world.write("1.json", events(QUOTA + 1))
    world.run(sender)
    assert world.names() == ["0.json"]


def test_clean_in_flight_at_most_1000_are_spared(world):
    for number in range(1005):
        world.write(f"{number}.tmp", b"", age=200.0 - number * 0.1)
    outcome = world.run()
    left = {int(name[: -len(".tmp")]) for name in world.names()}
    assert left == set(range(5, 1005))
    assert outcome.ledger().spared == 1000


def test_clean_in_flight_at_most_40_mib_are_spared(world):
    for number in range(45):
        path = world.write(f"{number}.tmp", b"")
        os.truncate(path, MIB)
        world.set_age(path, 200.0 - number)
    world.run()
    assert {int(name[: -len(".tmp")]) for name in world.names()} == set(range(5, 45))


def test_clean_in_flight_limits_as_set(world):
    for number in range(9):
        world.write(f"{number}.tmp", b"x" * 100, age=100.0 - number)
    world.run(max_spared=6)
    assert world.names() == [f"{number}.tmp" for number in range(3, 9)]
    world.run(max_spared_bytes=450)
    assert world.names() == [f"{number}.tmp" for number in range(5, 9)]


def test_clean_in_flight_limits_are_an_extension_s_own(world):
    for handler in ("A", "B"):
        for number in range(4):
            world.write(f"{number}.tmp", b"", handler=handler)
    world.run(max_spared=3)
    assert len(world.names("A")) == len(world.names("B")) == 3


def refuse(monkeypatch, refused, error=errno.EPERM):
    """Makes the entries whose base names are in the set `refused` unremovable."""
    for name in ("unlink", "remove"):
        real = getattr(os, name)

        def call(path, *args, real=real, **kwargs):
            if os.path.basename(os.fsdecode(path)) in refused:
                raise OSError(error, os.strerror(error), path)
            return real(path, *args, **kwargs)

        monkeypatch.setattr(os, name, call)


@pytest.mark.parametrize(
    "error", [errno.EPERM, errno.EACCES, errno.EROFS, errno.EBUSY, errno.EIO], ids=errno.errorcode.get
)
@pytest.mark.parametrize("delivery", ["at-most-once"])
def test_clean_unremovable_is_noted_and_not_handed_over_again(world, monkeypatch, error, delivery):
    refuse(monkeypatch, {"1.json"}, error)
    world.write("1.json", events(2))
    world.write("2.json", event(Message="other"))
    sender = Sender()
    subject = world.build(sender, delivery=delivery)
    first = world.run(sender, subject)
    assert first.notice("unremovable").extension == "Ext"
    assert world.names() == ["1.json"]
    for _ in range(3):
        world.write("3.json", event(Message="next"))
        again = world.run(sender, subject)
        assert again.messages == ["next"]
        assert again.notices("unremovable") or again.notices("clean")
    assert sorted(sender.messages) == ["m0", "m1", "next", "next", "next", "other"]


def test_clean_unremovable_residue_is_noted(world, monkeypatch):
    refuse(monkeypatch, {"left.tmp"})
    residue(world, "file", "left.tmp", PERIOD + 1)
    residue(world, "file", "other.tmp", PERIOD + 1)
    world.write("1.json", event())
    outcome = world.run()
    assert outcome.messages == ["a message"]
    assert world.names() == ["left.tmp"]
    assert outcome.notices("unremovable") or outcome.notices("clean")
    assert any("Failed to completely clear the " in record for record in outcome.records)


@pytest.mark.parametrize("change", ["content", "time", "file"])
def test_clean_unremovable_is_handed_over_once_changed(world, monkeypatch, change):
    refused = {"1.json"}
    refuse(monkeypatch, refused)
    path = world.write("1.json", event(Message="first"), age=50.0)
    sender = Sender()
    subject = world.build(sender)
    world.run(sender, subject)
    if change == "file":
        refused.clear()
        os.unlink(path)
    world.write("1.json", event(Message="second, longer"), age=50.0 if change == "content" else 20.0)
    assert world.run(sender, subject).messages == ["second, longer"]


def test_clean_unremovable_is_removed_once_it_can_be(world, monkeypatch):
    refused = {"1.json"}
    refuse(monkeypatch, refused)
    world.write("1.json", event())
    sender = Sender()
    subject = world.build(sender)
    world.run(sender, subject)
    refused.clear()
    world.run(sender, subject)
    assert world.names() == []
    assert sender.messages == ["a message"]
    world.write("1.json", event(Message="anew"))
    assert world.run(sender, subject).messages == ["anew"]


def test_clean_unremovable_of_a_quota_s_discards(world, monkeypatch):
    """A listed discard is never handed over, in a later pass neither."""
    refuse(monkeypatch, {"1.json"})
    world.write("2.json", events(QUOTA))
    world.write("1.json", event(Message="never"))
    sender = Sender()
    subject = world.build(sender)
    world.run(sender, subject)
    world.run(sender, subject)
    assert "never" not in sender.messages


def test_clean_unremovable_for_an_ordinary_user(open_root, clock):
    def play():
        world = World(open_root, clock)
        world.write("1.json", event())
        world.write("old.tmp", b"", age=PERIOD + 1)
        world.write("1.json", event(Message="bystander"), handler="Bystander")
        os.chmod(world.events_dir(), 0o500)
        sender = Sender()
        subject = world.build(sender)
        try:
            first = world.run(sender, subject)
            second = world.run(sender, subject)
        finally:
            os.chmod(world.events_dir(), 0o700)
        assert first.notices("unremovable", "Ext")
        assert second.messages == []
        return sorted(sender.messages), world.names(), world.names("Bystander")

    assert as_ordinary_user(play) == (["a message", "bystander"], ["1.json", "old.tmp"], [])


@pytest.mark.root
def test_clean_unremovable_immutable_file(world):
    """Not even the superuser can remove it."""
    import fcntl

    path = world.write("1.json", event())
    world.write("2.json", event(Message="other"))
    get, change, immutable = 0x80086601, 0x40086602, 0x10
    with open(path, "rb") as held:
        flags = bytearray(8)
        try:
            fcntl.ioctl(held, get, flags)
            flags[0] |= immutable
            fcntl.ioctl(held, change, bytes(flags))
        except OSError:
            pytest.skip("the file system knows no immutable files")
        try:
            sender = Sender()
            subject = world.build(sender)
            assert world.run(sender, subject).notice("unremovable").count == 1
            assert world.run(sender, subject).messages == []
        finally:
            flags[0] &= ~immutable
            fcntl.ioctl(held, change, bytes(flags))
    assert sorted(sender.messages) == ["a message", "other"]


def test_clean_in_flight_far_more_than_may_stay(world):
    for name in range(20):
        world.write(f"{name:02}.tmp", b"young", age=name)
    outcome = world.run(max_spared=3)
    assert world.names() == ["00.tmp", "01.tmp", "02.tmp"]
    assert outcome.ledger().files_discarded == {"residue": 17}


@pytest.mark.parametrize("after", ["a directory", "nothing"])
def test_clean_unremovable_that_is_another_thing_by_then(world, calls, after):
    """Between two calls anything can take the place of a file."""
    path = world.write("1.tmp", b"old", age=10_000.0)

    def swap(_number, name, base):
        if (name, base) == ("unlink", "1.tmp"):
            os.unlink(path)
            if after == "a directory":
                os.mkdir(path)
            else:
                raise PermissionError(errno.EPERM, "not permitted")

    with calls.watched():
        calls.before = swap
        outcome = world.run()
    assert len(outcome.notices("unremovable")) == (after == "nothing")
    assert outcome.ledger().spared == 1
