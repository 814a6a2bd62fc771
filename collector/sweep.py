"""One pass over all extensions, in the order that keeps one extension from costing another anything (isolate.*).

1. Turns: each events dir is entered, listed and read; one with too much to remove gets its next turn after all others.
2. What lies beyond a limit is discarded.
3. The torn files of all extensions together get their rounds: the waits of a pass are bounded, not those of a file.
4. The residue is cleaned.

A stop ends the pass where it is: what was not begun is kept, and nothing is discarded or cleaned after it (stop.*).
"""

import errno
import os

from .directory import Directory
from .errors import Absent, Stopped, describe
from .extension import Extension
from .mount import is_elsewhere
from .notices import notice, of_extension
from .part import Part, discard_rests, play_rounds, play_turns, turn
from .report import Report
from .telemetry import common_parameters
from .text import printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List

    from .config import Config
    from .outlet import Outlet
    from .report import Notice, Tally

    Remembered = Dict[str, Dict[str, Any]]

# A handler that is a file or a link, or has gone, is none.
_NO_HANDLER = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP)


class Sweep:
    """One pass. `remembered` outlives it: handler -> what could not be removed; `wait(seconds)` waits, or less."""

    def __init__(
        self, config: "Config", outlet: "Outlet", remembered: "Remembered", wait: "Callable[[float], object]"
    ) -> None:
        self._config = config
        self._outlet = outlet
        self._remembered = remembered
        self._wait = wait
        self._common = common_parameters(config.common_parameters())
        self._parts = []  # type: List[Part]

    def run(self) -> Report:
        told = []  # type: List[Notice]
        try:
            with Directory.open(self._config.log_dir) as log_dir:
                self._stages(log_dir)
        except Stopped:
            pass
        except OSError as error:
            path = printable(self._config.log_dir)
            told.append(notice("log-dir", f"Cannot list the extensions in {path}: {printable(describe(error))}"))
        for handler in [handler for handler, names in self._remembered.items() if not names]:
            del self._remembered[handler]  # or each extension that ever was would be remembered
        ledger = {}
        for part in self._parts:
            limit = part.inbox.limit if part.inbox is not None else None
            told += of_extension(part.name, part.path, part.tally, limit, self._config)
            if part.tally.listed:
                ledger[part.name] = part.tally.ledger()
        return Report(tuple(told), ledger)

    def _stages(self, log_dir: Directory) -> None:
        more = []
        for name in handlers(log_dir):
            self._outlet.check()
            part = self._part(log_dir, name)
            if part.play(turn):
                more.append(part)
            if part.inbox is None and not part.tally.examples:
                self._parts.pop()  # no extension: most entries of a log dir are none
        play_turns(more)
        settle(self._parts, self._config, self._outlet, self._wait)

    def _part(self, log_dir: Directory, name: str) -> Part:
        """A new part for the entry of that name, among the others before anything can stop it."""
        handler = os.fsencode(name).decode("utf-8", "surrogateescape")  # the same under any locale

        def make(directory: Directory, tally: "Tally") -> Extension:
            if is_elsewhere(directory, log_dir):
                raise OSError(errno.EXDEV, "something else is mounted there")
            remembered = self._remembered.setdefault(handler, {})
            return Extension(handler, directory, self._config, self._outlet, remembered, tally, self._common)

        path = os.path.join(self._config.log_dir, handler, "events")
        part = Part(handler, path, lambda: enter_events(log_dir, name), make)
        self._parts.append(part)
        return part


def handlers(log_dir: Directory) -> "List[str]":
    """The names in a log dir that may be handlers (discover.layout)."""
    return [name for name in log_dir.names() if not name.startswith("-")]  # discover.dash


def enter_events(log_dir: Directory, name: str) -> Directory:
    """The events dir of a handler. Raises Absent where there is none, OSError where it is no directory."""
    try:
        entered = log_dir.enter(name)
    except OSError as error:
        if error.errno in _NO_HANDLER:
            raise Absent from None
        raise
    with entered:
        try:
            return entered.enter("events")
        except FileNotFoundError:
            raise Absent from None


def settle(
    parts: "List[Part]", config: "Config", outlet: "Outlet", wait: "Callable[[float], object]"
) -> None:
    """What follows the turns: discards, rounds, the residue."""
    discard_rests(parts)
    play_rounds(parts, config, outlet, wait)
    for part in parts:
        if part.inbox is not None and part.inbox.listing.others:
            part.play(_clean)


def _clean(inbox: "Any", directory: Directory) -> bool:
    """For inboxes that are extensions, as all of a sweep are."""
    return bool(inbox.clean(directory))
