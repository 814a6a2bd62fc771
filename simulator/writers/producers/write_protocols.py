"""How files come to be:
the write protocols of the field, each as the steps that a file system sees.
"""

from __future__ import annotations

from ...base import Draw
from ...core import MALFORMED, Document, Step
from ..element import fallen, left

_TEMPORARY = "abcdefghijklmnopqrstuvwxyz0123456789_"


def temporary(draw: Draw) -> str:
    """A name as Python's tempfile makes them: eight characters after ``tmp``."""
    return "tmp" + "".join(draw.choice(_TEMPORARY) for _ in range(8))


def direct(at: int, directory: str, written: Document) -> list[Step]:
    """Open, write, close under the final name: what is there before is lost."""
    path = f"{directory}/{written.name}"
    return [Step(at, "write", path, written.data, mode=written.mode, labels=written.labels)]


def renamed(at: int, directory: str, written: Document, temporary_path: str, until: int | None = None) -> list[Step]:
    """Write elsewhere, then rename into place (``until``: when, if not at once)."""
    return [
        Step(at, "write", temporary_path, written.data, mode=written.mode, labels=left(written.labels)),
        Step(
            at if until is None else until,
            "rename",
            temporary_path,
            to=f"{directory}/{written.name}",
            labels=written.labels,
        ),
    ]


def redirected(at: int, directory: str, written: Document) -> list[Step]:
    """A shell's ``>``: the file is there, empty, before the command has a word to say."""
    path = f"{directory}/{written.name}"
    return [
        Step(at, "write", path, b"", mode=written.mode, labels=fallen(written.labels, MALFORMED)),
        Step(at, "append", path, written.data, labels=written.labels),
    ]
