"""What a collector of extension telemetry events owes, as data.

May import: core and below; pydantic.
"""

from .clauses import CAPABILITIES, CLAUSES, HARMS, LIMITS, Clause, Level, Text, parse, require_known
from .measured_clauses import MEASURED_CLAUSES
from .profiles import PROFILES, Difference, KnownFailure, Profile, named_profile
from .requirement_set import RequirementSet, named_set, requirement_sets, today

__all__ = [
    "CAPABILITIES",
    "CLAUSES",
    "HARMS",
    "LIMITS",
    "MEASURED_CLAUSES",
    "PROFILES",
    "Clause",
    "Difference",
    "KnownFailure",
    "Level",
    "Profile",
    "RequirementSet",
    "Text",
    "named_profile",
    "named_set",
    "parse",
    "require_known",
    "requirement_sets",
    "today",
]
