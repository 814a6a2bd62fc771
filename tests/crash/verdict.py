"""What a run with kills may show, by the mode of delivery."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import NamedTuple

from etp_kit.collector.config import AT_LEAST_ONCE

#: Names of events in a problem: enough to look for.
_SHOWN = 3


class Run(NamedTuple):
    """``written``: names of all events; ``received``: as they came, of each life of the program;
    ``per_file``: events that one file holds.
    """

    written: Collection[str]
    received: Sequence[str]
    kills: int
    per_file: int


def problems(mode: str, run: Run) -> list[str]:
    """What breaks deliver.at-least-once or deliver.at-most-once; a run that shows nothing does too.
    """
    counts = Counter(run.received)
    lost = sorted(set(run.written) - set(counts))
    found = []
    if not run.kills or not counts:
        found.append(f"nothing was shown: {run.kills} kills, {len(counts)} events received")
    if unknown := sorted(set(counts) - set(run.written)):
        found.append(f"{len(unknown)} events that nobody wrote: {', '.join(unknown[:_SHOWN])}")
    if mode == AT_LEAST_ONCE:
        if lost:
            found.append(f"{len(lost)} events lost: {', '.join(lost[:_SHOWN])}")
        return found
    if doubled := sorted(name for name, count in counts.items() if count > 1):
        found.append(f"{len(doubled)} events handed over twice: {', '.join(doubled[:_SHOWN])}")
    if len(lost) > run.kills * run.per_file:
        found.append(f"{len(lost)} events lost, at most the file in progress may be: {run.kills} of {run.per_file}")
    return found
