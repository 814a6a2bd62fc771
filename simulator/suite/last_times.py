"""How long each run took last, so that the next time it can be told how long all will take.

Kept beside what failed last. It decides nothing: whatever stands in its place, runs go on without.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType

from ..base import BadInput
from ..safe import read_regular, write_own

PLACE = Path(".etp-kit") / "last-times.json"
#: Collectors whose times are kept: the last ones that ran here.
_MOST = 8
_LARGEST = 1 << 20
#: A run: scenario, world, and what of it was exhausted.
Run = tuple[str, str, str]


def recall_times(collector: str) -> dict[Run, float]:
    """What is known of a collector's runs: nothing, where the file is none of ours."""
    return _kept().get(collector, {})


def remember_times(collector: str, times: Mapping[Run, float]) -> None:
    """Keep the seconds of these runs beside what is known;
    where that cannot be written, nothing is kept."""
    if not times:
        return
    kept = _kept()
    kept[collector] = {**kept.pop(collector, {}), **times}  # the last one is the youngest
    rows = {name: [[*run, round(seconds, 2)] for run, seconds in kept[name].items()] for name in list(kept)[-_MOST:]}
    with suppress(OSError, UnicodeError):
        PLACE.parent.mkdir(exist_ok=True)
        write_own(PLACE.parent / ".gitignore", "*\n")
        write_own(PLACE, json.dumps(rows) + "\n")


def seconds_left(
    runs: Iterable[Run], known: Mapping[Run, float], jobs: int, spent: Mapping[Run, float] = MappingProxyType({})
) -> float | None:
    """How long these will take, so many at a time; None where less than half of them are known.

    What is not known is taken to be as long as what is known on average. ``spent``: how long those
    that run have run.
    """
    wanted = list(runs)
    times = [known[run] for run in wanted if run in known]
    if 2 * len(times) < len(wanted):
        return None
    if not times:
        return 0.0
    usual = sum(times) / len(times)
    left = [max(0.0, known.get(run, usual) - spent.get(run, 0.0)) for run in wanted]
    return max(sum(left) / jobs, *left)


def _kept() -> dict[str, dict[Run, float]]:
    try:
        found = json.loads(read_regular(PLACE, _LARGEST) or b"{}")
        return {
            str(collector): {
                (str(scenario), str(world), str(kinds)): float(seconds)
                for scenario, world, kinds, seconds in rows
                if math.isfinite(seconds) and seconds >= 0
            }
            for collector, rows in found.items()
        }
    except (BadInput, OSError, ValueError, TypeError, AttributeError, OverflowError, RecursionError):
        return {}
