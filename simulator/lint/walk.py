"""From the paths that a user gives to the directories that a collector would visit.

A path is an event file, an events dir, an agent's events dir (`*.tld`), a handler's directory, a log dir, or anything above them. No link is
followed: a path that is one is reported. Everything is opened by its descriptor, component by component, and never if it is no directory.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Literal

from ..base import BadInput
from ..safe import safe
from .finding import DirectoryOutcome, Finding
from .inspect_directory import Look
from .readonly import Chosen, ReadOnly, chosen_names, is_agent_file
from .reference import directory, errors, listing, sweep

EVENTS = "events"
#: Directories below a path; one descriptor is open for each.
DEEPEST = 64

#: A directory to look at, or what there is to say of one that is not entered.
Found = Look | DirectoryOutcome


def found_in(paths: Sequence[str], shown: Mapping[str, str]) -> Iterator[Found]:
    """What is to be looked at, in the order of the paths; files that share a directory are looked at together.
    ``shown``: what a path is called in what is told, if not by itself. Raises BadInput before the first
    for a path that does not exist."""
    modes = {path: _mode(path) for path in paths}
    files: dict[tuple[str, bool], list[str]] = {}
    for path, mode in modes.items():
        if not _is_place(path, mode):
            parent, name = os.path.split(path)
            files.setdefault((parent, is_agent_file(name)), []).append(name)
    return _found(modes, files, shown)


def _found(modes: dict[str, int], files: dict[tuple[str, bool], list[str]], shown: Mapping[str, str]) -> Iterator[Found]:
    for (parent, agent), names in files.items():
        labels = {name: shown[os.path.join(parent, name)] for name in names if os.path.join(parent, name) in shown}
        yield _of_files(parent, agent, list(dict.fromkeys(names)), labels)
    for path, mode in modes.items():
        if _is_place(path, mode):
            yield from _of_place(path, mode)


def _mode(path: str) -> int:
    try:
        return os.lstat(path).st_mode
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise BadInput(f"cannot be looked at: {why}", where=safe(path, 400)) from None


def _is_place(path: str, mode: int) -> bool:
    """Whether a path is taken for a directory: a link is, unless its name is a file's."""
    return stat.S_ISDIR(mode) or (stat.S_ISLNK(mode) and os.path.splitext(path)[1].lower() not in {".json", ".tld"})


def _of_files(parent: str, agent: bool, names: list[str], labels: Mapping[str, str]) -> Look:
    files = chosen_names(names)
    kind: Literal["agent", "extension"] = "agent" if agent else "extension"
    outcome = DirectoryOutcome(parent, kind, "" if agent else _handler(parent or "."))
    place = os.path.abspath(parent or ".")
    if labels:
        outcome.path = ""
    return Look(outcome, lambda: Chosen.of(place, files), labels)


def _handler(path: str) -> str:
    """The handler that an events dir belongs to, by its path, or ""."""
    whole = Path(os.path.abspath(path))
    return whole.parent.name if whole.name == EVENTS else ""


def _of_place(path: str, mode: int) -> Iterator[Found]:
    if stat.S_ISLNK(mode):
        text = "a link is not followed; give what it leads to"
        yield DirectoryOutcome(path, "other", findings=[Finding("dir-link", text)])
        return
    whole = os.path.abspath(path)
    root = ReadOnly.open("/")  # an absolute path is entered from anywhere, and no link at its end is followed
    with root:
        try:
            place = root.enter(whole)
        except OSError as error:
            yield _not_entered(path, error)
            return
        with place:
            if os.path.basename(whole) == EVENTS:
                kind = _kind(place)
                outcome = DirectoryOutcome(path, kind or "extension", "" if kind == "agent" else _handler(whole))
                yield Look(outcome, lambda: root.enter(whole))
            elif _look(place, EVENTS) is not None:
                with ReadOnly.open(os.path.dirname(whole)) as log_dir:
                    yield from _of_handler(log_dir, os.path.basename(whole), path)
            else:
                yield from _of_plain(place, path, 0, lambda: root.enter(whole))


def _not_entered(path: str, error: OSError) -> DirectoryOutcome:
    return DirectoryOutcome(path, "other", findings=[Finding("no-directory", f"it cannot be entered: {error.strerror}")])


def _of_plain(place: directory.Directory, path: str, depth: int, enter: Callable[[], directory.Directory]) -> Iterator[Found]:
    """A directory that nothing tells but what lies in it: events, perhaps, and others below."""
    kind = _kind(place)
    if kind is not None:
        yield Look(DirectoryOutcome(path, kind, ""), enter)
    yield from _below(place, path, depth)


def _kind(place: directory.Directory) -> Literal["extension", "agent"] | None:
    """What a directory is, by what lies in it."""
    agent = False
    for name in place.names():
        if listing.is_event_file(name):
            return "extension"
        agent = agent or listing.is_agent_event_file(name)
    return "agent" if agent else None


def _look(place: directory.Directory, name: str) -> int | None:
    """The mode of an entry, or None where there is none."""
    try:
        return place.look(name).st_mode
    except OSError:
        return None


def _below(place: directory.Directory, path: str, depth: int) -> Iterator[Found]:
    """What lies in the sub-directories."""
    links: list[str] = []
    handlers = False
    for name in sorted(_entries(place, links)):
        below = os.path.join(path, name)
        try:
            inner = place.enter(name)
        except OSError as error:
            if error.errno != errno.ENOENT:
                yield _not_entered(below, error)
            continue
        with inner:
            if _look(inner, EVENTS) is not None:
                handlers = True
                yield from _of_handler(place, name, below)
            elif depth < DEEPEST:
                yield from _of_plain(inner, below, depth + 1, partial(place.enter, name))
            else:
                yield DirectoryOutcome(below, "other", findings=[Finding("no-directory", "too deep below the path to be searched")])
    if handlers:
        text = "a link among handlers is not followed: nothing beyond it is read"
        for name in sorted(links):
            yield DirectoryOutcome(os.path.join(path, name), "other", name, [Finding("dir-link", text)])


def _entries(place: directory.Directory, links: list[str]) -> Iterator[str]:
    """The names of the sub-directories; those of links are put aside."""
    with os.scandir(place.fd) as entries:
        for entry in entries:
            if entry.is_symlink():
                links.append(entry.name)
            elif entry.is_dir(follow_symlinks=False):
                yield entry.name


def _of_handler(log_dir: directory.Directory, name: str, path: str) -> Iterator[Found]:
    """The events dir of a handler: as the collector's sweep visits it, or why it does not."""
    events = os.path.join(path, EVENTS)
    if name not in sweep.handlers(log_dir):
        text = "the handler's name begins with a dash: nothing of it is read or cleaned"
        yield DirectoryOutcome(path, "other", name, [Finding("dash", text)])
        return
    kind: Literal["extension", "agent"] | None = "extension"
    try:
        with sweep.enter_events(log_dir, name) as inner:
            kind = _kind(inner)
    except (OSError, errors.Absent):
        with log_dir.enter(name) as handler:
            if stat.S_ISLNK(_look(handler, EVENTS) or 0):
                text = "a link stands where the events dir is expected: nothing beyond it is read"
                yield DirectoryOutcome(events, "other", name, [Finding("dir-link", text)])
                return
    yield Look(DirectoryOutcome(events, kind or "extension", "" if kind == "agent" else name), lambda: sweep.enter_events(log_dir, name))
