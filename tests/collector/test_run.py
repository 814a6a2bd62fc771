"""run.*: the schedule and the thread, on the frozen clock where time matters, in real time where
promptness does.
"""

import gc
import locale
import logging
import os
import random
import signal
import socket
import sys
import threading
import time
import warnings

import pytest

from etp_kit import collector

from .clocks import VirtualService
from .samples import event
from .senders import FlushingSender, Sender, ServiceStoppedError
from .worlds import World

TELEMETRY = {"eventId": 1, "providerId": "p", "parameters": [{"name": "Name", "value": "x"}]}


class TimingSender(Sender):
    """At which second each pass handed something over, by kind of event."""

    def __init__(self, clock, **script):
        super().__init__(**script)
        self.clock = clock
        self.passes = {"extension": [], "agent": []}

    def enqueue_event(self, handed):
        kind = "extension" if handed.eventId == 7 else "agent"
        self.passes[kind].append(self.clock.elapsed)
        super().enqueue_event(handed)


class Feeder:
    """Puts one file of each kind in place whenever there is none, so that every pass shows itself."""

    def __init__(self, world):
        self.world = world
        self()

    def __call__(self):
        self.world.write("1.json", event())
        self.world.tld("1.waagent.tld", TELEMETRY)


def play(world, clock, horizon, at_wait=None, sender=None, **settings):
    """A service on the frozen clock until the horizon; returns the seconds of its passes."""
    feed = Feeder(world)
    sender = sender or TimingSender(clock)

    def between():
        feed()
        if at_wait is not None:
            at_wait()

    VirtualService(clock, horizon, between).run(world.build(sender, **settings).service())
    return sender.passes


def multiples(period, horizon):
    return [float(second) for second in range(0, horizon + 1, period)]


def test_run_periods(world, clock):
    passes = play(world, clock, 3630)
    assert passes["extension"] == multiples(300, 3630)
    assert passes["agent"] == multiples(60, 3630)


def test_run_periods_as_set(world, clock):
    passes = play(world, clock, 101, period=20.0, agent_events_period=7.0)
    assert passes["extension"] == multiples(20, 101)
    assert passes["agent"] == multiples(7, 101)


def test_run_periods_the_first_at_once(world, clock):
    passes = play(world, clock, 1)
    assert passes == {"extension": [0.0], "agent": [0.0]}


def test_run_periods_count_from_the_end_of_the_last_pass(world, clock):
    """A torn file in each extension pass makes it last 2 s."""

    def tear():
        world.write("0.json", b"[")

    tear()
    passes = play(world, clock, 1300, at_wait=lambda: clock.waits[-1] > 1.0 and tear())
    assert passes["extension"] == [0.0, 302.0, 604.0, 906.0, 1208.0]


def test_run_errors_escape_no_pass(world, clock):
    failing = {"on": True}

    class Failing(TimingSender):
        def stopped(self):
            if failing["on"]:
                raise RuntimeError("not now")
            return super().stopped()

    def heal():
        failing["on"] = clock.elapsed < 510

    passes = play(world, clock, 1000, heal, Failing(clock))
    assert passes["extension"] == [600.0, 900.0]
    assert min(passes["agent"]) == 540.0


@pytest.mark.parametrize(
    "source", ["common_parameters", "stopped", "get_thread_name", "enqueue_event", "logger", "emit"]
)
@pytest.mark.parametrize("method", ["collect", "collect_agent_events"])
@pytest.mark.parametrize(
    "error", [RuntimeError("odd"), OSError(5, "odd"), MemoryError(), RecursionError("odd"), StopIteration()], ids=repr
)
def test_run_errors_of_what_the_agent_gives(world, source, method, error):
    def fail(*_args, **_kwargs):
        raise error

    world.write("1.json", [event(), event(Message="")])
    world.tld("1.tld", TELEMETRY)
    world.tld("2.tld", [])
    sender = Sender()
    settings = {}
    if source in ("common_parameters", "emit"):
        settings[source] = fail
    elif source == "logger":
        world.logger.handle = fail
    else:
        setattr(sender, source, fail)
    subject = world.build(sender, **settings)
    for _ in range(2):
        assert getattr(subject, method)() is not None


@pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit])
@pytest.mark.parametrize("method", ["collect", "collect_agent_events"])
def test_run_errors_pass_through_that_no_pass_may_swallow(world, stop, method):
    def interrupt(_offer):
        raise stop

    world.write("1.json", event())
    world.tld("1.waagent.tld", TELEMETRY)
    with pytest.raises(stop):
        getattr(world.build(Sender(on_enqueue=interrupt)), method)()


