"""What a collector of extension telemetry events owes, as data."""

from .clauses import (
    CAPABILITIES,
    CLAUSES,
    FAMILIES,
    HARMS,
    LEVELS,
    LIMITS,
    Capability,
    Clause,
    ContractError,
    Level,
    Limit,
    select,
)
from .profiles import PROFILES, Difference, KnownFailure, Profile

__all__ = [
    "CAPABILITIES",
    "CLAUSES",
    "FAMILIES",
    "HARMS",
    "LEVELS",
    "LIMITS",
    "PROFILES",
    "Capability",
    "Clause",
    "ContractError",
    "Difference",
    "KnownFailure",
    "Level",
    "Limit",
    "Profile",
    "select",
]
