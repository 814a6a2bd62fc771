"""Real files of one producer in a directory:
what an extension leaves there, for a collector, a parser or a pair of eyes.

Rules:

* Bytes, names, modes and modification times are a function of (producer, events, seed, moment),
  never of the clock.
* Nothing that ``write`` did not put there is removed or written over. So the directory is missing,
  empty, or holds nothing but an earlier write, which its record names.
* The directory is opened once, as no link. Every step is taken relative to it.
* What fails half-way is taken back.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .._version import __version__
from ..base import BadInput, Draw
from ..core import LABELLED_PARAMETERS, OUTSIDE, Label, Limits, Step, Window
from ..safe import digest_of, read_regular
from .assignment import Assignment
from .producers import PRODUCERS

#: In the directory, beside the files: what was written there.
RECORD = ".simulate-write.json"
#: The record of 1,000,000 files is smaller; a larger one is none of ours.
_LARGEST_RECORD = 256 << 20
#: No producer writes a file beyond what a collector takes.
_LARGEST = 2 * Limits().file_size
#: Stands for what is outside the events directory, while files are made;
#: some producers move theirs in from there.
_ASIDE = ".simulate-write.aside."
_OUTSIDE = f"{OUTSIDE}/"
_EXPECTED = "expected is a missing or empty directory, or one that `simulate write` filled before"
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_APPEND = os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


@dataclass(frozen=True)
class Order:
    """What to write: ``at`` is the Unix time in ns at which the five minutes of work begin."""

    producer: str
    events: int
    seed: int
    at: int
    handler: str = "Contoso.Extension"
    traffic: str = "steady"

    def steps(self) -> Iterator[Step]:
        """The producer's steps, in the directory ``.``."""
        period = Limits().period
        assignment = Assignment(
            actor=0, handler=self.handler, directory=".", windows=(Window(0, 0, period),), events=self.events, per_file=1,
            traffic=self.traffic, limits=Limits(), epoch=self.at,
        )  # fmt: skip
        return _within(PRODUCERS[self.producer].plan(assignment, Draw(self.seed, "write", self.producer)))


def _within(steps: Iterable[Step]) -> Iterator[Step]:
    """The steps, with what happens outside the directory in files aside,
    which need no directory of their own.
    """
    for step in steps:
        if not step.path.startswith(_OUTSIDE):
            yield step
        elif step.act != "mkdir":
            yield step._replace(path=_ASIDE + step.path.removeprefix(_OUTSIDE).replace("/", "."))


