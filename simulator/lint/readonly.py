"""Directories in which a pass can do no harm:
it believes that it removes, and nothing is removed.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from typing import Self

from .reference import directory, inbox, listing


class Taped(directory.File):
    """A file that keeps what was read of it. The file itself may say something else later,
    and where an element stands is told of what the pass saw.
    """

    def __init__(self, fd: int, status: os.stat_result, name: str) -> None:
        super().__init__(fd, status, name)
        self.tape: list[bytes] = []

    def read(self, count: int) -> bytes:
        data = super().read(count)
        self.tape.append(data)
        return data


class ReadOnly(directory.Directory):
    """A directory as the collector enters it, but for removals,
    of which only the kernel's refusals are kept.
    """

    def open_file(self, name: str, status: os.stat_result, max_size: int) -> Taped:
        file = super().open_file(name, status, max_size)
        return Taped(file.fd, file.status, file.name)

    def remove(self, name: str) -> None:
        if stat.S_ISDIR(self.look(name).st_mode):
            raise IsADirectoryError(21, "Is a directory")


class Chosen(ReadOnly):
    """A directory of which only some files exist, those that the user named;
    ``names``: as a pass meets them -> as they are.

    A file whose name no collector reads gets one that it reads (``chosen_names``),
    so that its content is judged all the same.
    """

    files: Mapping[str, str] = {}

    @classmethod
    def of(cls, path: str, files: Mapping[str, str]) -> Self:
        chosen = cls.open(path)
        assert isinstance(chosen, cls)
        chosen.files = files
        return chosen

    def some_names(self) -> Iterator[list[str]]:
        yield list(self.files)

    def look(self, name: str) -> os.stat_result:
        return super().look(self.files[name])

    def open_file(self, name: str, status: os.stat_result, max_size: int) -> Taped:
        file = super().open_file(self.files[name], status, max_size)
        file.name = name
        return file


def is_agent_file(name: str) -> bool:
    """Whether a file that the user named is judged as an agent event."""
    return name.lower().endswith(".tld")


def is_read(name: str) -> bool:
    """Whether a collector reads a file of that name, in an events dir of its kind."""
    return bool(listing.is_event_file(name)) or listing.is_agent_event_file(name)


def chosen_names(given: list[str]) -> dict[str, str]:
    """For files named by the user: a name that is read -> the name that it has."""
    taken = set(given)
    names = {}
    for number, name in enumerate(given):
        alias = name
        while not is_read(alias) or (alias != name and alias in taken):
            number += 1
            alias = f"{number:020d}{'.tld' if is_agent_file(name) else '.json'}"
        taken.add(alias)
        names[alias] = name
    return names


def discard_each(of: inbox.Inbox, place: directory.Directory) -> bool:
    """Discards what lies beyond a limit as a pass does, name by name: each outcome is told."""
    left = of.listing.files - of.listing.begun
    for name in of.listing.rest(place):
        left -= 1
        of.discard(place, name, str(of.limit))
    of.missed(left)
    return False

