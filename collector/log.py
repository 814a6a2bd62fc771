"""The log and the embedding agent's telemetry: consumers of a report, whose failures are their own.

An extension has at most so many records a pass (report.log-bound). Its drops are one record and one
event (report.drops). The same error text comes at most once an hour, also when several alternate
(run.error-rate).
"""

import contextlib
import logging
import time

from .notices import drops
from .notices import notice as noticed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict, Iterable, List, Optional

    from .config import Config
    from .report import Notice, Report

HOUR = 3600.0
_MAX_TEXTS = 1000  # error texts in memory; with more different ones in an hour, the oldest may come again early
_EMITTED = ("drops", "quota", "rejects", "work", "size", "failed", "irregular", "agent-drops")


class Log:
    """Writes reports to the configured logger and gives notices to `emit`; remembers errors between passes."""

    def __init__(self, config: "Config") -> None:
        self._config = config
        self._errors = {}  # type: Dict[str, float]

    def write(self, report: "Report") -> None:
        records = {}  # type: Dict[Optional[str], int]
        told = _joined(report.notices)
        for kind, extension, _, _, text in told:
            if kind == "error" and self._is_repeated(text):
                continue
            records[extension] = records.get(extension, 0) + 1
            if extension is None or records[extension] <= self._config.max_log_records:
                with contextlib.suppress(Exception):
                    self._config.logger.log(logging.INFO if kind == "collected" else logging.WARNING, "%s", text)
        if self._config.emit is not None:
            for notice in told:
                if notice.kind in _EMITTED:
                    with contextlib.suppress(Exception):
                        self._config.emit(notice)

    def _is_repeated(self, text: str) -> bool:
        now = time.monotonic()
        last = self._errors.get(text)
        if last is not None and 0 <= now - last < HOUR:
            return True
        self._errors.pop(text, None)
        if len(self._errors) >= _MAX_TEXTS:
            del self._errors[next(iter(self._errors))]
        self._errors[text] = now
        return False


def _joined(notices: "Iterable[Notice]") -> "List[Notice]":
    """The notices, those on the drops of an extension joined in one, which has their sum, and no
    reason of its own."""
    together = {}  # type: Dict[str, Dict[str, int]]
    for notice in notices:
        if notice.kind == "drops":
            together.setdefault(notice.extension, {})[notice.reason] = notice.count
    joined = []
    for notice in notices:
        if notice.kind != "drops":
            joined.append(notice)
        elif notice.extension in together:
            dropped = together.pop(notice.extension)
            text = drops(notice.extension, dropped)
            joined.append(noticed("drops", text, sum(dropped.values()), notice.extension))
    return joined
