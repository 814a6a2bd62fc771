"""Threads on the virtual clock: the same order every time, no real waiting, real waits named."""

# ruff: noqa: PLW0108 - the functions stand further down

from __future__ import annotations

import concurrent.futures
import datetime
import itertools
import os
import queue
import sys
import threading
import time
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from etp_kit.simulator.base.units import EPOCH, SECOND
from etp_kit.simulator.world import rebind
from etp_kit.simulator.world.clock import CLOCK
from etp_kit.simulator.world.signals import Killed, Stuck, TimeUp
from etp_kit.simulator.world.threads import Conductor, VirtualLock

from .child import in_child
from .worlds import fake_stage

S = SECOND
DAY = 86_400 * S


def conducted(function: Callable[[Conductor], Any], patience: float = 5.0) -> Any:
    """The function's result in a process with a frozen clock and an active conductor."""

    def work() -> Any:
        CLOCK.install()
        with Conductor(CLOCK, patience) as conductor:
            return function(conductor)

    return in_child(work)


def started(conductor: Conductor, function: Callable[..., Any], *args: Any, name: str = "worker") -> threading.Thread:
    thread = threading.Thread(target=function, args=args, name=name, daemon=True)
    conductor.call(thread.start)
    return thread


def now() -> float:
    return CLOCK.now / S


# --- waits ----------------------------------------------------------------------------------------------------------------


def test_a_day_of_a_periodic_thread_takes_no_time() -> None:
    def day(conductor: Conductor) -> Any:
        passes: list[float] = []
        stop = threading.Event()

        def collector() -> None:
            while not stop.wait(300):
                passes.append(time.monotonic())

        started(conductor, collector)
        conductor.run(DAY)
        stop.set()
        conductor.run(DAY)
        return passes, conductor.alive(), CLOCK.now

    passes, alive, end = conducted(day)
    assert len(passes) == 288
    assert {round(b - a, 6) for a, b in itertools.pairwise(passes)} == {300.0}
    assert alive == []
    assert end == DAY


WAITS: dict[str, Callable[[], Any]] = {
    "sleep": lambda: time.sleep(7),
    "event": lambda: threading.Event().wait(7),
    "condition": lambda: _condition_wait(threading.Condition()),
    "condition of a lock": lambda: _condition_wait(threading.Condition(threading.Lock())),
    "wait_for": lambda: _wait_for(),
    "queue": lambda: _raises(queue.Empty, lambda: queue.Queue().get(timeout=7)),
    "full queue": lambda: _full_queue(),
    "simple queue": lambda: _raises(queue.Empty, lambda: queue.SimpleQueue().get(timeout=7)),
    "lock": lambda: _locked(threading.Lock()),
    "semaphore": lambda: threading.Semaphore(0).acquire(timeout=7),
    "barrier": lambda: _raises(threading.BrokenBarrierError, lambda: threading.Barrier(2).wait(7)),
    "join": lambda: _joined(),
    "future": lambda: _raises(concurrent.futures.TimeoutError, lambda: concurrent.futures.Future().result(7)),
}


def _raises(kind: type[BaseException], function: Callable[[], Any]) -> bool:
    with pytest.raises(kind):
        function()
    return False


def _condition_wait(condition: threading.Condition) -> bool:
    with condition:
        return condition.wait(7)


def _wait_for() -> bool:
    condition = threading.Condition()
    with condition:
        return condition.wait_for(lambda: False, 7)


def _full_queue() -> bool:
    full: queue.Queue[int] = queue.Queue(1)
    full.put(1)
    return _raises(queue.Full, lambda: full.put(2, timeout=7))


def _locked(lock: Any) -> bool:
    lock.acquire()
    return bool(lock.acquire(True, 7))


def _joined() -> bool:
    thread = threading.Thread(target=lambda: time.sleep(100), daemon=True)
    thread.start()
    thread.join(7)
    return not thread.is_alive()


@pytest.mark.parametrize("name", WAITS)
def test_a_wait_with_a_time_out_takes_its_virtual_time(name: str) -> None:
    def waiting(conductor: Conductor) -> Any:
        begin = now()
        result = conductor.call(WAITS[name])
        return result, now() - begin

    assert conducted(waiting) in [(False, 7.0), (None, 7.0)]


