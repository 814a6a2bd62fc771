"""What each path holds, followed through the writers' steps and the collector's removals.

Rules: an event that is written again at its place is the same one, and after it was taken it is
another. A file may have several names, and is gone with the last of them. Events move with their
directory; those of a renamed handler are of the handler whose name their directory has.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import Any

from ..core import (
    COLLECTOR,
    WriterStep,
    handler_of,
    is_agent_event,
    is_below,
    is_entry_or_below,
    is_handler_dir,
    is_outside,
    renamed_text,
)
from .written import Labelled, Written, move

#: Acts that put what a path holds under another one.
_MOVES = {"rename", "replace"}
#: Acts that change the file itself, whoever has it open.
_IN_PLACE = {"write", "append", "truncate"}
#: Acts of which what they tell of content is told of their target.
_WITH_TARGET = {*_MOVES, "link", "unlink"}


@dataclass(slots=True)
class _Version:
    """What a path holds."""

    events: list[Written]
    #: How many paths lead to it.
    names: int = 0


class Contents:
    """The events of a run, in the order in which they were first written, and where they stand."""

    def __init__(self) -> None:
        self.events: list[Written] = []
        self._known: dict[tuple[str, str], Written] = {}
        self._content: dict[str, _Version] = {}
        #: The paths of these below each directory, so that a rename asks no others.
        self._inner: dict[str, dict[str, None]] = {}
        #: By extension, how many events stand, or stood last, in the agent's events dir.
        self._agent_extensions: Counter[str] = Counter()
        #: What each path held last, removed or not: an event whose text carries no token is known
        #: by its place.
        self._held: dict[str, list[Written]] = {}
        #: What was taken from a path before something else was written there, oldest first.
        self._earlier: dict[str, list[list[Written]]] = {}
        self._inside = False
        #: Directories of handlers that are links, with what they lead to.
        self._links: dict[str, str] = {}
        #: Directories that were renamed or moved away during this pass: a collector that had
        #: entered one goes on under its old name.
        self._renamed: dict[str, str] = {}

    # --- what happens ---

    def begin_pass(self) -> None:
        self._inside = True
        self._renamed.clear()

    def end_pass(self) -> None:
        self._inside = False

    def step(self, step: WriterStep) -> None:
        """A writer's step that succeeded."""
        step = self._through_links(step)
        target = (step.to or step.path) if step.act in _WITH_TARGET else step.path
        self._move(step, target)
        if step.act == "unlink" and target not in self._content:
            return
        if step.labels is not None:
            self._hold(step, target, step.labels)
        elif target in self._content:
            for event in self._content[target].events:
                event.times.append(step.mtime)

    def removed(self, path: str, number: int) -> None:
        """The collector removed what it means by a path."""
        self._forget(self._now_at(path), COLLECTOR, number)

    def unremoved(self, path: str, number: int) -> None:
        """The collector could not remove what it means by a path."""
        version = self._content.get(self._now_at(path))
        for event in version.events if version else ():
            event.stuck.add(number)

    def settle(self, there: Container[str], number: int) -> None:
        """What is not in the final tree, the collector has removed, at the latest in that pass."""
        for path in [path for path in self._content if path not in there]:
            self._forget(path, COLLECTOR, number)

    def _through_links(self, step: WriterStep) -> WriterStep:
        """The step, where a writer takes it through a directory of a handler's that is a link: what
        it does, it does beyond that.
        """
        if self._links:
            step = step._replace(path=self._beyond(step.path), to=self._beyond(step.to))
        if step.act == "symlink" and step.to.startswith("@/") and not is_entry_or_below(step.path):
            self._links[step.path] = step.to[2:]
        elif step.act in {*_MOVES, "unlink", "rmtree"}:
            self._links.pop(step.path, None)
        return step

    def _beyond(self, path: str) -> str:
        for link, target in self._links.items():
            if is_below(path, link):
                return target + path[len(link) :]
        return path

    # --- which event is meant ---

    @property
    def agent_extensions(self) -> list[str]:
        """The extensions that have events in the agent's events dir."""
        return [extension for extension, count in self._agent_extensions.items() if count]

    def named(self, extension: str, token: str) -> Written | None:
        """The event of this token."""
        return self._known.get((extension, token))

    def at(self, path: str, place: int, number: int) -> Written | None:
        """The event at that place of a file.

        Where files of one name followed each other, that of the first which this pass can have read
        and nobody got.
        """
        versions = [held for held in (*self._earlier.get(path, ()), self._held.get(path, [])) if 0 <= place < len(held)]
        possible = [
            held[place] for held in versions if held[place].gone != COLLECTOR or held[place].gone_pass == number
        ]
        fresh = [event for event in possible if not event.deliveries]
        return next(iter(fresh or possible[-1:] or [held[place] for held in versions[-1:]]), None)

    # --- moving ---

    def _move(self, step: WriterStep, target: str) -> None:
        """What a step does to names."""
        act, path, number = step.act, step.path, step.pass_number
        if act in _MOVES:
            self._rename(step.i, path, target, number)
        elif act == "rmtree":
            for inner in self._below(path):
                self._forget(inner, "writer", number)
        elif act == "link" and path in self._content:
            self._stand(target, self._content[path])
        elif act == "unlink":
            self._forget(path, "writer", number)

    def _rename(self, i: int, path: str, target: str, number: int) -> None:
        of_handler = is_handler_dir(path) and is_handler_dir(target)
        if self._inside and (of_handler or path in self._inner):
            self._renamed[path] = target
        moved = self._leave(path)
        self._forget(target, "writer", number, moved)
        if moved is not None:
            self._stand(target, moved)
            self._put(moved.events, target, i)
        for inner in self._below(path):
            there = target + inner[len(path) :]
            version = self._pop(inner)
            self._set(there, version)
            self._put(version.events, there, i)
            if of_handler:
                self._rename_handler(there, version.events, handler_of(path), handler_of(target))

    def _rename_handler(self, path: str, events: list[Written], old: str, new: str) -> None:
        """Events that wait are of the handler whose name their directory has; in a pass, and of
        those that were handed over before, either.
        """
        self._held[path] = events
        for event in events:
            event.extension = new
            renamed = [[renamed_text(texts[0], old, new), *texts[1:]] for texts in event.expected]
            event.expected = [*event.expected, *renamed] if self._inside or event.deliveries else renamed
            if event.token:
                self._known[new, event.token] = event

    def _now_at(self, path: str) -> str:
        """Where the file is that a collector means by a path: elsewhere, if a directory above it
        was renamed or moved away in this pass.
        """
        if path in self._content:
            return path
        moved = ((directory, target) for directory, target in self._renamed.items() if is_below(path, directory))
        return next((target + path[len(directory) :] for directory, target in moved), path)

    def _below(self, path: str) -> list[str]:
        return list(self._inner.get(path, ()))

    # --- holding ---

    def _hold(self, step: WriterStep, path: str, labels: list[list[Any]]) -> None:
        extension = handler_of(step.path) or step.actor.partition(":")[2]
        before = self._held.get(path, [])
        taken = bool(before) and before[0].gone == COLLECTOR
        events = []
        for index, label in enumerate(labels):
            event = self._event(extension, path, index, label)
            if not event.labels or event.labels[-1][1:3] != (event.due, event.reason):
                event.labels.append(Labelled(step.i, event.due, event.reason, step.act in _IN_PLACE))
            event.among = len(labels)
            event.times.append(step.mtime)
            event.index, event.since, event.gone = index, step.i, ""
            events.append(event)
        self._put(events, path, step.i, is_new=True)
        if taken and events and events[0] is not before[0]:
            self._earlier.setdefault(path, []).append(before)
        version = _Version(events)
        self._forget(path, "writer", step.pass_number, version)
        self._stand(path, version)
        self._held[path] = events

    def _event(self, extension: str, path: str, index: int, label: list[Any]) -> Written:
        """The event that a label at this place is about, known or new, with what the label says."""
        token, due, detail, *more = label
        event = self._known.get((extension, token)) if token else self._standing(path, index)
        if event is None:
            event = Written(extension, token, due, "")
            self.events.append(event)
            if token:
                self._known[extension, token] = event
        if event.gone == COLLECTOR:
            event.rewritten += 1
        event.due = due
        event.secrets = tuple(more[0]) if more else ()
        event.about = tuple(more[1]) if len(more) > 1 else ()
        event.reason = detail if isinstance(detail, str) else ""
        if isinstance(detail, dict):
            event.agent = detail
        elif not isinstance(detail, str) and detail:
            event.expected.append(detail)
        return event

    def _standing(self, path: str, index: int) -> Written | None:
        """The event without a token that stands at this index of the file. Written there again it
        is the same one; after it was taken it is another.
        """
        version = self._content.get(path)
        events = version.events[index : index + 1] if version else []
        return next((event for event in events if not event.token), None)

    def _stand(self, path: str, version: _Version) -> None:
        version.names += 1
        self._set(path, version)

    def _leave(self, path: str) -> _Version | None:
        if path not in self._content:
            return None
        version = self._pop(path)
        version.names -= 1
        return version

    def _set(self, path: str, version: _Version) -> None:
        self._content[path] = version
        for directory in _directories(path):
            self._inner.setdefault(directory, {})[path] = None

    def _pop(self, path: str) -> _Version:
        for directory in _directories(path):
            del self._inner[directory][path]
        return self._content.pop(path)

    def _put(self, events: list[Written], path: str, i: int, *, is_new: bool = False) -> None:
        """These events stand at this path from that record on."""
        for event in events:
            self._agent_extensions[event.extension] += is_agent_event(path) - is_agent_event(event.path)
            if event.away or not is_new or is_outside(path):
                move(event, path, i)
            else:
                event.path, event.stands = path, i

    def _forget(self, path: str, who: str, number: int, successor: _Version | None = None) -> None:
        version = self._leave(path)
        if version is None or version.names:
            return
        staying = {id(event) for event in successor.events} if successor else set()
        for event in version.events:
            if id(event) not in staying:
                event.gone, event.gone_pass = who, number


def _directories(path: str) -> Iterator[str]:
    """The directories above it."""
    while path := path.rpartition("/")[0]:
        yield path
