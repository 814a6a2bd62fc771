"""The log and the embedding agent's telemetry: consumers of a report, whose failures are their own.

At most so many records an extension a pass (report.log-bound), the drops of an extension in one record and one notice,
as operators know them, and the same error text at most once an hour, also when several alternate (run.error-rate).
"""

import contextlib
import logging
import time

from .notices import drops
from .notices import notice as make_notice

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict, Iterable, Iterator, List, Optional

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
        told = list(_joined(report.notices))
        records = {}  # type: Dict[Optional[str], int]
        for notice in told:
            if notice.kind == "error" and self._is_repeated(notice.text):
                continue
            extension = notice.extension
            records[extension] = records.get(extension, 0) + 1
            if extension is None or records[extension] <= self._config.max_log_records:
                level = logging.INFO if notice.kind == "collected" else logging.WARNING
                with contextlib.suppress(Exception):
                    self._config.logger.log(level, "%s", notice.text)
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


def _joined(notices: "Iterable[Notice]") -> "Iterator[Notice]":
    """The notices, the drops of an extension as one of them: with no reason of its own where there are several."""
    together = {}  # type: Dict[str, List[Notice]]
    for notice in notices:
        if notice.kind == "drops":
            together.setdefault(notice.extension, []).append(notice)
    for notice in notices:
        if notice.kind != "drops":
            yield notice
        elif notice is together[notice.extension][0]:
            yield _of_several(notice.extension, together[notice.extension])


def _of_several(handler: str, told: "List[Notice]") -> "Notice":
    if len(told) == 1:
        return told[0]
    counts = {notice.reason: notice.count for notice in told}
    return make_notice("drops", drops(handler, counts), sum(counts.values()), handler)
