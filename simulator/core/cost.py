"""What a pass cost."""

from __future__ import annotations

from typing import NamedTuple


class Cost(NamedTuple):
    """Of one pass: seconds of processor, and by how many bytes the process grew at its peak."""

    seconds: float
    grown: int
