"""Steps: the only things that writers do.

A writer is a list of steps. Each is one act of a process on the file system, and nothing of a
collector or another writer happens inside it. A scheduler decides between which calls of the
collector a step falls. Paths are relative to the world's root (``log/<handler>/events/...``,
``lib/events/...``, ``outside/...``), with ``/`` and with undecodable bytes as surrogate escapes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import astuple
from typing import Any, Literal, NamedTuple

from .labels import Label

Act = Literal[
    "write",  # create or truncate `path`, put `data`, close
    "append",  # add `data` at the end of `path`
    "truncate",  # shorten or grow `path` (sparse) to `size`
    "rename",  # `path` to `to`, replacing
    "replace",  # `path` takes the place of `to`, whatever that is
    "link",  # a hard link `to` of `path`
    "symlink",  # `path` becomes a link whose text is `to` (`@/x` means x in the world's root)
    "mkdir",
    "mount",  # `path` becomes an empty directory of another device; "rmtree" takes it away again
    "rmdir",
    "rmtree",  # `path` and all that is in it
    "unlink",  # `to` may name another link of the same file, whose labels these are
    "mkfifo",
    "socket",  # a bound Unix socket that nobody listens on
    "device",  # a character device; `to` is "major:minor"
    "chmod",
    "immutable",  # an entry that cannot be removed, until "mutable"
    "mutable",
    "touch",  # set the modification time alone
]


class Step(NamedTuple):
    """One act of one writer.

    ``at``: virtual nanoseconds from the start of the run, not before which the step is taken.
    ``mtime``: modification time to leave on ``path`` in virtual nanoseconds from the start (may be
    negative: before it); ``None`` means the step's own ``at``. ``labels``: what ``path`` holds once
    the step is done, element by element. Of a rename or replace, and of a link or unlink with a
    ``to``, it is what ``to`` holds. ``None`` says nothing about content: what a path held stays or
    moves with it. ``during``: the step wants to fall between calls of the collector's pass;
    otherwise it falls between passes.
    """

    at: int
    act: Act
    path: str
    data: bytes = b""
    to: str = ""
    mode: int = 0o644
    size: int = 0
    mtime: int | None = None
    labels: tuple[Label, ...] | None = None
    during: bool = False


def _as_data(label: Label) -> Any:
    """The label as data, without ``about`` where that is empty. Most labels have none, and their
    form is the one from before there was an ``about``.
    """
    return label if label.about else label[:-1]


def fingerprint(steps: Iterable[Step]) -> str:
    """SHA-256 of all that these steps write and expect: the same on every machine, Python version
    and hash seed.
    """
    digest = hashlib.sha256()
    for step in steps:
        rest = step._replace(data=b"", labels=step.labels and tuple(map(_as_data, step.labels)))._asdict()
        digest.update(json.dumps({**rest, "data": len(step.data)}, ensure_ascii=True, default=astuple).encode())
        digest.update(hashlib.sha256(step.data).digest())
    return digest.hexdigest()

