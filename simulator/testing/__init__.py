"""Worlds for a user's own tests: directories to write into, a collector to collect with, and what became of every event (docs/pytest.md).

May import: runner, scenario, subjects, judging and below.
"""

from .event_world import Collected, CollectorUnderTest, DeliveredEvent, EventWorld, WriteEvents, WrittenEvent

__all__ = ["Collected", "CollectorUnderTest", "DeliveredEvent", "EventWorld", "WriteEvents", "WrittenEvent"]
