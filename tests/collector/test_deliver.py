"""deliver.*: how often an event is handed over when things go wrong."""

import os
import sys

import pytest

from .calls import Crash, every_call
from .samples import QUOTA, event, events
from .senders import FlushingSender, Sender

FILES = 3
PER_FILE = 3
TOTAL = 2 * FILES * PER_FILE


def populate(world):
    for handler in ("A", "B"):
        for name in range(FILES):
            world.write(f"{name}.json", events(PER_FILE, f"{handler}{name}-"), handler=handler)


def everything():
    return {
        (handler, f"{name}.json", index) for handler in ("A", "B") for name in range(FILES) for index in range(PER_FILE)
    }


def files_left(world):
    return {(handler, name) for handler in ("A", "B") for name in world.names(handler)}


def test_deliver_sound_events_come_in_the_first_pass(world):
    """Of every extension, each event once; the second pass finds nothing more."""
    populate(world)
    sender = Sender()
    subject = world.build(sender)
    world.run(sender, subject)
    assert sorted(sender.keys) == sorted(everything())
    world.run(sender, subject)
    assert len(sender.keys) == TOTAL


@pytest.mark.parametrize("count", range(TOTAL + 1))
def test_deliver_at_most_once_over_a_stop(world, count):
    """A stop loses at most the rest of the file in progress;
    all else is handed over later, once.
    """
    populate(world)
    sender = Sender(stop_after=count)
    subject = world.build(sender)
    world.run(sender, subject)
    sender.stop_after = None
    sender.is_stopped = False
    world.run(sender, subject)
    world.run(sender, subject)
    assert len(sender.keys) == len(set(sender.keys))
    missing = everything() - set(sender.keys)
    assert len({key[:2] for key in missing}) <= 1
    assert len(missing) < PER_FILE
    assert files_left(world) == set()


@pytest.mark.parametrize("step", range(1, 8))
def test_deliver_at_most_once_over_many_stops(world, step):
    populate(world)
    sender = Sender(stop_after=step)
    subject = world.build(sender)
    while files_left(world):
        world.run(sender, subject)
        sender.is_stopped = False
        sender.stop_after += step
    assert len(sender.keys) == len(set(sender.keys))


def test_deliver_at_most_once_is_the_default(world):
    """No flush is needed or called."""
    populate(world)
    sender = FlushingSender(flush_fails=[False] * 100)
    world.run(sender)
    assert len(sender.keys) == TOTAL
    assert files_left(world) == set()


@pytest.mark.parametrize("name", ["open", "read", "fstat", "close", "unlink", "listdir", "scandir", "stat", "lstat"])
def test_deliver_at_most_once_over_failing_calls(world, calls, name):
    """Whatever call fails in the first pass, no event comes twice."""
    populate(world)
    sender = Sender()
    subject = world.build(sender)

    def fail(number, called, _base):
        if called == name and number % 2:
            raise OSError(5, "Input/output error")

    calls.before = fail
    with calls.watched():
        world.run(sender, subject)
    for _ in range(3):
        world.run(sender, subject)
    assert len(sender.keys) == len(set(sender.keys))


def test_deliver_at_least_once_removes_after_the_flush(world, calls):
    populate(world)
    sender = FlushingSender()
    log = []
    calls.before = lambda _number, name, base: name in ("unlink", "remove") and log.append((base, sender.flushed))
    with calls.watched():
        world.run(sender, delivery="at-least-once")
    assert len(log) == 2 * FILES
    position = {}
    for at, key in enumerate(sender.keys):
        position.setdefault(key[1], []).append(at)
    for base, flushed in log:
        assert flushed >= min(position[base]) + PER_FILE
    assert set(sender.keys) == everything() == {handed.key for handed in sender.confirmed}
    assert files_left(world) == set()


