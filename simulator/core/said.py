"""What a collector said in a run: the errors that left it, and what it printed and logged.

It is for who mends the collector. It names files, lines and texts of one machine, so it stands
beside
the history and never in it: no verdict comes from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

#: The error of one that was ended where it stood: it raised nothing.
STOOD = "it was ended here"


class Raised(NamedTuple):
    """An error that left the collector. ``file`` and ``line``: the innermost place of its own, ""
    and 0 where there is none.

    ``passes``: in which passes it came, none for one while it was built. ``traceback``: lines, its
    own frames alone.
    """

    error: str
    file: str
    line: int
    function: str
    traceback: tuple[str, ...]
    passes: tuple[int, ...] = ()


class Line(NamedTuple):
    """One line that was printed or logged. ``source``: stdout, stderr or log."""

    pass_number: int
    source: str
    text: str


@dataclass(frozen=True, slots=True)
class Said:
    """All of a run that was kept. ``left_out``: how many lines were not."""

    raised: tuple[Raised, ...] = ()
    lines: tuple[Line, ...] = ()
    left_out: int = 0

    def __bool__(self) -> bool:
        return bool(self.raised or self.lines)
