"""quota.*: how much one extension may send, or spoil, in one pass."""

import os

import pytest

from .samples import QUOTA, encode, event, events
from .senders import FlushingSender, Sender

REACHED = "Reached max count for the extension: {}; Max Limit: {}. Skipping the rest."


def test_quota_per_extension_over_its_files(world):
    for name in range(1, 5):
        world.write(f"{name}.json", events(100, f"{name}-"))
    outcome = world.run()
    assert len(outcome.messages) == 360
    assert outcome.messages[-1] == "1-59"
    assert world.names() == []


def test_quota_per_extension_each_has_its_own(world):
    for handler in ("A", "B", "C"):
        world.write("1.json", events(QUOTA + 5), handler=handler)
    outcome = world.run()
    assert [len(outcome.of(handler)) for handler in ("A", "B", "C")] == [360] * 3


def test_quota_per_extension_a_pass(world):
    sender = Sender()
    subject = world.build(sender)
    for _ in range(3):
        world.write("1.json", events(QUOTA + 1))
        assert len(world.run(sender, subject).messages) == 360


@pytest.mark.parametrize("quota", [1, 7, 300])
def test_quota_per_extension_as_set(world, quota):
    world.write("1.json", events(500))
    outcome = world.run(quota=quota)
    assert len(outcome.messages) == quota
    assert REACHED.format("Ext", quota) in outcome.notice("quota").text


def test_quota_accepted_only(world):
    world.write("3.json", [event(Message="")] * 500)
    world.write("2.json", [0] * 500)
    world.write("1.json", events(QUOTA))
    outcome = world.run()
    assert len(outcome.messages) == 360
    assert sum(outcome.drops().values()) == 1000


def test_quota_accepted_only_dropped_between(world):
    world.write("1.json", [made for good in events(QUOTA) for made in (good, event(TaskName=None))])
    assert len(world.run().messages) == 360


def test_quota_newest_win(world, calls):
    world.write("1.json", events(3, "1-"), age=-1.0)
    world.write("2.json", events(3, "2-"), age=100_000.0)
    world.write("3.json", events(QUOTA, "3-")[:-1], age=10.0)
    world.write("4.json", events(1, "4-"))
    with calls.watched():
        outcome = world.run()
    assert outcome.messages == ["4-0", *(f"3-{i}" for i in range(QUOTA - 1))]
    assert world.names() == []
    assert calls.bytes_read["1.json"] == calls.bytes_read["2.json"] == 0
    assert calls.opened("1.json") == calls.opened("2.json") == []


def test_quota_newest_win_first_events_of_the_file(world):
    world.write("2.json", events(QUOTA + 40))
    world.write("1.json", events(1, "old"))
    assert world.run().messages == [f"m{i}" for i in range(QUOTA)]


def test_quota_newest_win_unread_whatever_they_are(world):
    """Beyond the quota nothing is judged: no size, no malformed file, no wait."""
    world.write("5.json", events(QUOTA))
    world.write("4.json", b"malformed")
    world.write("3.json", b"x" * 5_000_000)
    outcome = world.run()
    assert world.names() == []
    assert not outcome.notices("failed")


@pytest.mark.parametrize(("count", "noted"), [(QUOTA - 1, 0), (QUOTA, 1), (QUOTA + 1, 1), (2 * QUOTA, 1)])
def test_quota_notice(world, count, noted):
    world.write("1.json", events(count))
    outcome = world.run()
    assert len(outcome.notices("quota", "Ext")) == noted
    assert sum(REACHED.format("Ext", 360) in record for record in outcome.records) == noted


def test_quota_notice_once_an_extension(world):
    for handler in ("A", "B"):
        for name in range(10):
            world.write(f"{name}.json", events(100), handler=handler)
    outcome = world.run()
    assert sorted(notice.extension for notice in outcome.notices("quota")) == ["A", "B"]


def test_quota_notice_again_in_the_next_pass(world):
    sender = Sender()
    subject = world.build(sender)
    for _ in range(2):
        world.write("1.json", events(QUOTA))
        assert world.run(sender, subject).notice("quota")


def test_quota_discarded_files(world):
    world.write("9.json", events(QUOTA))
    for name in range(5):
        world.write(f"{name}.json", event())
    outcome = world.run()
    assert sum(outcome.ledger().files_discarded.values()) == 5
    assert outcome.ledger().processed == 1
    assert outcome.ledger().listed == 6


