"""What the collector logs, tapped where every record of the process passes."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from ..base import uncollected
from ..core import COLLECTOR
from .ear import Ear, text_of
from .log_records import told_log
from .recorder import Recorder


class LogTap(logging.Handler):
    """A handler for one run. ``handlers``: the names of which a record may tell.

    ``numbered``: a warning also tells which text it is, in order of first appearance: never the
    text.
    """

    def __init__(self, recorder: Recorder, ear: Ear, handlers: Sequence[str], *, numbered: bool = False) -> None:
        super().__init__()
        self._recorder = recorder
        self._ear = ear
        self._handlers = handlers
        self._texts: dict[str, int] | None = {} if numbered else None

    def emit(self, record: logging.LogRecord) -> None:
        text = text_of(record)
        self._ear.hear_record(record, text)
        told = told_log(record.levelname, text, self._handlers)
        if self._texts is not None and record.levelno >= logging.WARNING:
            told["text"] = self._texts.setdefault(record.getMessage(), len(self._texts))
        self._recorder.note(COLLECTOR, "log", "", told)

    @contextmanager
    def tapped(self) -> Iterator[None]:
        """Within this, collections of garbage and log handlers of others show in no history."""
        root = logging.getLogger()
        handlers, level = root.handlers[:], root.level
        root.handlers[:] = [self]
        if level != logging.DEBUG:  # setting it makes every logger forget what it knows of levels
            root.setLevel(logging.DEBUG)
        try:
            with uncollected():
                yield
        finally:
            root.handlers[:] = handlers
            if level != logging.DEBUG:
                root.setLevel(level)
