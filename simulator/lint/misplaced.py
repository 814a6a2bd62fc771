"""Event files where no collector looks. They lie in a handler's directory but not in its events
dir, under another spelling of `events`, or loose in a log dir.

Where handlers lie side by side,
the layout decides what is read (discover.layout), not what a directory holds.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .finding import DirectoryOutcome, FileOutcome, Finding
from .recognise import holds_event, is_temporary
from .reference import directory, listing

#: Entries of a directory that are looked at.
_LOOKED_AT = 10_000


def is_misspelt(name: str, events: str) -> bool:
    """Whether a directory was meant to be the events dir and is none."""
    return name != events and name.strip().casefold() == events


class Misplaced:
    """A directory whose event files nobody reads.
    ``names``: those files; ``why``: what is said of each.
    """

    def __init__(self, outcome: DirectoryOutcome, names: list[str], why: str) -> None:
        self.outcome = outcome
        self._names = names
        self._why = why

    def run(self, terms: Any, now: float, tell: Callable[[FileOutcome], None]) -> None:  # noqa: ARG002 - as a Look runs
        for name in self._names:
            tell(FileOutcome(name, "spared", findings=[Finding("misplaced", self._why)]))


def misplaced_in(place: directory.Directory, *, by_name: bool) -> list[str]:
    """The names of the files in it that are meant to be event files:
    by their content, or (``by_name``) by their name, whatever they hold.
    """
    found = []
    for name, _ in zip(place.names(), range(_LOOKED_AT), strict=False):
        if (by_name and listing.is_event_file(name)) or (not is_temporary(name) and holds_event(place, name)):
            found.append(name)
    return sorted(found)