@pytest.mark.parametrize("texts", [["one"], ["one", "two"], ["one", "two", "three", "four", "five"]])
def test_run_error_rate(world, clock, texts):
    """Thirteen hours of failing passes: each text at most once an hour."""
    turn = []

    class Failing(TimingSender):
        def stopped(self):
            turn.append(1)
            raise RuntimeError(f"the sender fails: {texts[len(turn) % len(texts)]}!")

    hours = 13
    play(world, clock, hours * 3600, sender=Failing(clock))
    assert len(turn) > 13 * 60
    for text in texts:
        found = [record for record in world.records if f"fails: {text}!" in record]
        assert 1 <= len(found) <= hours + 1
    assert len(world.records) <= len(texts) * (hours + 1) * 2


def test_run_error_rate_remembers_a_bounded_number_of_texts(world, clock):
    """Texts that never repeat are each logged; nobody keeps them for ever."""
    turn = []

    class Failing(TimingSender):
        def stopped(self):
            turn.append(1)
            raise RuntimeError(f"number {len(turn)}!")

    play(world, clock, 3600, sender=Failing(clock))
    assert len(turn) > 50


def names_of_threads():
    return [thread.name for thread in threading.enumerate()]


def test_run_thread_interface(tmp_path):
    world = World(tmp_path)
    service = world.build(Sender()).service()
    assert service.get_thread_name() == "TelemetryEventsCollector"
    assert not service.is_alive()
    assert not service.stopped()
    service.run()
    try:
        assert service.is_alive()
        (thread,) = [thread for thread in threading.enumerate() if thread.name == "TelemetryEventsCollector"]
        assert thread.daemon
    finally:
        service.stop()
    assert service.stopped()
    assert not service.is_alive()
    assert "TelemetryEventsCollector" not in names_of_threads()


def test_run_thread_start_starts_it_too(tmp_path):
    service = World(tmp_path).build(Sender()).service()
    service.start()
    assert service.is_alive()
    service.stop()
    assert not service.is_alive()


def test_run_thread_there_is_one(tmp_path):
    service = World(tmp_path).build(Sender()).service()
    service.run()
    service.run()
    service.start()
    try:
        assert names_of_threads().count("TelemetryEventsCollector") == 1
    finally:
        service.stop()


def test_run_thread_once_stopped_it_is_not_started_again(tmp_path):
    service = World(tmp_path).build(Sender()).service()
    service.run()
    service.stop()
    service.run()
    service.start()
    assert not service.is_alive()
    assert service.stopped()


def test_run_thread_stop_before_start(tmp_path):
    service = World(tmp_path).build(Sender()).service()
    service.stop()
    assert service.stopped()
    service.run()
    assert not service.is_alive()


def test_run_thread_stop_twice(tmp_path):
    service = World(tmp_path).build(Sender()).service()
    service.run()
    service.stop()
    service.stop()
    assert not service.is_alive()


def test_run_thread_handler_of_an_agent():
    service = collector.get_collect_telemetry_events_handler(Sender())
    for name in ("run", "start", "is_alive", "stop", "stopped", "get_thread_name"):
        assert callable(getattr(service, name))


def test_run_feature_off(world, clock):
    passes = play(world, clock, 1000, extension_events=False)
    assert passes["extension"] == []
    assert passes["agent"] == multiples(60, 1000)
    assert world.names() == ["1.json"]


def seconds_to_stop(service):
    begun = time.monotonic()
    service.stop()
    took = time.monotonic() - begun
    assert not service.is_alive()
    return took


def test_run_stop_prompt_when_idle(tmp_path):
    world = World(tmp_path)
    world.write("1.json", event())
    arrived = threading.Event()
    service = world.build(Sender(on_enqueue=lambda _offer: arrived.set())).service()
    service.run()
    assert arrived.wait(20)
    while world.names():
        time.sleep(0.01)
    assert seconds_to_stop(service) < 1.0


def test_run_stop_prompt_inside_a_retry_wait(tmp_path):
    """The torn file is kept, as every file not begun."""
    world = World(tmp_path)
    world.write("1.json", event())
    world.write("2.json", b"[{")
    arrived = threading.Event()
    service = world.build(Sender(on_enqueue=lambda _offer: arrived.set()), retry_delay=30.0, max_wait=60.0).service()
    service.run()
    assert arrived.wait(20)
    while "1.json" in world.names():
        time.sleep(0.01)
    assert seconds_to_stop(service) < 5.0
    assert world.names() == ["2.json"]


@pytest.mark.parametrize("delivery", ["at-most-once", "at-least-once"])
def test_run_stop_prompt_inside_a_pass(tmp_path, delivery):
    """stop() comes from another thread while an event is handed over; the files not begun are kept."""
    world = World(tmp_path)
    for name in range(200):
        world.write(f"{name}.json", event())
    inside, release = threading.Event(), threading.Event()

    def hold(_offer):
        inside.set()
        assert release.wait(20)

    sender = FlushingSender(on_enqueue=hold)
    service = world.build(sender, delivery=delivery).service()
    service.run()
    assert inside.wait(20)
    threading.Timer(0.2, release.set).start()
    assert seconds_to_stop(service) < 5.0
    assert len(sender.accepted) <= 3
    assert len(world.names()) >= 197


