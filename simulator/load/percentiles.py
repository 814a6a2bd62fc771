"""How durations are spread: percentiles of any number of them, in bounded memory.

The rule: a value is counted in a bucket that is at most 1 % wide. So a percentile is reported to
1 %, rounded up; the largest is exact.
"""

from __future__ import annotations

import math
from collections import Counter

_STEP = math.log(1.01)
#: Below a microsecond everything is one bucket.
_LEAST = 1e-6


class Spread:
    """Counts seconds."""

    def __init__(self) -> None:
        self._buckets: Counter[int] = Counter()
        self.count = 0
        self.most = 0.0

    def add(self, seconds: float) -> None:
        value = max(0.0, seconds)
        self._buckets[math.ceil(math.log(max(value, _LEAST) / _LEAST) / _STEP)] += 1
        self.count += 1
        self.most = max(self.most, value)

    def at(self, part: float) -> float:
        """The least value that ``part`` (0 to 1) of all are at most, in seconds;
        0 where there are none.
        """
        needed = math.ceil(part * self.count)
        below = 0
        for bucket in sorted(self._buckets):
            below += self._buckets[bucket]
            if below >= needed:
                return min(self.most, _LEAST * math.exp(bucket * _STEP))
        return 0.0

    def as_data(self) -> dict[str, float]:
        """``p50``, ``p99`` and ``max`` in seconds, for reports."""
        return {"p50": round(self.at(0.5), 6), "p99": round(self.at(0.99), 6), "max": round(self.most, 6)}
