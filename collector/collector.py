"""The collector: passes over extension and agent events for one sender, and what lasts between them."""

import json
import threading
import time

from .agentsweep import agent_sweep
from .config import AGENT_EVENTS_DIR, AT_LEAST_ONCE, DELIVERY, LOG_DIR, SETTINGS, configure
from .errors import describe
from .log import Log
from .notices import notice
from .outlet import Outlet
from .report import Report
from .service import Service
from .sweep import Sweep
from .text import printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Optional

    from .config import Config

_FRAMES = 60  # what a pass needs of the stack, and some
_DEPTH = 150  # 100 levels of nesting must be read (read.malformed)


class Collector:
    """Makes passes when it is asked to; `service()` makes them by the clock. Not for use by two threads at once."""

    def __init__(self, config: "Config", sender: "Any", stop: "Optional[threading.Event]" = None) -> None:
        self.config = config
        self._sender = sender
        self._stop = stop
        self._log = Log(config)
        self._remembered = {}  # type: Dict[str, Dict[str, Any]]
        self._remembered_agent = {}  # type: Dict[str, Any]
        self._outlet = Outlet(sender, stop.is_set if stop else bool)  # bool() is False

    def collect(self) -> Report:
        """One pass over the extension events. No Exception gets out (run.errors)."""
        if not self.config.extension_events:
            return Report((), {})
        return self._pass(lambda: Sweep(self.config, self._outlet, self._remembered, self._wait).run())

    def collect_agent_events(self) -> Report:
        """One pass over the agent events. No Exception gets out."""
        path = self.config.agent_events_dir
        if path is None:
            return Report((), {})
        return self._pass(lambda: agent_sweep(path, self.config, self._outlet, self._remembered_agent, self._wait))

    def service(self) -> Service:
        """The thread that makes the passes periodically, with a collector of its own."""
        stop = threading.Event()
        return Service(Collector(self.config, self._sender, stop), stop)

    def _pass(self, make: "Callable[[], Report]") -> Report:
        try:
            if self._outlet.ask():
                text = f"{printable(self._outlet.name())} service is not running, skipping current iteration"
                report = Report((notice("sender-stopped", text),), {})
            else:
                _probe_stack(_FRAMES)
                report = make()
        except Exception as error:
            text = f"Unknown error occurred when trying to collect events: {printable(describe(error))}"
            report = Report((notice("error", text),), {})
        try:
            self._log.write(report)
        except Exception:
            return report  # the log failed, not the pass
        return report

    def _wait(self, seconds: float) -> None:
        if self._stop is not None:
            self._stop.wait(seconds)
        else:
            time.sleep(seconds)


def _probe_stack(frames: int) -> None:
    """Raises RecursionError where the caller has left too little of the stack. A file that cannot
    be parsed for that would be taken for malformed, and removed.
    """
    if frames:
        _probe_stack(frames - 1)
    else:
        json.loads("[" * _DEPTH + "]" * _DEPTH)


class Factory:
    """`build(log_dir, agent_events_dir, sender, **settings)` makes a collector."""

    def __init__(self) -> None:
        self.capabilities = {
            "protocol": 1,
            "settings": list(SETTINGS),
            "quota": 360,
            "delivery": list(DELIVERY),
            "agent_events": True,
            "redaction": True,
            "integer_pids": True,
            "service": True,
            "notices": True,
            "ledger": True,
        }  # type: Dict[str, Any]

    def __call__(self, log_dir: "Any", agent_events_dir: "Any", sender: "Any", **settings: "Any") -> Collector:
        """`agent_events_dir` may be None. Raises ValueError for settings that make no sense, TypeError for others."""
        config = configure(log_dir, agent_events_dir, **settings)
        needed = ["enqueue_event", "stopped", "get_thread_name"]
        if config.delivery == AT_LEAST_ONCE:
            needed.append("flush")
        for name in needed:
            if not callable(getattr(sender, name, None)):
                raise ValueError(f"sender must have {name}() for delivery={config.delivery!r}")
        return Collector(config, sender)


build = Factory()


def get_collect_telemetry_events_handler(sender: "Any") -> Service:
    """The service with the defaults, under the name by which the Linux agent makes its own."""
    return build(LOG_DIR, AGENT_EVENTS_DIR, sender).service()
