"""Hazards, by name: hostile and clumsy things that a writer can do to a plan."""

from __future__ import annotations

from collections.abc import Mapping

from simulator.hazards.bad_keys import BadKeys
from simulator.hazards.base import HazardType, first_free_token
from simulator.hazards.equal import Equal
from simulator.hazards.events_dir import EventsDir
from simulator.hazards.floods import Flood, TemporaryFlood, Unremovable
from simulator.hazards.growing import Growing, Shrinking
from simulator.hazards.heavy import HeavyJson
from simulator.hazards.links import Hardlink, Link
from simulator.hazards.long_elements import LongElements
from simulator.hazards.malformed import Malformed
from simulator.hazards.names import OddNames, OddTimes
from simulator.hazards.objects import Device, DirectoryNamedEvent, Fifo, Socket, Subdirectory, Unreadable
from simulator.hazards.oversized import Oversized
from simulator.hazards.replaced import Renamed, Replaced, Vanishing
from simulator.hazards.secrets import Secrets
from simulator.hazards.tampered import Tampered
from simulator.hazards.tld_shapes import TldShapes
from simulator.hazards.torn import Torn
from simulator.hazards.xml_bombs import XmlBombs

__all__ = ["HAZARDS", "HazardType", "first_free_token"]

HAZARDS: Mapping[str, type[HazardType]] = {
    one.name: one
    for one in (
        BadKeys, Malformed, Oversized, Torn, Growing, Shrinking, Replaced, Renamed, Vanishing, Tampered, LongElements,
        Link, Hardlink, Fifo, Socket, Device, DirectoryNamedEvent, Subdirectory, Unreadable,
        HeavyJson, Secrets, OddNames, OddTimes, Flood, TemporaryFlood, Unremovable, Equal, EventsDir, XmlBombs, TldShapes,
    )
}  # fmt: skip