def test_run_stop_prompt_when_the_sender_hangs(tmp_path):
    """A sender that does not come back cannot keep stop() for ever: the thread is a daemon."""
    world = World(tmp_path)
    world.write("1.json", event())
    inside, release = threading.Event(), threading.Event()

    def hold(_offer):
        inside.set()
        release.wait(30)

    service = world.build(Sender(on_enqueue=hold)).service()
    service.run()
    assert inside.wait(20)
    begun = time.monotonic()
    service.stop()
    assert time.monotonic() - begun < 5.5
    release.set()


def test_run_stop_prompt_once_the_sender_stopped(tmp_path):
    world = World(tmp_path)
    world.write("1.json", event())
    asked = threading.Event()

    class Stopped(Sender):
        def stopped(self):
            asked.set()
            return True

        def enqueue_event(self, handed):
            raise ServiceStoppedError

    service = world.build(Stopped()).service()
    service.run()
    assert asked.wait(20)
    assert seconds_to_stop(service) < 1.0
    assert world.names() == ["1.json"]


@pytest.mark.parametrize("jump", [-86_400.0, 86_400.0, -1e9, 1e9])
def test_run_clock_step(world, clock, jump):
    """The wall clock jumps by a day and by decades, again and again; the schedule does not notice."""

    def step():
        if clock.waits[-1] > 1.0:
            clock.step = jump if clock.step == 0 else 0.0

    passes = play(world, clock, 1830, step)
    assert passes["extension"] == multiples(300, 1830)
    assert passes["agent"] == multiples(60, 1830)


def test_run_errors_of_the_log_are_not_the_passes(world, monkeypatch):
    world.write("1.json", event())
    sender = Sender()
    subject = world.build(sender)
    monkeypatch.setattr(subject._log, "write", lambda report: 1 / 0)
    assert len(world.run(sender, subject).accepted) == 1


def test_run_error_rate_of_more_texts_than_are_remembered(world, monkeypatch):
    monkeypatch.setattr(collector.log, "_MAX_TEXTS", 2)
    texts = iter("abcca")
    subject = world.build(Sender(), common_parameters=lambda: 1 / 0)
    told = []
    for text in texts:
        monkeypatch.setattr(collector.collector, "describe", lambda error, text=text: text)
        told += [(text, bool(world.run(subject=subject).records))]
    assert told == [("a", True), ("b", True), ("c", True), ("c", False), ("a", True)]


def test_run_feature_off_makes_no_extension_pass(world):
    world.write("1.json", event())
    outcome = world.run(extension_events=False)
    assert outcome.report == collector.Report((), {})
    assert world.names() == ["1.json"]


def test_run_interface_is_kept_alive_until_it_is_stopped(world):
    service = world.build(Sender()).service()
    assert service.keep_alive()
    service.stop()
    assert not service.keep_alive()


def _process():
    """What a collector could change for everybody."""
    root = logging.getLogger()
    handlers = {name: signal.getsignal(name) for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
    return (
        os.getcwd(),
        dict(os.environ),
        handlers,
        locale.setlocale(locale.LC_ALL),
        sys.stdout,
        sys.stderr,
        list(sys.path),
        sys.getrecursionlimit(),
        socket.getdefaulttimeout(),
        gc.isenabled(),
        gc.get_threshold(),
        (root.level, list(root.handlers), root.disabled),
        logging.root.manager.disable,
        list(warnings.filters),
        random.getstate(),
        threading.active_count(),
    )


@pytest.mark.parametrize("method", ["collect", "collect_agent_events"])
def test_run_guest_a_pass_leaves_the_process_as_it_was(world, method):
    world.write("1.json", [event(), event(Message="")])
    world.write("2.json", b"{")
    world.tld("1.tld", TELEMETRY)
    world.tld("2.tld", [])
    before = _process()
    getattr(world.build(Sender()), method)()
    assert _process() == before


def test_run_growth_nothing_is_kept_of_passes(world, monkeypatch):
    """Of thirty passes no more than of three: what is counted are objects."""
    sender = Sender()
    subject = world.build(sender)
    monkeypatch.setattr(world.logger, "disabled", True)  # pytest keeps what is logged

    def after(passes):
        for _ in range(passes):
            world.write("1.json", [event(), event(Message="")])
            world.tld("1.waagent.tld", TELEMETRY)
            subject.collect()
            subject.collect_agent_events()
        del sender.accepted[:], world.emitted[:]
        gc.collect()
        return len(gc.get_objects()), threading.active_count(), len(os.listdir("/proc/self/fd"))

    after(3)
    objects, threads, descriptors = after(3)
    later = after(30)
    assert later[1:] == (threads, descriptors)
    assert later[0] - objects < 15
