"""What the books hold:
an account an extension, a record a file that stands, and one an event that has not arrived.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from ..core import Label


class Standing:
    """A file that stands, as far as is known."""

    __slots__ = ("handler", "is_event_file", "labels", "size", "written")

    def __init__(self, handler: str, written: int, size: int, labels: tuple[Label, ...], is_event_file: bool) -> None:
        self.handler = handler
        self.written = written
        self.size = size
        self.labels = labels
        self.is_event_file = is_event_file


class Event:
    """A written event that has not arrived.
    ``gone``: when its file went, as an interval of monotonic ns; None while it stands.

    ``excused``: it may be missing (its file was torn for a while,
    or its own writer took it away): the reason.
    """

    __slots__ = ("excused", "gone", "handler", "label", "of", "path", "written")

    def __init__(self, handler: str, label: Label, path: str, written: int) -> None:
        self.handler = handler
        self.label = label
        self.path = path
        self.written = written
        self.gone: tuple[int, int] | None = None
        self.excused = ""
        #: How many events its file holds.
        self.of = 1


@dataclass
class Account:
    """One extension's counts."""

    role: str
    producer: str
    files: int = 0
    bytes: int = 0
    events: int = 0
    delivered: int = 0
    duplicated: int = 0
    altered: int = 0
    undue: int = 0
    errors: Counter[str] = field(default_factory=Counter)
