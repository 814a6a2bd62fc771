"""What every room stands on: errors, exit codes, time units, random streams.

May import: the standard library.
"""

from .errors import BadInput, BuildRefused, KitBroke, did_you_mean
from .gc_pause import uncollected
from .json_schema import DIALECT
from .random_stream import Draw
from .units import EPOCH, SECOND

__all__ = [
    "DIALECT",
    "EPOCH",
    "SECOND",
    "BadInput",
    "BuildRefused",
    "Draw",
    "KitBroke",
    "did_you_mean",
    "uncollected",
]
