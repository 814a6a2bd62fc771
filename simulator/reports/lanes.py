"""The lanes of a timeline: who acts in a record.

Why: a collector's calls are most of a history. They stand in lanes by what they are for, and each
writer has a lane of its own as long as there are few.
"""

from __future__ import annotations

from ..core import COLLECTOR, Record
from ..safe import safe

_READS = {"open", "read", "pread", "readv", "fstat", "close", "lseek"}
_REMOVES = {"unlink", "remove", "rmdir", "rename", "replace"}
#: Kind of record -> its lane.
_OF_OP = {
    "deliver": "deliveries",
    "flush": "deliveries",
    "fault": "faults",
    "crash": "faults",
    "restart": "faults",
    "escape": "faults",
    "changed": "faults",
    "service": "faults",
    "notice": "notices and log",
    "emit": "notices and log",
    "log": "notices and log",
    "ledger": "notices and log",
    "capability": "notices and log",
}
#: Writers that have a lane each; the others share one.
MOST_WRITERS = 24
OTHERS = "other writers"


def lane_of(record: Record) -> str:
    """The lane in which a record stands."""
    if record.op == "step":
        return f"writes: {safe(record.actor, 80)}"
    if record.op == "call":
        call = record.result["call"]
        kind = "reads" if call in _READS else "removes" if call in _REMOVES else "looks"
        return f"{COLLECTOR} {kind}"
    return _OF_OP.get(record.op, "passes")


class Lanes:
    """The lanes in the order in which they are drawn, by their numbers."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def number(self, record: Record) -> int:
        lane = lane_of(record)
        if lane not in self._numbers and record.op == "step" and len(self._writers()) >= MOST_WRITERS:
            lane = OTHERS
        return self._numbers.setdefault(lane, len(self._numbers))

    @property
    def names(self) -> list[str]:
        return list(self._numbers)

    def _writers(self) -> list[str]:
        return [name for name in self._numbers if name.startswith("writes: ")]
