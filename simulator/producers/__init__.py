"""Producers of valid events, by name."""

from __future__ import annotations

from collections.abc import Mapping

from simulator.assignment import Producer
from simulator.producers.plain import Plain

__all__ = ["PRODUCERS"]

PRODUCERS: Mapping[str, Producer] = {one.name: one for one in (Plain(),)}