@pytest.mark.parametrize("answer", [False, RuntimeError("no"), OSError(5, "no")], ids=repr)
def test_deliver_at_least_once_keeps_what_was_not_confirmed(world, answer):
    populate(world)
    sender = FlushingSender(flush_fails=[answer] * 50)
    subject = world.build(sender, delivery="at-least-once")
    outcome = world.run(sender, subject)
    assert len(files_left(world)) == 2 * FILES
    assert not outcome.notices("error")
    sender.answers.clear()
    world.run(sender, subject)
    assert {handed.key for handed in sender.confirmed} == everything()
    assert files_left(world) == set()


@pytest.mark.parametrize("answer", [None, True])
def test_deliver_at_least_once_none_and_true_confirm(world, answer):
    populate(world)
    world.run(FlushingSender(flush_fails=[answer] * 50), delivery="at-least-once")
    assert files_left(world) == set()


def test_deliver_at_least_once_one_failed_flush_costs_no_event(world):
    for fails in range(2 * FILES + 2):
        populate(world)
        sender = FlushingSender(flush_fails=[None] * fails + [False])
        subject = world.build(sender, delivery="at-least-once")
        for _ in range(3):
            world.run(sender, subject)
        assert {handed.key for handed in sender.confirmed} == everything()
        assert files_left(world) == set()


@pytest.mark.parametrize("count", range(TOTAL + 1))
def test_deliver_at_least_once_over_a_stop(world, count):
    populate(world)
    sender = FlushingSender(stop_after=count)
    world.run(sender, delivery="at-least-once")
    sender.stop_after = None
    sender.is_stopped = False
    world.run(sender, delivery="at-least-once")
    assert {handed.key for handed in sender.confirmed} >= everything()
    assert files_left(world) == set()


@pytest.mark.parametrize("when", ["before", "after"])
def test_deliver_at_least_once_over_a_crash_at_every_call(worlds, calls, when, monkeypatch):
    """The process dies at the call, so nothing after it happens;
    a new process collects the rest.
    """
    monkeypatch.setattr(sys, "unraisablehook", lambda _: None)  # generators of the dead are still closed

    def scene(at):
        world = worlds()
        populate(world)
        world.write("3.json", b"[", handler="A")
        sender = FlushingSender()
        dead = []

        def act():
            dead.append(True)

        strike = at.then(act)

        def watch(number, name, base):
            strike(number, name, base)
            if dead:
                raise Crash

        setattr(calls, when, watch)
        calls_after_death = lambda *_call: dead and (_ for _ in ()).throw(Crash())  # noqa: E731 - an expression that may raise
        setattr(calls, "after" if when == "before" else "before", calls_after_death)
        crashed = False
        with calls.watched():
            try:
                world.build(sender, delivery="at-least-once").collect()
            except Crash:
                crashed = True
        assert crashed == at.reached
        survivor = FlushingSender()
        world.run(survivor, delivery="at-least-once")
        seen = [handed.key for handed in sender.confirmed + survivor.confirmed]
        assert {key for key in seen if key[1] != "3.json"} == everything()
        assert files_left(world) == set()
        duplicates = [key for key in seen if seen.count(key) > 1]
        assert set(duplicates) <= everything()

    every_call(scene)


@pytest.mark.parametrize("offer", range(TOTAL))
def test_deliver_at_least_once_over_a_crash_of_the_sender(world, offer):
    def crash(at):
        if at == offer:
            raise Crash

    populate(world)
    sender = FlushingSender(on_enqueue=crash)
    with pytest.raises(Crash):
        world.build(sender, delivery="at-least-once").collect()
    survivor = FlushingSender()
    world.run(survivor, delivery="at-least-once")
    assert {handed.key for handed in sender.confirmed + survivor.confirmed} == everything()


def test_deliver_at_least_once_duplicates_carry_the_same_key_and_text(world):
    world.write("1.json", [event(Message="a"), 0, event(Message="b")])
    sender = FlushingSender(flush_fails=[False])
    subject = world.build(sender, delivery="at-least-once")
    world.run(sender, subject)
    world.run(sender, subject)
    keys = [("Ext", "1.json", 0), ("Ext", "1.json", 2)]
    assert sender.keys == keys * 2
    assert sender.messages == ["a", "b"] * 2
    assert [list(handed.parameters) for handed in sender.accepted[:2]] == [
        list(handed.parameters) for handed in sender.accepted[2:]
    ]


