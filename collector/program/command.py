"""The program: passes in a thread of their own, while the main one waits for a signal.

The first SIGTERM or SIGINT ends the pass between two files; the second ends the process as it is.
"""

import contextlib
import logging
import os
import random
import signal
import sys
import threading
import time

from ..collector import Collector
from ..config import AT_LEAST_ONCE
from ..service import Service
from .arguments import parse
from .exporter import Exporter
from .lines import LineSender
from .protocol import converse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Iterator, List, Optional

    from .arguments import Order
    from .sender import Sender

_STDOUT = 1
_LOOK = 5.0  # seconds between two looks at whether the thread lives
_JOIN = 4.5  # seconds that a stop waits for a pass; a request has less (deadline.GRACE)
_LEFT = 1
_LOST = 3
_TROUBLE = ("error", "sender-error", "sender-stopped", "log-dir", "agent-dir")  # kinds


class Once:
    """One pass of each kind, in a daemon thread: a reader that never reads must not keep a signal
    from ending it. `whole` tells whether they saw all that there was."""

    def __init__(self, collector: Collector, stop: threading.Event) -> None:
        self._collector = collector
        self._stop = stop
        self._thread = threading.Thread(target=self._passes, daemon=True)
        self.whole = False
        self.start = self._thread.start
        self.is_alive = self._thread.is_alive

    def _passes(self) -> None:
        try:
            told = self._collector.collect_agent_events().notices + self._collector.collect().notices
            self.whole = not self._stop.is_set() and all(notice.kind not in _TROUBLE for notice in told)
        finally:
            self._stop.set()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(_JOIN)


def main(arguments: "Optional[List[str]]" = None) -> int:
    """The exit code: 0 all delivered, 1 something is left in its files, 2 usage (by SystemExit), 3
    something is lost."""
    package = __name__.rpartition(".program.")[0]
    if (sys.argv[1:] if arguments is None else arguments) == ["--protocol"]:
        with _telling(logging.getLogger(package)):
            return converse(sys.stdin.buffer, _STDOUT)
    order = parse(f"python -m {package}", arguments, os.environ)
    if order.receiver is None and sys.stdout is None:
        print(f"python -m {package}: stdout is closed, nobody would get the events", file=sys.stderr)
        return 1
    stop = threading.Event()
    before = {number: signal.signal(number, _stopping(stop)) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        with _telling(order.config.logger):
            return _run(order, stop)
    finally:
        for number, action in before.items():
            signal.signal(number, action)


@contextlib.contextmanager
def _telling(logger: logging.Logger) -> "Iterator[None]":
    """Notices go to stderr meanwhile."""
    handler = _notices()
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        logger.removeHandler(handler)


def _run(order: "Order", stop: threading.Event) -> int:
    sender = _sender(order, stop)
    collector = Collector(order.config, sender, stop)
    work = Once(collector, stop) if order.once else Service(collector, stop)
    work.start()
    while work.is_alive():
        if stop.wait(_LOOK):
            break
    died = not stop.is_set()
    work.stop()
    if sender.lost:
        order.config.logger.warning("Ended with events that are lost")
        return _LOST
    if died or work.is_alive() or sender.left or (isinstance(work, Once) and not work.whole):
        order.config.logger.warning("Ended before all was delivered; what was not stays in its files")
        return _LEFT
    return 0


def _sender(order: "Order", stop: threading.Event) -> "Sender":
    if order.receiver is None:
        return LineSender(_STDOUT, stop, order.config.delivery == AT_LEAST_ONCE)
    return Exporter(order.receiver(stop), stop, order.config.logger, random.random)


def _stopping(stop: threading.Event) -> "Any":
    def act(number: int, _frame: object) -> None:
        stop.set()
        signal.signal(number, signal.SIG_DFL)

    return act


class _OneLine(logging.Formatter):
    """The contract's sentences have line breaks between their parts; a stream of notices has a line
    each."""

    def format(self, record: logging.LogRecord) -> str:
        return " ".join(part.strip() for part in super().format(record).split("\n"))


def _notices() -> logging.Handler:
    handler = logging.StreamHandler(sys.stderr)
    formatter = _OneLine("%(asctime)s.%(msecs)03dZ %(levelname)s %(message)s", "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    return handler
