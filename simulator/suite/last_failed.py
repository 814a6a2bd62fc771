"""What failed last, so that it can be run again alone.
One small file below the working directory.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path

from ..base import BadInput
from ..safe import read_regular, write_own

PLACE = Path(".etp-kit") / "last-failed.json"
#: Far above what every scenario in both worlds takes.
_LARGEST = 1 << 20


def remember_failed(pairs: Iterable[tuple[str, str]]) -> None:
    """Keep the (scenario, world) pairs that failed;
    where the directory cannot be written, nothing is kept.
    """
    try:
        PLACE.parent.mkdir(exist_ok=True)
        write_own(PLACE.parent / ".gitignore", "*\n")
        write_own(PLACE, json.dumps(sorted(pairs)) + "\n")
    except OSError:
        return


def recall_failed() -> set[tuple[str, str]] | None:
    """The pairs, or None where nothing was kept.
    Raises BadInput for a file that is none of ours.
    """
    if not os.path.lexists(PLACE):
        return None
    try:
        found = json.loads(read_regular(PLACE, _LARGEST) or b"")
        return {(str(scenario), str(world)) for scenario, world in found}
    except (ValueError, TypeError, RecursionError):
        raise BadInput("is no list of what failed last; remove it", where=str(PLACE)) from None
