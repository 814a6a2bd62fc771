"""What a pass cost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Cost(NamedTuple):
    """Of one pass: seconds of processor, and by how many bytes the process grew at its peak.

    Seconds near a limit are those of the machine that the limits were measured on.
    """

    seconds: float
    grown: int


class Held(NamedTuple):
    """What there was after each pass: bytes that Python holds (none where nobody can count them),
    descriptors, threads.

    The kit's own history of the run is not among it.
    """

    memory: tuple[int, ...]
    descriptors: tuple[int, ...]
    threads: tuple[int, ...]

    def problems(self, most: int) -> list[str]:
        """What grows.

        Tables fill in the first half; of the second, the least of its first and of its last quarter
        are compared: no pass decides alone.
        """
        found = []
        kept = _growth(self.memory)
        if kept > most:
            found.append(f"memory grows by {kept:,.0f} bytes a pass, {most:,} are due")
        for name, counts in (("descriptors", self.descriptors), ("threads", self.threads)):
            if _growth(counts) > 0:
                found.append(
                    f"{name} grow from {counts[len(counts) // 2]} to {counts[-1]} in {len(counts) - len(counts) // 2 - 1} passes"
                )
        return found


def _growth(values: Sequence[int]) -> float:
    """By how much a value grows from one pass to the next."""
    if not values:
        return 0
    late = values[len(values) // 2 :]
    quarter = max(1, len(late) // 4)
    return (min(late[-quarter:]) - min(late[:quarter])) / (len(late) - quarter)
