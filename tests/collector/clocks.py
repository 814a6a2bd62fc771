"""Frozen time: nothing waits in wall time.

`Clock` replaces the waiting calls and moves its own hands; a test may act *during* a wait.
"""

import threading
import time


class Clock:
    """Frozen time. `time.sleep` moves it, is listed in `waits`, and runs the action set for that
    wait.
    """

    START = 1767225600.0  # 2026-01-01T00:00:00Z

    def __init__(self, monkeypatch):
        self.elapsed = 0.0
        self.step = 0.0
        self.waits = []
        self.actions = {}
        self.patch = monkeypatch.setattr
        self.patch(time, "time", self.time)
        self.patch(time, "monotonic", self.monotonic)
        self.patch(time, "time_ns", lambda: int(self.time() * 1e9))
        self.patch(time, "monotonic_ns", lambda: int(self.monotonic() * 1e9))
        self.patch(time, "sleep", self.sleep)

    def time(self):
        return self.START + self.step + self.elapsed

    def monotonic(self):
        return 5000.0 + self.elapsed

    def sleep(self, seconds):
        self.waits.append(seconds)
        self.elapsed += seconds
        action = self.actions.get(len(self.waits))
        if action is not None:
            action()

    def during_wait(self, number, action):
        """Runs `action()` during the `number`-th wait, counted from 1."""
        self.actions[number] = action


class VirtualService:
    """The collector's thread on the frozen clock: each timed `Event.wait` of that thread moves the
    clock at once, until the horizon; there it waits in earnest for `stop()`. `at_wait()` runs in
    every wait.
    """

    def __init__(self, clock, horizon, at_wait=None):
        self.clock = clock
        self.horizon = horizon
        self.at_wait = at_wait
        self.reached = threading.Semaphore(0)
        self.real_wait = threading.Event.wait
        self.test_thread = threading.get_ident()
        clock.patch(threading.Event, "wait", lambda waited, timeout=None: self._wait(waited, timeout))

    def _wait(self, waited, timeout):
        if timeout is None or threading.get_ident() == self.test_thread:
            return self.real_wait(waited, timeout)
        if waited.is_set():
            return True
        left = self.horizon - self.clock.elapsed
        self.clock.waits.append(timeout)
        self.clock.elapsed += min(timeout, max(left, 0.0))
        if self.at_wait is not None:
            self.at_wait()
        if timeout < left:
            return waited.is_set()
        self.reached.release()
        return self.real_wait(waited, 30.0)

    def run(self, service):
        service.run()
        try:
            assert self.reached.acquire(timeout=30.0), "the service never came to its horizon"
        finally:
            service.stop()
        assert not service.is_alive()