class Held:
    """What each path holds after the steps so far: its labels, and the SHA-256 of its bytes."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[tuple[Label, ...], bytes]] = {}

    def take(self, step: Step) -> None:
        """Note what the step leaves behind."""
        if step.act == "unlink":
            self._found.pop(step.path, None)
        elif step.act == "rename":
            labels, data = self._found.pop(step.path)
            self._found[step.to] = (labels if step.labels is None else step.labels, data)
        elif step.act in {"write", "append"}:
            labels, before = self._found.get(step.path, ((), b"")) if step.act == "append" else ((), b"")
            self._found[step.path] = (labels if step.labels is None else step.labels, before + step.data)

    def files(self) -> dict[str, tuple[tuple[Label, ...], bytes]]:
        """Name relative to the directory -> (labels, bytes), sorted."""
        inside = sorted(path for path in self._found if not path.startswith(_ASIDE))
        return {path.removeprefix("./"): self._found[path] for path in inside}


class Hand:
    """Takes steps in one directory, by its descriptor."""

    def __init__(self, directory: int, epoch: int) -> None:
        self._directory = directory
        self._epoch = epoch

    def take(self, step: Step) -> None:
        """Carry the step out. Raises OSError."""
        if step.act == "write":
            self._put(step, _CREATE)
        elif step.act == "append":
            self._put(step, _APPEND)
        elif step.act == "rename":
            os.rename(step.path, step.to, src_dir_fd=self._directory, dst_dir_fd=self._directory)
        elif step.act == "unlink":
            os.unlink(step.path, dir_fd=self._directory)
        elif step.act == "mkdir":
            os.mkdir(step.path, step.mode, dir_fd=self._directory)
        else:
            raise NotImplementedError(step.act)  # a hazard's act: no producer has it

    def _put(self, step: Step, flags: int) -> None:
        descriptor = os.open(step.path, flags, step.mode, dir_fd=self._directory)
        try:
            left = memoryview(step.data)
            while left:
                left = left[os.write(descriptor, left) :]
            when = self._epoch + (step.at if step.mtime is None else step.mtime)
            os.utime(descriptor, ns=(when, when))
        finally:
            os.close(descriptor)


def perform(steps: Iterable[Step], directory: int, epoch: int) -> None:
    """Take every step in the directory, with the modes that the steps name. Raises OSError."""
    hand = Hand(directory, epoch)
    before = os.umask(0)
    try:
        for step in steps:
            hand.take(step)
    finally:
        os.umask(before)


def write(order: Order, into: Path) -> dict[str, tuple[tuple[Label, ...], bytes]]:
    """Write the files; gives name -> (labels, bytes). Raises BadInput: nothing was written then."""
    made = _prepared(into)
    held = Held()
    try:
        with _opened(into) as directory:
            _remove_earlier(directory, into)
            try:
                perform(_noted(order.steps(), held), directory, order.at)
                files = held.files()
                _write_record(directory, order, files)
            except BaseException:
                _take_back(directory)
                raise
    except OSError as error:
        if made:
            with contextlib.suppress(OSError):
                into.rmdir()
        raise BadInput(f"cannot be written: {error.strerror}", where=str(into)) from error
    return files


def manifest_lines(files: dict[str, tuple[tuple[Label, ...], bytes]]) -> Iterator[str]:
    """A JSON line a file: name, size, SHA-256, and what a collector owes each event in it."""
    for name, (labels, data) in files.items():
        told = {"file": name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        yield json.dumps({**told, "events": [_as_data(label) for label in labels]}, ensure_ascii=True) + "\n"


def _as_data(label: Label) -> dict[str, Any]:
    told: dict[str, Any] = {"token": label.token, "due": label.due}
    if label.reason:
        told["reason"] = label.reason
    if label.parameters:
        told["parameters"] = dict(zip(LABELLED_PARAMETERS, label.parameters, strict=True))
    if label.agent is not None:
        told["eventId"] = label.agent.event_id
        told["parameters"] = [list(pair) for pair in label.agent.parameters]
    return told


def _noted(steps: Iterable[Step], held: Held) -> Iterator[Step]:
    for step in steps:
        held.take(step)
        yield step


def _prepared(into: Path) -> bool:
    """Make the directory where it is missing; True if so."""
    try:
        into.parent.mkdir(parents=True, exist_ok=True)
        into.mkdir(mode=0o700)
    except FileExistsError:
        return False
    except OSError as error:
        raise BadInput(f"cannot be written: {error.strerror}", where=str(into)) from error
    return True


@contextlib.contextmanager
def _opened(into: Path) -> Iterator[int]:
    if into.is_symlink() or not into.is_dir():
        raise BadInput(f"is {'a link' if into.is_symlink() else 'no directory'}; {_EXPECTED}", where=str(into))
    directory = os.open(into, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        yield directory
    finally:
        os.close(directory)


def _remove_earlier(directory: int, into: Path) -> None:
    """Remove what the record names, once it is sure that nothing else is there. Raises BadInput."""
    entries = _below(directory)
    if not entries:
        return
    recorded = _recorded(directory)
    strange = sorted(entries - recorded.keys() - {RECORD}) if recorded else sorted(entries)
    if strange:
        raise BadInput(f"holds {strange[0]!r}, which no `simulate write` put there; {_EXPECTED}", where=str(into))
    changed = [name for name in sorted(entries & recorded.keys()) if digest_of(name, _LARGEST, dir_fd=directory) != recorded[name]]
    if changed:
        raise BadInput(f"holds {changed[0]!r}, which was changed since; move it away first", where=str(into))
    _take_back(directory)


def _below(directory: int) -> set[str]:
    """All entries that are no directories,
    and the directories that are empty, relative to the directory.
    """
    found = set()
    for place, directories, files, _ in os.fwalk(".", dir_fd=directory, follow_symlinks=False):
        found |= {os.path.normpath(os.path.join(place, name)) for name in files}
        if place != "." and not (directories or files) and os.path.normpath(place) != "Temp":
            found.add(os.path.normpath(place))
    return found


def _take_back(directory: int) -> None:
    """Remove every entry: each is known to be ours."""
    for name in os.listdir(directory):
        if stat.S_ISDIR(os.stat(name, dir_fd=directory, follow_symlinks=False).st_mode):
            shutil.rmtree(name, dir_fd=directory)
        else:
            os.unlink(name, dir_fd=directory)


def _recorded(directory: int) -> dict[str, str]:
    """Name -> SHA-256 of the earlier write; empty where there is no record of one."""
    try:
        record = json.loads(read_regular(RECORD, _LARGEST_RECORD, dir_fd=directory) or b"")
        files = record["files"] if record["name"] == "simulate write" else {}
        if all(isinstance(name, str) and isinstance(digest, str) for name, digest in files.items()):
            return dict(files)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        pass
    return {}


def _write_record(directory: int, order: Order, files: dict[str, tuple[tuple[Label, ...], bytes]]) -> None:
    record = {
        "name": "simulate write", "version": __version__, "producer": order.producer, "events": order.events, "seed": order.seed,
        "files": {name: hashlib.sha256(data).hexdigest() for name, (_, data) in files.items()},
    }  # fmt: skip
    text = json.dumps(record, indent=1, sort_keys=True) + "\n"
    perform([Step(0, "write", RECORD, text.encode("ascii"))], directory, order.at)
