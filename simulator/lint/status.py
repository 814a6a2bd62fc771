"""What a file's status says that its writer should hear."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator

from .finding import Finding

#: Seconds that clocks may differ by.
_SKEW = 60


def on_status(status: os.stat_result, now: float) -> Iterator[Finding]:
    """Findings on mode and modification time; ``now`` in Unix seconds."""
    mode = stat.S_IMODE(status.st_mode)
    if mode & (stat.S_IROTH | stat.S_IWOTH):
        what = "read and written" if mode & stat.S_IROTH and mode & stat.S_IWOTH else "read" if mode & stat.S_IROTH else "written"
        yield Finding("mode", f"mode {mode:04o}: it can be {what} by every user, where 0600 is enough")
    ahead = status.st_mtime - now
    if ahead > _SKEW:
        yield Finding("future-time", f"last modified {ahead:,.0f} s in the future: that moment becomes the event's")
