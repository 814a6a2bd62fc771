"""What every verb prints through: a console as wide as its tables need, and progress that is also told where there is no terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console

#: Columns where no terminal says how wide it is: no name of ours is broken, and a log can still be read.
WIDTH = 120
#: Seconds between two lines of progress where there is no terminal: a log of CI shows that it goes on.
_EVERY = 10.0


def console(*, stderr: bool = False, highlight: bool = True) -> Console:
    """A console for tables."""
    found = Console(emoji=False, stderr=stderr, highlight=highlight)
    return found if found.is_terminal else Console(emoji=False, stderr=stderr, highlight=highlight, width=WIDTH)


@contextmanager
def progress(what: str, total: int, *, left: bool = False) -> Iterator[Callable[[], None]]:
    """Call what it gives whenever one of ``total`` is done. It is told on standard error: a bar on
    a terminal, else a line now and then. ``left``: with the time that is left, as far as it goes on
    like this.
    """
    if not sys.stderr.isatty():
        yield _lines(what, total, left=left)
        return
    from rich.progress import (  # noqa: PLC0415 - what shows a table alone does without
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns: list[ProgressColumn] = [TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()]
    columns += [TimeElapsedColumn(), *([TimeRemainingColumn()] if left else [])]
    with Progress(*columns, console=Console(emoji=False, stderr=True), transient=True) as bars:
        bar = bars.add_task(what, total=total)
        yield lambda: bars.advance(bar)


def _lines(what: str, total: int, *, left: bool) -> Callable[[], None]:
    begin = told = time.monotonic()
    done = 0

    def advance() -> None:
        nonlocal done, told
        done += 1
        now = time.monotonic()
        if now - told >= _EVERY:
            told = now
            rest = f", about {(now - begin) / done * (total - done) / 60:.0f} min left" if left else ""
            print(f"{what}: {done:,} of {total:,} after {now - begin:.0f} s{rest}", file=sys.stderr, flush=True)

    return advance
