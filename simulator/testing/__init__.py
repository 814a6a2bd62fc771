"""Worlds for a user's own tests: directories to write into, a collector to collect with, and what became of every event (docs/pytest.md).

May import: runner, judging and below.
"""

from .event_world import CollectorUnderTest, EventWorld, WriteEvents

__all__ = [
    "CollectorUnderTest",
    "EventWorld",
    "WriteEvents",
]
