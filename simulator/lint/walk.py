"""From the paths that a user gives to the directories that a collector would visit.

A path is an event file, an events dir, an agent's events dir (`*.tld`), a handler's directory, a
log dir, or anything above them. No link is followed: a path that is one is reported. Everything is
opened by its descriptor, component by component, and never if it is no directory.

Where handlers lie side by side the layout decides, as it does for a collector:
what lies elsewhere is searched for events that nobody reads.
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
from .misplaced import Misplaced, is_misspelt, misplaced_in
from .readonly import Chosen, ReadOnly, chosen_names, is_agent_file
from .reference import directory, errors, listing, sweep

EVENTS = "events"
#: Directories below a path; one descriptor is open for each.
DEEPEST = 64

#: A directory to look at, or what there is to say of one that is not entered.
Found = Look | Misplaced | DirectoryOutcome


def found_in(paths: Sequence[str], shown: Mapping[str, str]) -> Iterator[Found]:
    """What is to be looked at, in the order of the paths; files that share a directory are looked
    at together. ``shown``: what a path is called in what is told, if not by itself. Raises BadInput
    before the first for a path that does not exist.
    """
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
            yield from _of_entered(root, place, path, whole)


def _of_entered(root: directory.Directory, place: directory.Directory, path: str, whole: str) -> Iterator[Found]:
    try:
        if os.path.basename(whole) == EVENTS:
            kind = _kind(place)
            outcome = DirectoryOutcome(path, kind or "extension", "" if kind == "agent" else _handler(whole))
            yield Look(outcome, lambda: root.enter(whole))
        elif _is_handler(place):
            with ReadOnly.open(os.path.dirname(whole)) as log_dir:
                yield from _of_handler(log_dir, os.path.basename(whole), path)
        else:
            yield from _of_plain(place, path, 0, lambda: root.enter(whole))
    except OSError as error:  # it can be entered, and not be listed
        yield _not_entered(path, error)


def _not_entered(path: str, error: OSError) -> DirectoryOutcome:
    return DirectoryOutcome(path, "other", findings=[Finding("no-directory", f"it cannot be entered: {error.strerror}")])


def _of_plain(place: directory.Directory, path: str, depth: int, enter: Callable[[], directory.Directory]) -> Iterator[Found]:
    """A directory that nothing tells but what lies in it:
    handlers, or events, perhaps, and others below.
    """
    if _holds_handlers(place):
        yield from _of_log_dir(place, path, depth)
        return
    kind = _kind(place)
    if kind is not None:
        yield Look(DirectoryOutcome(path, kind, ""), enter)
    yield from _below(place, path, depth, lambda inner, name, below: _of_plain(inner, below, depth + 1, partial(place.enter, name)))


def _holds_handlers(place: directory.Directory) -> bool:
    """Whether extensions' handlers lie in a directory:
    what holds the agent's own events is none.
    """
    try:
        return any(_enter_if_handler(place, name) for name in _entries(place, []))
    except OSError:
        return False  # what cannot be listed says nothing of what it is


def _enter_if_handler(place: directory.Directory, name: str) -> bool:
    try:
        with place.enter(name) as inner:
            return _is_handler(inner) and not _is_agents(inner)
    except OSError:
        return False


def _is_handler(place: directory.Directory) -> bool:
    """Whether it has an events dir, or something that was meant to be one."""
    return any(name == EVENTS or is_misspelt(name, EVENTS) for name in place.names())


def _is_agents(place: directory.Directory) -> bool:
    try:
        with place.enter(EVENTS) as events:
            return _kind(events) == "agent"
    except OSError:
        return False


def _of_log_dir(place: directory.Directory, path: str, depth: int) -> Iterator[Found]:
    """Handlers side by side, and what else lies there."""
    yield from _loose(place, path, "", f"it lies in no handler's events directory: a collector reads HANDLER/{EVENTS} alone")
    links: list[str] = []

    def in_log_dir(inner: directory.Directory, name: str, below: str) -> Iterator[Found]:
        if _is_handler(inner):
            yield from _of_handler(place, name, below)
        elif depth < DEEPEST and _holds_handlers(inner):
            yield from _of_log_dir(inner, below, depth + 1)
        else:
            yield from _outside(inner, below, name, depth + 1)

    yield from _entered(place, path, in_log_dir, links)
    text = "a link among handlers is not followed: nothing beyond it is read"
    for name in sorted(links):
        yield DirectoryOutcome(os.path.join(path, name), "other", name, [Finding("dir-link", text)])


def _outside(place: directory.Directory, path: str, handler: str, depth: int, misspelt: str = "") -> Iterator[Found]:
    """What lies in a handler's directory and below, but for its events dir.
    ``misspelt``: the name of the directory that was meant to be it.
    """
    told = f"the directory is named {misspelt!r}: a collector reads {EVENTS!r}, in this case, alone" if misspelt else (
        f"it does not lie in the handler's events directory: a collector reads {handler}/{EVENTS} alone"
    )  # fmt: skip
    yield from _loose(place, path, handler, safe(told, 400), by_name=bool(misspelt))


    def inner_of(inner: directory.Directory, name: str, below: str) -> Iterator[Found]:
        if depth or name != EVENTS:
            yield from _outside(inner, below, handler, depth + 1, misspelt or (name if is_misspelt(name, EVENTS) else ""))

    yield from _below(place, path, depth, inner_of)


def _loose(place: directory.Directory, path: str, handler: str, why: str, *, by_name: bool = False) -> Iterator[Found]:
    names = misplaced_in(place, by_name=by_name)
    if names:
        yield Misplaced(DirectoryOutcome(path, "other", handler), names, why)


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


def _below(
    place: directory.Directory, path: str, depth: int, of: Callable[[directory.Directory, str, str], Iterator[Found]]
) -> Iterator[Found]:
    """What ``of`` finds in each sub-directory (directory, name, path), unless it is too deep."""

    def searched(inner: directory.Directory, name: str, below: str) -> Iterator[Found]:
        if depth < DEEPEST:
            yield from of(inner, name, below)
        else:
            yield DirectoryOutcome(below, "other", findings=[Finding("no-directory", "too deep below the path to be searched")])

    yield from _entered(place, path, searched, [])


def _entered(
    place: directory.Directory,
    path: str,
    of: Callable[[directory.Directory, str, str], Iterator[Found]],
    links: list[str],
) -> Iterator[Found]:
    """What ``of`` finds in each sub-directory, and which could not be entered. ``links``: gets the
    names of those that are links, which are not followed."""
    try:
        names = sorted(_entries(place, links))
    except OSError as error:
        yield _not_entered(path, error)
        return
    for name in names:
        below = os.path.join(path, name)
        try:
            inner = place.enter(name)
        except OSError as error:
            if error.errno != errno.ENOENT:
                yield _not_entered(below, error)
            continue
        try:
            with inner:
                yield from of(inner, name, below)
        except OSError as error:  # it can be entered, and not be listed
            yield _not_entered(below, error)


def _entries(place: directory.Directory, links: list[str]) -> Iterator[str]:
    """The names of the sub-directories; those of links are put aside."""
    with os.scandir(place.fd) as entries:
        for entry in entries:
            if entry.is_symlink():
                links.append(entry.name)
            elif entry.is_dir(follow_symlinks=False):
                yield entry.name


def _of_handler(log_dir: directory.Directory, name: str, path: str) -> Iterator[Found]:
    """A handler: its events dir, and what lies beside that."""
    yield from _of_events(log_dir, name, path)
    try:
        inner = log_dir.enter(name)
    except OSError:
        return  # gone meanwhile
    with inner:
        yield from _outside(inner, path, name, 0)


def _of_events(log_dir: directory.Directory, name: str, path: str) -> Iterator[Found]:
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
            mode = _look(handler, EVENTS)
        if mode is None:
            return  # passed over in silence (discover.hands-off)
        if stat.S_ISLNK(mode):
            text = "a link stands where the events dir is expected: nothing beyond it is read"
            yield DirectoryOutcome(events, "other", name, [Finding("dir-link", text)])
            return
    yield Look(DirectoryOutcome(events, kind or "extension", "" if kind == "agent" else name), lambda: sweep.enter_events(log_dir, name))
