"""Worlds for a user's own tests (docs/python.md, docs/pytest.md). They have directories to write
into, a collector to collect with, a run as a function, and what became of every event.

Rules: what this door names is all that others may import of the kit. Its names and signatures
follow semantic versioning (docs/python.md); tests/simulator/testing/promised.json holds them.
May import: runner, scenario, subjects, judging and below.
"""

from ..base import BadInput, KitBroke
from ..core import History, Record
from ..judging import Delivered, Ledger, Written
from ..runner import Died
from ..scenario import Scenario, load_scenario, scenario_from_data
from ..shipped import scenario_names
from ..subjects import Factory
from .collector_under_test import CollectorUnderTest
from .event_world import Collected, DeliveredEvent, EventWorld, WriteEvents, WrittenEvent
from .one_run import Ran, run

__all__ = [
    "BadInput",
    "Collected",
    "CollectorUnderTest",
    "Delivered",
    "DeliveredEvent",
    "Died",
    "EventWorld",
    "Factory",
    "History",
    "KitBroke",
    "Ledger",
    "Ran",
    "Record",
    "Scenario",
    "WriteEvents",
    "Written",
    "WrittenEvent",
    "load_scenario",
    "run",
    "scenario_from_data",
    "scenario_names",
]