def test_a_wait_ends_when_what_it_waits_for_happens() -> None:
    def waiting(conductor: Conductor) -> Any:
        told: list[Any] = []
        event, lock, box = threading.Event(), threading.Lock(), queue.Queue[str]()
        lock.acquire()
        started(conductor, lambda: told.append(("event", event.wait(100), now())))
        started(conductor, lambda: told.append(("lock", lock.acquire(timeout=100), now())))
        started(conductor, lambda: told.append(("box", box.get(timeout=100), now())))
        sleeper = started(conductor, time.sleep, 3)
        started(conductor, lambda: told.append(("join", sleeper.join(100), now())))
        timer = threading.Timer(5, lambda: told.append(("timer", now())))
        conductor.call(timer.start)
        cancelled = threading.Timer(5, lambda: told.append("never"))
        conductor.call(cancelled.start)
        conductor.run(1 * S)
        event.set()
        cancelled.cancel()
        conductor.run(2 * S)
        lock.release()
        box.put("x")
        conductor.run(10 * S)
        return told, conductor.alive()

    told, alive = conducted(waiting)
    assert told == [("event", True, 1.0), ("lock", True, 2.0), ("box", "x", 2.0), ("join", None, 3.0), ("timer", 5.0)]
    assert alive == []


def test_the_driver_never_waits() -> None:
    def driver(conductor: Conductor) -> Any:
        for wait in (lambda: time.sleep(1), lambda: threading.Event().wait(1), lambda: queue.Queue().get()):
            with pytest.raises(RuntimeError, match="the driver never"):
                wait()
        lock = threading.Lock()
        return lock.acquire(), lock.acquire(False), lock.acquire(timeout=0), lock.locked(), lock.release(), CLOCK.now

    assert conducted(driver) == (True, False, False, True, None, 0)


def test_locks_refuse_what_the_genuine_ones_refuse() -> None:
    def refused(conductor: Conductor) -> Any:
        lock = threading.Lock()
        assert isinstance(lock, VirtualLock)
        for call in (lambda: lock.acquire(False, 1), lambda: lock.acquire(True, -2)):
            with pytest.raises(ValueError, match="timeout"):
                call()
        with pytest.raises(RuntimeError, match="release unlocked lock"):
            lock.release()
        thread = threading.Thread(target=lambda: None)
        thread.start()
        with pytest.raises(RuntimeError, match="threads can only be started once"):
            thread.start()
        with pytest.raises(RuntimeError, match="cannot join current thread"):
            conductor.call(lambda: threading.current_thread().join())

    conducted(refused)


def test_recursive_locks_are_recursive() -> None:
    def recursive(conductor: Conductor) -> Any:
        told = []
        lock = threading.RLock()

        def holder() -> None:
            with lock, lock:
                time.sleep(5)
            told.append(("holder", now()))

        def other() -> None:
            with lock:
                told.append(("other", now()))

        started(conductor, holder)
        started(conductor, other)
        conductor.run(10 * S)
        return told

    assert conducted(recursive) == [("holder", 5.0), ("other", 5.0)]


def test_a_pool_of_threads_works() -> None:
    def pool(conductor: Conductor) -> Any:
        def work() -> Any:
            with concurrent.futures.ThreadPoolExecutor(2) as executor:
                return list(executor.map(lambda seconds: (time.sleep(seconds), now())[1], [3, 1, 1]))

        return conductor.call(work)

    assert conducted(pool) == [3.0, 1.0, 2.0]


# --- order ----------------------------------------------------------------------------------------------------------------


def _crowd(conductor: Conductor) -> list[str]:
    told: list[str] = []
    lock, box = threading.Lock(), queue.Queue[str](2)

    def member(number: int) -> None:
        for step in range(20):
            with lock:
                told.append(f"{number}.{step}@{now():g}")
                time.sleep((number * 7 + step) % 5 / 10)
            if number % 2:
                box.put(f"from {number}")
            else:
                told.append(box.get())
            time.sleep(0)

    for number in range(8):
        started(conductor, member, number, name=f"member-{number}")
    conductor.run(1_000 * S)
    assert conductor.alive() == []
    return told


