"""The thread that makes the passes, with the interface that the Linux agent expects of its handlers.

Each kind of pass is due a period after its last one ended, by the monotonic clock. Setting the wall
clock neither stalls nor bursts it (run.periods, run.clock-step). Agent events come first, as they
are never many. A stop wakes the thread from any wait, and is seen between any two files
(run.stop-prompt).
"""

import threading
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Optional

    from .collector import Collector

THREAD_NAME = "TelemetryEventsCollector"
_JOIN = 4.5  # seconds that stop() waits for a pass in progress
_LONGEST_WAIT = 3600.0


class Service:
    """One daemon thread; once stopped it is not started again."""

    def __init__(self, collector: "Collector", stop: threading.Event) -> None:
        self._stop = stop
        self._thread = None  # type: Optional[threading.Thread]
        self._operations = [_Operation(collector.collect_agent_events, collector.config.agent_events_period)]
        if collector.config.extension_events:
            self._operations.append(_Operation(collector.collect, collector.config.period))

    @staticmethod
    def get_thread_name() -> str:
        return THREAD_NAME

    def run(self) -> None:
        self.start()

    def start(self) -> None:
        """Starts the thread, unless it runs or has been stopped."""
        if not self.stopped() and not self.is_alive():
            self._thread = threading.Thread(target=self._daemon, name=THREAD_NAME, daemon=True)
            self._thread.start()

    def is_alive(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def keep_alive(self) -> bool:
        """Whether the embedding agent should start a thread that died again."""
        return not self.stopped()

    def stop(self) -> None:
        """Stops for good, and waits for the thread, if a pass is in progress a few seconds at most."""
        self._stop.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(_JOIN)

    def stopped(self) -> bool:
        return self._stop.is_set()

    def _daemon(self) -> None:
        for operation in self._operations:
            operation.due = time.monotonic()
        while not self.stopped():
            for operation in self._operations:
                if not self.stopped() and time.monotonic() >= operation.due:
                    operation.run()
            wait = min(operation.due for operation in self._operations) - time.monotonic()
            self._stop.wait(min(max(wait, 0.0), _LONGEST_WAIT))


class _Operation:
    """One kind of pass, which lets no error out, and when it is due."""

    def __init__(self, make_pass: "Callable[[], object]", period: float) -> None:
        self._make_pass = make_pass
        self._period = period
        self.due = 0.0

    def run(self) -> None:
        self._make_pass()
        self.due = time.monotonic() + self._period
