"""What each path holds, followed through the writers' steps and the collector's removals.

Rules: an event that is written again at its place is the same one, and after it was taken it is
another. A file may have several names, and is gone with the last of them. Events move with their
directory; those of a renamed handler are of the handler whose name their directory has.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from typing import Any

from ..core import COLLECTOR, Record, handler_of, is_in_log_dir, renamed_text
from .written import Written

#: Acts that put what a path holds under another one.
_MOVES = {"rename", "replace"}
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
        #: What each path held last, removed or not: an event whose text carries no token is known
        #: by its place.
        self._held: dict[str, list[Written]] = {}
        #: What was taken from a path before something else was written there, oldest first.
        self._earlier: dict[str, list[list[Written]]] = {}
        self._inside = False
        #: Handlers' directories that were renamed during this pass: a collector that had entered
        #: one goes on under its old name.
        self._renamed: dict[str, str] = {}

    # --- what happens ---

    def begin_pass(self) -> None:
        self._inside = True
        self._renamed.clear()

    def end_pass(self) -> None:
        self._inside = False

    def step(self, i: int, record: Record) -> None:
        """A writer's step that succeeded; ``i``: the index of its record."""
        result, path = record.result, record.path
        act, labels, time = result["act"], result.get("labels"), result.get("mtime", record.t)
        target = result.get("to", path) if act in _WITH_TARGET else path
        self._move(i, act, path, target, record.pass_number)
        if act == "unlink" and target not in self._content:
            return
        if labels is not None:
            extension = handler_of(path) or record.actor.partition(":")[2]
            self._hold(i, target, extension, labels, time, record.pass_number)
        elif target in self._content:
            for event in self._content[target].events:
                event.times.append(time)

    def removed(self, path: str, number: int) -> None:
        """The collector removed what it means by a path."""
        self._forget(self._now_at(path), COLLECTOR, number)

    def settle(self, there: Container[str], number: int) -> None:
        """What is not in the final tree, the collector has removed, at the latest in that pass."""
        for path in [path for path in self._content if path not in there]:
            self._forget(path, COLLECTOR, number)

    # --- which event is meant ---

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

    def _move(self, i: int, act: str, path: str, target: str, number: int) -> None:
        """What a step does to names."""
        if act in _MOVES:
            self._rename(i, path, target, number)
        elif act == "rmtree":
            for inner in self._below(path):
                self._forget(inner, "writer", number)
        elif act == "link" and path in self._content:
            self._stand(target, self._content[path])
        elif act == "unlink":
            self._forget(path, "writer", number)

    def _rename(self, i: int, path: str, target: str, number: int) -> None:
        of_handler = _is_handler(path) and _is_handler(target)
        if self._inside and of_handler:
            self._renamed[path] = target
        moved = self._leave(path)
        self._forget(target, "writer", number, moved)
        if moved is not None:
            self._stand(target, moved)
            for event in moved.events:
                event.move(target, i)
        for inner in self._below(path):
            there = target + inner[len(path) :]
            version = self._content[there] = self._content.pop(inner)
            for event in version.events:
                event.move(there, i)
            if of_handler:
                self._rename_handler(there, version.events, handler_of(path), handler_of(target))

    def _rename_handler(self, path: str, events: list[Written], old: str, new: str) -> None:
        """Events that wait are of the handler whose name their directory has; in a pass, either."""
        self._held[path] = events
        for event in events:
            event.extension = new
            renamed = [[renamed_text(texts[0], old, new), *texts[1:]] for texts in event.expected]
            event.expected = [*event.expected, *renamed] if self._inside else renamed
            if event.token:
                self._known[new, event.token] = event

    def _now_at(self, path: str) -> str:
        """Where the file is that a collector means by a path: elsewhere, if its handler was renamed
        in this pass.
        """
        log, _, rest = path.partition("/")
        handler, _, below = rest.partition("/")
        target = self._renamed.get(f"{log}/{handler}")
        return path if target is None or path in self._content else f"{target}/{below}"

    def _below(self, path: str) -> list[str]:
        return [known for known in self._content if known.startswith(path + "/")]

    # --- holding ---

    def _hold(self, i: int, path: str, extension: str, labels: list[Any], time: int, number: int) -> None:
        before = self._held.get(path, [])
        taken = bool(before) and before[0].gone == COLLECTOR
        events = []
        for index, label in enumerate(labels):
            event = self._event(extension, path, index, label)
            event.among = len(labels)
            event.times.append(time)
            if event.away:
                event.move(path, i)
            event.path, event.index, event.since, event.stands, event.gone = path, index, i, i, ""
            events.append(event)
        if taken and events and events[0] is not before[0]:
            self._earlier.setdefault(path, []).append(before)
        version = _Version(events)
        self._forget(path, "writer", number, version)
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
        """The event without a token that stands at this place: written there again it is the same
        one, and after it was taken it is another.
        """
        version = self._content.get(path)
        events = version.events[index : index + 1] if version else []
        return next((event for event in events if not event.token), None)

    def _stand(self, path: str, version: _Version) -> None:
        version.names += 1
        self._content[path] = version

    def _leave(self, path: str) -> _Version | None:
        version = self._content.pop(path, None)
        if version is not None:
            version.names -= 1
        return version

    def _forget(self, path: str, who: str, number: int, successor: _Version | None = None) -> None:
        version = self._leave(path)
        if version is None or version.names:
            return
        staying = {id(event) for event in successor.events} if successor else set()
        for event in version.events:
            if id(event) not in staying:
                event.gone, event.gone_pass = who, number


def _is_handler(path: str) -> bool:
    return is_in_log_dir(path) and path.count("/") == 1
