"""stop.*: a stopping sender never turns into lost files."""

import pytest

from .calls import every_call
from .samples import event, events
from .senders import Sender, ServiceStoppedError
from .worlds import tree

OLD = 10_000.0
FILES = 4
PER_FILE = 3


def populate(world, handlers=("A", "B", "C")):
    for handler in handlers:
        for name in range(1, FILES + 1):
            world.write(f"{name}.json", events(PER_FILE, f"{handler}{name}-"), handler=handler)
        world.write("old.tmp", b"residue", handler=handler, age=OLD)


def all_files():
    return {(handler, f"{name}.json") for handler in "ABC" for name in range(1, FILES + 1)}


def left(world, handlers=("A", "B", "C")):
    return {(handler, name) for handler in handlers for name in world.names(handler)}


def test_stop_before_nothing_is_read_or_deleted(world, calls):
    populate(world)
    world.write("9.json", b"malformed", handler="A")
    before = tree(world.log_dir)
    with calls.watched():
        outcome = world.run(Sender(stop_after=0, thread_name="SendTelemetryHandler"))
    assert outcome.accepted == []
    assert tree(world.log_dir) == before
    assert calls.of("read", "unlink", "remove") == []
    assert not [call for call in calls.of("open") if call[1].endswith(".json")]
    notice = outcome.notice("sender-stopped")
    assert "SendTelemetryHandler service is not running, skipping current iteration" in notice.text


def test_stop_before_every_pass_says_so(world):
    subject = world.build(Sender(stop_after=0))
    for _ in range(2):
        assert world.run(subject=subject).notice("sender-stopped")


class StoppingSender(Sender):
    """Remembers what lay in the world when it was stopped."""

    def __init__(self, world, **script):
        self.world = world
        self.at_stop = None
        self._stopped = False
        super().__init__(**script)

    @property
    def is_stopped(self):
        return self._stopped

    @is_stopped.setter
    def is_stopped(self, stopped):
        if stopped and not self._stopped:
            self.at_stop = left(self.world)
        self._stopped = stopped


def check_stopped(world, sender):
    """From the stop on at most the file in progress is gone,
    no residue, and nothing is handed over.
    """
    gone = sender.at_stop - left(world)
    assert len(gone) <= 1
    assert not {name for _handler, name in gone if name == "old.tmp"}
    in_progress = sender.keys[-1][:2] if sender.keys else None
    assert gone <= {in_progress}


@pytest.mark.parametrize("count", range(1, 3 * FILES * PER_FILE))
def test_stop_during_after_any_event(world, count):
    populate(world)
    sender = StoppingSender(world, stop_after=count)
    world.run(sender)
    assert len(sender.accepted) == count
    assert sender.offers <= count + 1
    check_stopped(world, sender)
    begun = {key[:2] for key in sender.keys}
    assert {name for name in left(world) if name[1] != "old.tmp"} >= all_files() - begun


def test_stop_during_files_not_begun_are_kept_exactly(world):
    populate(world, ("A",))
    outcome = world.run(Sender(stop_after=PER_FILE + 1))
    assert set(world.names("A")) - {"3.json"} == {"1.json", "2.json", "old.tmp"}
    assert outcome.ledger("A").kept in (2, 3, 4)


def test_stop_during_seen_only_by_the_exception(world):
    """`stopped()` still says no when `enqueue_event` already refuses."""
    populate(world)

    def refuse(offer):
        if offer == 5:
            sender.at_stop = left(world)
        if offer >= 5:
            raise ServiceStoppedError

    sender = StoppingSender(world, on_enqueue=refuse)
    world.run(sender)
    assert sender.offers == 6
    check_stopped(world, sender)


def test_stop_during_seen_only_by_the_question(world):
    """`enqueue_event` still accepts when `stopped()` already says yes:
    the files not begun are kept.
    """
    populate(world, ("A",))

    class Lenient(Sender):
        def stopped(self):
            return len(self.accepted) >= 2

    sender = Lenient()
    world.run(sender)
    assert len(sender.accepted) <= PER_FILE
    assert {"1.json", "2.json", "3.json", "old.tmp"} <= set(world.names("A"))


def test_stop_during_recognised_by_class_name(world):
    populate(world)
    namesake = type("ServiceStoppedError", (RuntimeError,), {})

    def refuse(offer):
        if offer >= 4:
            raise namesake

    sender = Sender(on_enqueue=refuse)
    outcome = world.run(sender)
    assert not outcome.notices("sender-error")
    assert sender.offers == 5
    assert len(left(world)) >= 3 * FILES - 2