def test_quota_discarded_known_events(world):
    """Whatever was read of the rest of the file is in the ledger;
    the sums are checked in every pass.
    """
    world.write("1.json", events(QUOTA + 3))
    ledger = world.run().ledger()
    assert ledger.handed_over == QUOTA
    assert ledger.discarded == ledger.read - QUOTA
    assert 0 <= ledger.discarded <= 3


def test_quota_rejects_just_below_the_limit(world):
    world.write("2.json", b"[" + b"0," * 9999 + encode(event()) + b"]")
    world.write("1.json", event(Message="older"))
    outcome = world.run()
    assert outcome.messages == ["a message", "older"]
    assert not outcome.notices("rejects")


def test_quota_rejects_the_rest_is_discarded(world, calls):
    world.write("3.json", event(Message="newer"))
    world.write("2.json", b"[" + b"0," * 10_000 + encode(event(Message="never")) + b"]")
    world.write("1.json", event(Message="never"))
    with calls.watched():
        outcome = world.run()
    assert outcome.messages == ["newer"]
    assert outcome.drops() == {"NotAnObjectError": 10_000}
    assert outcome.notice("rejects").extension == "Ext"
    assert calls.bytes_read["1.json"] == 0
    assert world.names() == []
    assert sum(outcome.ledger().files_discarded.values()) == 1


def test_quota_rejects_over_many_files(world):
    for name in range(10, 31):
        world.write(f"{name}.json", b"[" + b",".join([b"{}"] * 500) + b"]")
    world.write("01.json", event(Message="never"))
    outcome = world.run()
    assert sum(outcome.drops().values()) == 10_000
    assert outcome.messages == []


REJECTED = {"oversize": b"[" + b" " * 5000 + b"]", "event": [0], "malformed": b"{", "empty": b""}


@pytest.mark.parametrize("kind", ["oversize", "irregular", "event"])
def test_quota_rejects_counts_files_too(world, kind):
    for name in range(100, 120):
        if kind == "irregular":
            world.events_dir()
            os.symlink("nowhere", world.path(f"{name}.json"))
        else:
            world.write(f"{name}.json", REJECTED[kind])
    world.write("01.json", event(Message="never"))
    outcome = world.run(max_rejects=20, max_file_size=4000)
    assert outcome.notice("rejects")
    assert outcome.messages == []
    assert world.names() == []


@pytest.mark.parametrize("kind", ["malformed", "empty"])
def test_quota_rejects_counts_malformed_files_too(world, clock, kind):
    """They become rejects in the last round;
    what is completed in that round, but older, is discarded.
    """
    for name in range(100, 120):
        world.write(f"{name}.json", REJECTED[kind])
    world.write("01.json", b"[")
    clock.during_wait(2, lambda: world.write("01.json", event(Message="never")))
    outcome = world.run(max_rejects=20)
    assert outcome.notice("rejects")
    assert outcome.messages == []
    assert world.names() == []


def test_quota_rejects_bystanders_go_on(world):
    world.write("1.json", b"[" + b"0," * 12_000 + b"0]", handler="Bad")
    for handler in ("A", "Z"):
        world.write("1.json", events(QUOTA), handler=handler)
    outcome = world.run()
    assert len(outcome.of("A")) == len(outcome.of("Z")) == 360
    assert not outcome.notices("rejects", "A")


@pytest.mark.parametrize("delivery", ["at-most-once", "at-least-once"])
def test_quota_per_extension_refused_events_and_then_a_bad_end(world, delivery):
    """Events that the sender refuses use no quota; what follows them in the file may be damaged."""
    world.write("1.json", encode(events(3))[:-1] + b", {")
    sender = FlushingSender(raise_at=(0, 1))
    outcome = world.run(sender, quota=2, delivery=delivery)
    assert outcome.messages == []
    assert outcome.drops() == {"SenderError": 2}
    assert outcome.notice("failed").reason == "MalformedFileError"
    assert world.names() == []


def test_quota_discard_of_a_pending_file_that_went(world, clock):
    world.write("1.json", event())
    path = world.write("2.json", b"{")
    clock.during_wait(1, lambda: os.unlink(path))
    outcome = world.run(quota=1)
    assert len(outcome.accepted) == 1
    assert outcome.ledger().vanished == 1
