"""The cage: what keeps a collector under test from the rest of the machine, layer by layer
(docs/cage.md).

May import: base and below.
"""

from .cage import CAGES, Cages, ask_for_cage, asked_cage, enclose, enclose_program, held_layers

__all__ = ["CAGES", "Cages", "ask_for_cage", "asked_cage", "enclose", "enclose_program", "held_layers"]
