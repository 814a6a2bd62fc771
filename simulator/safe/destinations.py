"""Where a report goes: opened before anything runs, written whole or not at all."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from ..base import BadInput, did_you_mean
from .whole_files import WholeFile


@dataclass(frozen=True)
class Destination:
    """Where one report goes; ``stream`` is open."""

    format: str
    path: str
    stream: TextIO
    file: WholeFile | None = None

    def write(self, parts: Iterable[str]) -> None:
        """Write the report, whole. Raises BadInput where the disk does not take it."""
        try:
            self.stream.writelines(parts)
        except OSError as error:
            if self.file is None:
                raise
            raise _unwritable(self.format, self.path, error) from None
        self.finish()

    def finish(self) -> None:
        """Put the whole report in its place. Raises BadInput where the disk does not take it."""
        if self.file is None:
            self.stream.flush()
            return
        try:
            self.file.commit()
        except OSError as error:
            raise _unwritable(self.format, self.path, error) from None

    def abandon(self) -> None:
        """Leave nothing half written."""
        if self.file is not None:
            self.file.abandon()


def open_destination(option: str, formats: Sequence[str]) -> Destination:
    """The destination of ``FORMAT=PATH``. Raises BadInput."""
    name, separator, path = option.partition("=")
    if not separator or not path:
        raise BadInput(f"{option!r} is not FORMAT=PATH", where="--report", hint=f"formats: {', '.join(formats)}")
    if name not in formats:
        raise BadInput(
            f"unknown report format {name!r}",
            where="--report",
            hint=did_you_mean(name, formats) or f"formats: {', '.join(formats)}",
        )
    if path == "-":
        return Destination(name, path, sys.stdout)
    if Path(path).is_dir():
        raise BadInput("is a directory, a file is expected", where=f"--report {name}={path}")
    try:
        file = WholeFile(path)
    except OSError as error:
        raise _unwritable(name, path, error) from None
    return Destination(name, path, file.stream, file)


@contextmanager
def open_destinations(options: Sequence[str], formats: Sequence[str]) -> Iterator[list[Destination]]:
    """All reports of a command, each with a place of its own; what is not written within this is
    left out. Raises BadInput."""
    _must_differ(options)
    with ExitStack() as opened:
        destinations: list[Destination] = []
        for option in options:
            destinations.append(open_destination(option, formats))
            opened.callback(destinations[-1].abandon)
        yield destinations


def _must_differ(options: Sequence[str]) -> None:
    seen: set[str] = set()
    for option in options:
        path = option.partition("=")[2]
        place = path if path == "-" else os.path.realpath(path)
        if place in seen and (path == "-" or not os.path.exists(place) or os.path.isfile(place)):
            what = "two reports cannot share standard output" if path == "-" else "two reports cannot share one file"
            raise BadInput(what, where="--report" if path == "-" else f"--report {option}")
        seen.add(place)


def _unwritable(name: str, path: str, error: OSError) -> BadInput:
    return BadInput(f"cannot be written: {error.strerror}", where=f"--report {name}={path}")