def test_deliver_at_least_once_quota_and_discards(world):
    """What is beyond the quota is not the sender's to confirm."""
    world.write("2.json", events(QUOTA + 1))
    world.write("1.json", event())
    sender = FlushingSender()
    world.run(sender, delivery="at-least-once")
    assert len(sender.confirmed) == QUOTA
    assert world.names() == []


def test_deliver_at_least_once_torn_file(world, clock):
    world.write("1.json", b"[")
    clock.during_wait(1, lambda: world.write("1.json", event()))
    sender = FlushingSender()
    world.run(sender, delivery="at-least-once")
    assert len(sender.confirmed) == 1
    assert world.names() == []


@pytest.mark.parametrize("delivery", ["at-most-once", "at-least-once"])
@pytest.mark.parametrize("offers", [{0}, {4}, {0, 1, 2}, set(range(9))], ids=repr)
def test_deliver_sender_error_costs_that_event_alone(world, delivery, offers):
    world.write("1.json", events(9))
    outcome = world.run(FlushingSender(raise_at=offers), delivery=delivery)
    assert outcome.messages == [f"m{i}" for i in range(9) if i not in offers]
    assert outcome.ledger().dropped == {"SenderError": len(offers)}
    assert sum(notice.count for notice in outcome.notices("sender-error") + outcome.notices("drops")) >= len(offers)
    assert world.names() == []


def test_deliver_sender_error_does_not_use_the_quota(world):
    world.write("1.json", events(QUOTA + 40))
    outcome = world.run(Sender(raise_at=range(100, 130)))
    assert len(outcome.messages) == QUOTA
    assert outcome.messages[-1] == f"m{QUOTA + 29}"


def test_deliver_sender_error_at_the_quota_has_the_rest_of_a_long_file_read(world):
    """Removed, and not closed yet: it is read a window at a time."""
    world.write("1.json", events(4_000))
    sender = Sender(raise_at=range(2_500))
    world.run(sender)
    assert [index for _, _, index in sender.keys] == list(range(2_500, 2_500 + QUOTA))


def test_deliver_sender_error_of_every_event_ends(world):
    """Not even endlessly failing offers go on for ever: the files do."""
    world.write("2.json", events(500))
    world.write("1.json", events(500))
    outcome = world.run(Sender(raise_at=range(1000)))
    assert outcome.accepted == []
    assert outcome.ledger().dropped == {"SenderError": 1000}
    assert world.names() == []


def test_deliver_sender_error_of_one_extension_spares_the_others(world):
    class Picky(Sender):
        def enqueue_event(self, handed):
            if handed.key[0] == "A":
                raise RuntimeError("no")
            super().enqueue_event(handed)

    populate(world)
    outcome = world.run(Picky())
    assert len(outcome.of("B")) == FILES * PER_FILE
    assert os.listdir(world.events_dir("A")) == []


def test_deliver_at_least_once_a_file_changed_before_the_flush_stays(world):
    """Its writer put something else there, which nobody has read."""
    path = world.write("1.json", event(Message="first"))

    class Slow(FlushingSender):
        def flush(self):
            world.place(path, event(Message="the second"))
            return super().flush()

    outcome = world.run(Slow(), delivery="at-least-once")
    assert outcome.messages == ["first"]
    assert world.names() == ["1.json"]


def test_deliver_equal_events_are_events_of_their_own(world):
    """Within a file, over files, over extensions and over passes."""
    beats = [event(Message="beat")] * 2
    for name, handler in (("1.json", "A"), ("2.json", "A"), ("1.json", "B")):
        world.write(name, beats, handler=handler)
    assert len(world.run().accepted) == 6
    world.write("1.json", beats, handler="A")
    assert len(world.run().accepted) == 2
