"""What extensions write: producers, hazards, traffic and texts, from a seed.

May import: core and below.
"""

from .assignment import Assignment
from .element import left
from .files import Order, manifest_lines, write
from .hazards import HAZARDS
from .hazards.base import Bench, HazardType
from .producers import PRODUCERS
from .producers.plain import choices
from .traffic import TRAFFIC

__all__ = [
    "HAZARDS",
    "PRODUCERS",
    "TRAFFIC",
    "Assignment",
    "Bench",
    "HazardType",
    "Order",
    "choices",
    "left",
    "manifest_lines",
    "write",
]
