"""Moments as producers write them:
pure functions of Unix nanoseconds, with no clock behind them.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache

from ...base import SECOND

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - a plain calendar; every moment here is UTC


@lru_cache(maxsize=4096)
def calendar(second: int) -> str:
    """``YYYY-MM-DDTHH:MM:SS`` of a Unix second, UTC."""
    return (_EPOCH + timedelta(seconds=second)).isoformat()


def milliseconds(nanoseconds: int, between: str = "T") -> str:
    """``2026-11-23T19:35:16.931``: always three digits, no zone."""
    second, rest = divmod(nanoseconds, SECOND)
    return f"{calendar(second).replace('T', between)}.{rest // 1_000_000:03d}"


def microseconds(nanoseconds: int, between: str = "T") -> str:
    """``2026-11-23T19:35:16.791897``, as Python writes a datetime:
    no fraction where it is 0, no zone.
    """
    second, rest = divmod(nanoseconds, SECOND)
    fraction = rest // 1_000
    return calendar(second).replace("T", between) + (f".{fraction:06d}" if fraction else "")


def rfc3339_nano(nanoseconds: int) -> str:
    """``2026-11-23T19:35:16.7918Z``, as Go's RFC3339Nano: 0 to 9 digits, trailing zeros trimmed."""
    second, rest = divmod(nanoseconds, SECOND)
    fraction = f".{rest:09d}".rstrip("0") if rest else ""
    return f"{calendar(second)}{fraction}Z"
