"""The history of one run as it comes to be: each record at its moment, in its pass."""

from __future__ import annotations

from typing import Any

from ..core import History, Note, Record
from ..world import CLOCK
from .ear import Ear


class Recorder:
    """Keeps one history; the ear is told of each pass as well."""

    def __init__(self, ear: Ear) -> None:
        self.history = History()
        self.records = self.history.records
        self.pass_number = 0
        self._ear = ear
        #: The typed form of ``write``.
        self.note: Note = self.write

    def write(self, actor: str, op: str, path: str, result: Any) -> None:
        self.records.append(Record(CLOCK.now, self.pass_number, actor, op, path, result))

    def enter(self, number: int) -> None:
        """What comes from now on is of this pass."""
        self.pass_number = self._ear.pass_number = number
