"""What extensions write: producers, traffic and texts, from a seed.

May import: core and below.
"""

from .assignment import Assignment
from .element import (
    COMPACT,
    NOTHING,
    PYTHON,
    Bare,
    Element,
    Layout,
    Text,
    Value,
    document,
    dropped,
    fallen,
    left,
    object_text,
    oversize,
    sound,
    trying,
    valid,
)
from .files import Order, manifest_lines, write
from .producers import PRODUCERS
from .producers.plain import MILLISECOND, Names, choices, maker
from .producers.tld import PROVIDER, Parameter, bare, json_parameters, label, said, typed, whole, xml
from .producers.write_protocols import temporary
from .traffic import TRAFFIC

__all__ = [
    "COMPACT",
    "MILLISECOND",
    "NOTHING",
    "PRODUCERS",
    "PROVIDER",
    "PYTHON",
    "TRAFFIC",
    "Assignment",
    "Bare",
    "Element",
    "Layout",
    "Names",
    "Order",
    "Parameter",
    "Text",
    "Value",
    "bare",
    "choices",
    "document",
    "dropped",
    "fallen",
    "json_parameters",
    "label",
    "left",
    "maker",
    "manifest_lines",
    "object_text",
    "oversize",
    "said",
    "sound",
    "temporary",
    "trying",
    "typed",
    "valid",
    "whole",
    "write",
    "xml",
]