def test_stop_during_the_first_event(world):
    populate(world)
    sender = Sender(on_enqueue=lambda _offer: (_ for _ in ()).throw(ServiceStoppedError()))
    world.run(sender)
    assert len(left(world)) >= 3 + 3 * FILES - 1


def test_stop_during_nothing_is_cleaned_elsewhere(world):
    """Discards beyond a quota wait as well."""
    world.write("9.json", events(3), handler="A")
    world.write("1.json", event(), handler="A")
    world.run(Sender(stop_after=2), quota=3)
    assert "1.json" in world.names("A")


def test_stop_during_at_every_call_of_a_pass(worlds, calls):
    """The stop comes between any two calls;
    afterwards the same world is collected to its end, and all is there.
    """

    def scene(at):
        world = worlds()
        populate(world)
        sender = StoppingSender(world)

        def stop():
            sender.is_stopped = True

        calls.before = at.then(stop)
        with calls.watched():
            world.run(sender)
        if at.reached:
            assert len(sender.at_stop - left(world)) <= 1
        sender.is_stopped = False
        world.run(sender)
        lost = 3 * FILES * PER_FILE - len(set(sender.messages))
        assert lost <= PER_FILE
        assert len(sender.messages) == len(set(sender.messages))

    every_call(scene)


FAILURES = {"os": OSError(5, "masked"), "value": ValueError("masked"), "memory": MemoryError("masked")}


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
def test_stop_masked_by_every_call_after_the_stop(worlds, calls, failure):
    """From the stop on, the n-th file-system call fails, and all after it."""
    count = 5

    def scene(number):
        world = worlds()
        populate(world)
        sender = StoppingSender(world, stop_after=count)
        seen = []

        def fail(at, _name, _base):
            if sender.is_stopped:
                seen.append(at)
                if len(seen) > number:
                    raise failure

        calls.before = fail
        with calls.watched():
            world.run(sender)
        check_stopped(world, sender)
        return len(seen) > number

    number = 0
    while scene(number):
        number += 1


@pytest.mark.parametrize("method", ["stopped", "get_thread_name"])
def test_stop_masked_by_a_sender_that_fails_when_asked(world, method):
    populate(world)
    sender = StoppingSender(world, stop_after=5)
    real = getattr(sender, method)

    def fail():
        if len(sender.accepted) >= 5:
            raise RuntimeError("masked")
        return real()

    setattr(sender, method, fail)
    world.run(sender)
    check_stopped(world, sender)


@pytest.mark.parametrize("what", ["logger", "emit"])
def test_stop_masked_by_notices_that_fail(world, what):
    populate(world)
    sender = StoppingSender(world, stop_after=5)

    def fail(*_args, **_kwargs):
        raise RuntimeError("masked")

    if what == "logger":
        world.logger.handle = fail
        world.run(sender)
    else:
        world.run(sender, emit=fail)
    check_stopped(world, sender)


def test_stop_masked_by_a_chained_error(world):
    """The stop arrives wrapped: an error of the sender, raised while it was stopping."""
    populate(world)
    sender = StoppingSender(world)

    def wrap(offer):
        if offer >= 4:
            sender.is_stopped = True
            try:
                raise ServiceStoppedError
            except ServiceStoppedError as stop:
                raise RuntimeError("masked") from stop

    sender.on_enqueue = wrap
    world.run(sender)
    check_stopped(world, sender)
    assert sender.offers <= 4 + PER_FILE


@pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit, GeneratorExit])
def test_stop_masked_is_no_clean_up_when_the_process_is_interrupted(world, stop):
    """What no pass may swallow passes through, and cleans nothing on its way."""
    populate(world)

    def interrupt(offer):
        if offer == 4:
            raise stop

    sender = Sender(on_enqueue=interrupt)
    with pytest.raises(stop):
        world.build(sender).collect()
    assert len(left(world)) >= 3 + 3 * FILES - 2


def test_stop_masked_a_sender_that_cannot_answer_counts_as_stopped(world):
    world.write("1.json", event())

    class Unsure(Sender):
        asked = 0

        def stopped(self):
            self.asked += 1
            if self.asked > 1:
                raise OSError("cannot say")
            return False

    outcome = world.run(Unsure())
    assert outcome.accepted == []
    assert world.names() == ["1.json"]


def test_stop_before_a_sender_without_a_name(world):
    class Nameless(Sender):
        def get_thread_name(self):
            raise ValueError("no name")

    text = world.run(Nameless(stop_after=0)).notice("sender-stopped").text
    assert text == "ValueError: no name service is not running, skipping current iteration"
