"""The limits that hold in a run: those of the contract, unless the collector declares others."""

from __future__ import annotations

from dataclasses import dataclass

from ..base import SECOND


@dataclass(frozen=True, slots=True)
class Limits:
    """The subject's limits, from its capabilities;
    the defaults are those of docs/contract.md section 1.
    """

    quota: int = 360
    file_size: int = 4_194_304
    message: int = 3_072
    event: int = 6_144
    element: int = 262_144
    rejects: int = 10_000
    parse: int = 16_777_216
    spared: int = 1_000
    removals: int = 10_000
    period: int = 300 * SECOND
