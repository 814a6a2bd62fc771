"""Time in the kit: nanoseconds of the virtual clock, and where it begins."""

from __future__ import annotations

SECOND = 1_000_000_000

#: The start of every run, Unix time in ns: 2026-01-05 00:00:00 UTC, a Monday.
EPOCH = 1_767_571_200 * SECOND
