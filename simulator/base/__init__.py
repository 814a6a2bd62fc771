"""What every room stands on: errors, exit codes, time units, random streams.

May import: the standard library.
"""

from .errors import BadInput, BuildRefused, KitBroke, did_you_mean, is_interrupt
from .exit_codes import OF_VERB, Exit, severity, worst
from .extras import missing_extra
from .gc_pause import uncollected
from .json_schema import DIALECT
from .patterns import picked
from .random_stream import Draw
from .units import EPOCH, SECOND
from .wording import counted, word

__all__ = [
    "DIALECT",
    "EPOCH",
    "OF_VERB",
    "SECOND",
    "BadInput",
    "BuildRefused",
    "Draw",
    "Exit",
    "KitBroke",
    "counted",
    "did_you_mean",
    "is_interrupt",
    "missing_extra",
    "picked",
    "severity",
    "uncollected",
    "word",
    "worst",
]
