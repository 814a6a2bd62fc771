"""The collector of one agent: its settings, its sender, and what it remembers between passes."""

import time

from .config import SETTINGS, configure
from .delivery import Delivery
from .passes import collect
from .report import Report, publish


def _sleep(seconds):
    # type: (float) -> None
    time.sleep(seconds)  # looked up at each call: hosts and tests replace it


class Collector:
    """Made by ``build``. Not for two threads at once."""

    def __init__(self, config, sender):
        # type: (object, object) -> None
        self.config = config
        self._delivery = Delivery(sender)
        self._unremovable = {}  # type: dict

    def collect(self):
        # type: () -> Report
        """One pass over the extension events. Raises nothing that a pass can survive (run.errors)."""
        config = self.config
        report = collect(config, self._delivery, self._unremovable, _sleep)
        try:
            publish(report, config.logger, config.emit, config.max_log_records)  # type: ignore[attr-defined]
        except Exception:  # noqa: S110 - operators lose a notice, extensions lose nothing
            pass
        return report


def build(log_dir, agent_events_dir, sender, **settings):
    # type: (str, object, object, object) -> Collector
    """A collector of the extension events below ``log_dir`` for ``sender``.

    ``sender``: ``enqueue_event(event)``, ``stopped()``, ``get_thread_name()``, and ``flush()`` for at-least-once delivery.
    Settings: ``config.SETTINGS``. Raises ValueError or TypeError naming the setting that makes no sense.
    """
    return Collector(configure(log_dir, agent_events_dir, settings), sender)


#: What this collector can do, readable before one is built.
build.capabilities = {  # type: ignore[attr-defined]
    "protocol": 1,
    "settings": SETTINGS,
    "quota": 360,
    "delivery": ("at-most-once", "at-least-once"),
    "agent_events": False,
    "redaction": True,
    "integer_pids": True,
    "service": False,
    "notices": True,
    "ledger": True,
}
