"""Hazards, by name: hostile and clumsy things that a writer can do to a plan.

May import: contract, writers, core and below; pydantic.
"""

from __future__ import annotations

from collections.abc import Mapping

from .bad_keys import BadKeys
from .base import Bench, HazardType
from .equal import Equal
from .events_dir import EventsDir
from .floods import Flood, TemporaryFlood, Unremovable
from .growing import Growing, Shrinking
from .heavy import HeavyJson
from .kinds import HAZARD_KINDS
from .links import Hardlink, Link
from .long_elements import LongElements
from .malformed import Malformed
from .names import OddNames, OddTimes
from .objects import Device, DirectoryNamedEvent, Fifo, Socket, Subdirectory, Unreadable
from .oversized import Oversized
from .replaced import Renamed, Replaced, Vanishing
from .secrets import Secrets
from .tampered import Tampered
from .tld_shapes import TldShapes
from .torn import Torn
from .xml_bombs import XmlBombs

__all__ = ["HAZARDS", "HAZARD_KINDS", "Bench", "HazardType"]

HAZARDS: Mapping[str, type[HazardType]] = {
    one.name: one
    for one in (
        BadKeys, Malformed, Oversized, Torn, Growing, Shrinking, Replaced, Renamed, Vanishing, Tampered, LongElements,
        Link, Hardlink, Fifo, Socket, Device, DirectoryNamedEvent, Subdirectory, Unreadable,
        HeavyJson, Secrets, OddNames, OddTimes, Flood, TemporaryFlood, Unremovable, Equal, EventsDir, XmlBombs, TldShapes,
    )
}  # fmt: skip