def test_many_threads_have_one_order() -> None:
    def eagerly(conductor: Conductor) -> list[str]:
        sys.setswitchinterval(1e-6)
        return _crowd(conductor)

    first = conducted(_crowd)
    assert len(first) == 8 * 20 + 4 * 20
    assert all(conducted(eagerly) == first for _ in range(3))


def test_deadlines_at_one_instant_end_in_the_order_of_their_waits() -> None:
    def same_time(conductor: Conductor) -> Any:
        told: list[int] = []
        for number in range(5):
            started(conductor, lambda n=number: (time.sleep(10), told.append(n)))
        conductor.run(20 * S)
        return told

    assert conducted(same_time) == [0, 1, 2, 3, 4]


# --- clocks ---------------------------------------------------------------------------------------------------------------


def test_wall_clock_steps_move_no_deadline_and_no_monotonic_clock() -> None:
    def stepped(conductor: Conductor) -> Any:
        told: list[Any] = []

        def collector() -> None:
            box: queue.Queue[int] = queue.Queue()
            for _ in range(3):
                try:
                    box.get(timeout=100)
                except queue.Empty:
                    told.append((time.monotonic(), time.perf_counter(), time.time() - EPOCH / S, now()))

        started(conductor, collector)
        conductor.run(50 * S)
        CLOCK.step_wall(-86_400 * S)
        conductor.run(150 * S)
        CLOCK.step_wall(2 * 86_400 * S)
        conductor.run(400 * S)
        return told

    assert conducted(stepped) == [
        (1_100.0, 1_100.0, 100.0 - 86_400, 100.0),
        (1_200.0, 1_200.0, 200.0 + 86_400, 200.0),
        (1_300.0, 1_300.0, 300.0 + 86_400, 300.0),
    ]


def test_every_clock_stands_still_and_moves_together() -> None:
    def clocks() -> Any:
        CLOCK.install()
        CLOCK.advance(1_500_000_000)
        CLOCK.step_wall(10 * S)
        wall = EPOCH + 1_500_000_000 + 10 * S
        assert time.time_ns() == time.clock_gettime_ns(time.CLOCK_REALTIME) == CLOCK.wall == wall
        assert time.time() == time.clock_gettime(time.CLOCK_REALTIME) == wall / S
        assert time.monotonic_ns() == time.perf_counter_ns() == time.clock_gettime_ns(time.CLOCK_MONOTONIC)
        assert time.monotonic() == time.clock_gettime(time.CLOCK_MONOTONIC) == 1_001.5
        assert datetime.datetime.now(datetime.UTC).isoformat() == "2026-01-05T00:00:11.500000+00:00"
        assert time.strftime("%H:%M:%S", time.gmtime()) == "00:00:11"
        assert threading._time is queue.time is time.monotonic
        time.sleep(2.25)
        assert CLOCK.now == 3_750_000_000
        with pytest.raises(ValueError, match="non-negative"):
            time.sleep(-1)
        CLOCK.reset()
        return time.time_ns() == EPOCH, CLOCK.now

    assert in_child(clocks) == (True, 0)


def test_functions_of_time_bound_early_are_found() -> None:
    def early() -> Any:
        module = types.ModuleType("early")
        exec(
            "from time import sleep, monotonic\nclass A:\n    clock = staticmethod(monotonic)\ndef f(s=sleep): s(3)\n",
            module.__dict__,
        )
        CLOCK.install()
        left = rebind(module)
        vars(module)["f"]()
        return left, vars(module)["A"].clock(), vars(module)["monotonic"]()

    assert in_child(early) == ([], 1_003.0, 1_003.0)


# --- what goes wrong ------------------------------------------------------------------------------------------------------


def test_a_thread_in_a_real_blocking_call_is_named() -> None:
    def stuck(conductor: Conductor) -> Any:
        reader, _ = os.pipe()
        thread = threading.Thread(target=lambda: os.read(reader, 1), name="TelemetryEventsCollector", daemon=True)
        thread.start()
        with pytest.raises(Stuck) as caught:
            conductor.run(S)
        return str(caught.value)

    told = conducted(stuck, patience=0.2)
    assert "TelemetryEventsCollector" in told
    assert f"{Path(__file__).name}:" in told


