"""What every verb prints through: a console as wide as its tables need, and progress that is also
told where there is no terminal.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count

from rich.console import Console

#: Columns where neither a terminal nor COLUMNS says how wide it is: no name of ours is broken, and a
#: log can still be read. Nothing is made for fewer than the second.
WIDTH, LEAST_WIDTH = 120, 40
#: Digits of COLUMNS from which on it is no width.
_LONGEST_NUMBER = 5
#: Seconds between two lines of progress where there is no terminal: a log of CI shows that it goes on.
_EVERY = 10.0


def console(*, stderr: bool = False, highlight: bool = True) -> Console:
    """A console for tables."""
    asked = os.environ.get("COLUMNS", "")
    found = Console(emoji=False, stderr=stderr, highlight=highlight)
    if asked.isascii() and asked.isdecimal() and len(asked) < _LONGEST_NUMBER:
        found.width = max(int(asked), LEAST_WIDTH)
    elif not found.is_terminal:
        found.width = WIDTH
    return found


def tell(show: Callable[[], None], *writes: Callable[[], object]) -> None:
    """The verdict is shown and everything is written, whichever of these fails.

    A pipe that was closed takes nobody's report, and a full disk nobody's verdict.
    """
    with ExitStack() as left:
        for write in reversed(writes):
            left.callback(write)
        show()


@contextmanager
def status(text: str) -> Iterator[Callable[[str], None]]:
    """Call what it gives with what is going on. It is told on standard error: in place on a
    terminal, else a line now and then."""
    if not sys.stderr.isatty():
        yield _now_and_then()
        return
    with Console(emoji=False, markup=False, stderr=True).status(text) as shown:
        yield shown.update


@contextmanager
def progress(what: str, total: int, left: Callable[[], str] = str) -> Iterator[Callable[[], None]]:
    """Call what it gives whenever one of ``total`` is done. It is told on standard error: a bar on
    a terminal, else a line now and then. ``left`` says how long it will take yet, or nothing."""
    if not sys.stderr.isatty():
        yield _lines(what, total, left)
        return
    from rich.progress import (  # noqa: PLC0415 - what shows a table alone does without
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
    )

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    shown = Console(emoji=False, stderr=True)
    with Progress(*columns, TextColumn("{task.fields[left]}"), console=shown, transient=True) as bars:
        bar = bars.add_task(what, total=total, left=left())
        yield lambda: bars.update(bar, advance=1, left=left())


def pace(total: int) -> Callable[[], str]:
    """What ``progress`` may be given as ``left``: how long it takes yet if it goes on like this."""
    begin = time.monotonic()
    done = count()

    def left() -> str:
        known = next(done)
        return f"about {(time.monotonic() - begin) / known * (total - known) / 60:.0f} min left" if known else ""

    return left


def _lines(what: str, total: int, left: Callable[[], str]) -> Callable[[], None]:
    begin = time.monotonic()
    say = _now_and_then()
    left()  # as the bar asks at its start
    done = 0

    def advance() -> None:
        nonlocal done
        done += 1
        told = (f"{what}: {done:,} of {total:,} after {time.monotonic() - begin:.0f} s", left())
        say(", ".join(filter(None, told)))

    return advance


def _now_and_then() -> Callable[[str], None]:
    """Prints what it is given, unless it printed a moment ago."""
    told = time.monotonic()

    def say(text: str) -> None:
        nonlocal told
        now = time.monotonic()
        if now - told >= _EVERY:
            told = now
            print(text, file=sys.stderr, flush=True)

    return say
