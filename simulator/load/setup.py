"""The directories of a load: those that the agent makes before anybody writes."""

from __future__ import annotations

import os

from ..base import BadInput
from ..core import handler_dir
from .directory import OUTSIDE, LoadDirectory, below, directory
from .manifest import Manifest
from .options import Course

#: An agent events dir for collectors that want one (the Linux agent's wants this name):
#: nothing is ever in it.
AGENT_EVENTS = f"{OUTSIDE}/agent/events"


def furnish_agent(place: LoadDirectory, manifest: Manifest) -> str:
    """The absolute path of an empty agent events dir. Raises BadInput."""
    try:
        for path in (OUTSIDE, AGENT_EVENTS.rpartition("/")[0], AGENT_EVENTS):
            _make(place, manifest, path, 0o700)
    except OSError as error:
        raise BadInput(f"cannot be written: {error.strerror}", where=str(place.path)) from error
    return str(place.path.resolve() / AGENT_EVENTS)


def furnish(place: LoadDirectory, manifest: Manifest, course: Course) -> tuple[tuple[str, int], ...]:
    """The events dirs; (path, inode) of the directories made now. Raises BadInput.

    One that is there already is somebody's: it is used, and not ours to move or remove.
    """
    made: list[tuple[str, int]] = []
    try:
        for handler in dict.fromkeys(share.extension.handler for share in course.shares):
            for path, mode in ((handler_dir(handler), 0o755), (directory(handler), 0o700)):
                made += _make(place, manifest, below(path) or "", mode)
        if any(share.extension.actor.hazards or share.extension.actor.producer != "plain" for share in course.shares):
            _make(place, manifest, OUTSIDE, 0o700)
    except OSError as error:
        raise BadInput(f"cannot be written: {error.strerror}", where=str(place.path)) from error
    return tuple(made)


def _make(place: LoadDirectory, manifest: Manifest, path: str, mode: int) -> list[tuple[str, int]]:
    if place.identity(path) is not None:
        return []
    manifest.announce(path, "mkdir")
    with place.parent(path) as (holder, name):
        os.mkdir(name, mode, dir_fd=holder)
        inode = os.stat(name, dir_fd=holder, follow_symlinks=False).st_ino
    manifest.made(inode)
    return [(path, inode)]