def test_a_thread_that_computes_is_not_stuck() -> None:
    def computing(conductor: Conductor) -> Any:
        def work() -> int:
            begin = time.process_time()
            while time.process_time() - begin < 0.3:
                pass
            return 5

        return conductor.call(work)

    assert conducted(computing, patience=0.05) == 5


def test_what_can_never_happen_is_told_and_not_waited_for() -> None:
    def never(conductor: Conductor) -> Any:
        with pytest.raises(Stuck, match="never happen"):
            conductor.call(lambda: threading.Event().wait())
        with pytest.raises(TimeUp, match="60 s"):
            conductor.call(lambda: time.sleep(61), within=60 * S)
        return now()

    assert conducted(never) == 0.0


def test_turning_in_circles_is_told() -> None:
    def circles(conductor: Conductor) -> Any:
        def spin() -> None:
            while True:
                time.sleep(0)

        threading.Thread(target=spin, daemon=True).start()
        with pytest.raises(TimeUp, match="no time at all"):
            conductor.run(S)

    conducted(circles)


def test_errors_of_a_call_come_back_and_those_of_threads_go_to_the_hook() -> None:
    def errors(conductor: Conductor) -> Any:
        told: list[Any] = []
        threading.excepthook = lambda args: told.append((args.exc_type, args.thread.name if args.thread else ""))
        with pytest.raises(KeyError):
            conductor.call(lambda: {}["x"])
        started(conductor, lambda: 1 / 0, name="dividing")
        started(conductor, sys.exit, name="leaving")
        conductor.run(S)
        return [(kind.__name__, name) for kind, name in told], conductor.alive()

    assert conducted(errors) == ([("ZeroDivisionError", "dividing")], [])


def test_a_crash_in_one_thread_ends_all_at_their_waits() -> None:
    def crash() -> Any:
        CLOCK.install()
        stage = fake_stage()
        told: list[str] = []

        def bystander() -> None:
            try:
                time.sleep(1_000)
                told.append("slept")
            finally:
                try:
                    os.unlink(f"{stage.root}/d/1.json")
                    told.append("cleaned up")
                except Killed:
                    pass

        def stubborn() -> None:
            while True:
                try:
                    threading.Event().wait(1)
                except BaseException:
                    continue

        def victim() -> None:
            time.sleep(5)
            os.stat(f"{stage.root}/d")

        def die() -> None:
            raise Killed("here")

        stage.listener.acts[0] = die
        with Conductor(CLOCK) as conductor:
            conductor.seam = stage.seam
            for function in (bystander, stubborn, victim):
                threading.Thread(target=function, name=function.__name__, daemon=True).start()
            conductor.run(100 * S)
            died = [(name, type(error).__name__) for name, error in conductor.errors()]
            return died, told, conductor.alive(), stage.names("d").count("1.json"), stage.listener.trace

    assert in_child(crash) == ([("victim", "Killed")], [], [], 1, ["stat d"])


def test_the_driver_is_not_heard_at_the_seam_and_its_threads_are() -> None:
    def both() -> Any:
        CLOCK.install()
        stage = fake_stage()
        with Conductor(CLOCK) as conductor:
            conductor.seam = stage.seam

            def collector() -> None:
                while True:
                    os.listdir(f"{stage.root}/d")
                    time.sleep(300)

            threading.Thread(target=collector, daemon=True).start()
            for i in range(3):
                conductor.run(i * 300 * S)
                assert os.path.exists(__file__)
            return stage.listener.trace

    assert in_child(both) == ["listdir d"] * 3


def test_without_an_active_conductor_threads_are_genuine() -> None:
    def genuine() -> Any:
        CLOCK.install()
        with Conductor(CLOCK):
            pass
        told: list[int] = []
        thread = threading.Thread(target=told.append, args=(1,))
        thread.start()
        thread.join()
        box: queue.SimpleQueue[int] = queue.SimpleQueue()
        box.put(2)
        return told, thread.is_alive(), box.get(), type(threading.Lock()).__name__, threading.Event().is_set()

    assert conducted(lambda _: None) is None
    assert in_child(genuine) == ([1], False, 2, "lock", False)
