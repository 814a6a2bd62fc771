"""The filter: a program of classic BPF that says which calls are heard, which refused, and which go by (seccomp(2)).

Rules: it is made from the tables, and so can be tested without a kernel. Two instructions a call,
so that no jump is far. Another way of calling (32 bits, x32) is refused: its numbers mean other calls.
"""

from __future__ import annotations

import struct

from .calls import ENOSYS, FORMS, PLAIN_WAITS, REFUSED
from .machines import Machine

_LOAD, _IS, _AT_LEAST, _GIVE = 0x20, 0x15, 0x35, 0x06
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16

ALLOW, HEAR = 0x7FFF0000, 0x7FC00000
_ERROR = 0x00050000


def refusal(error: int) -> int:
    """What a filter gives for a call that is answered by this errno."""
    return _ERROR | error


def filter_of(machine: Machine) -> bytes:
    """The program's instructions, eight bytes each, of a machine of little end."""
    code = [
        _one(_LOAD, 0, 0, _ARCHITECTURE),
        _one(_IS, 1, 0, machine.audit),
        _one(_GIVE, 0, 0, refusal(ENOSYS)),
        _one(_LOAD, 0, 0, _NUMBER),
    ]
    if machine.foreign_from:
        code += [_one(_AT_LEAST, 0, 1, machine.foreign_from), _one(_GIVE, 0, 0, refusal(ENOSYS))]
    for name, error in REFUSED.items():
        if name in machine.numbers:
            code += [_one(_IS, 0, 1, machine.numbers[name]), _one(_GIVE, 0, 0, refusal(error))]
    for name in FORMS:
        if name not in machine.numbers:
            continue
        if name in PLAIN_WAITS:
            place = _ARGUMENTS + 8 * PLAIN_WAITS[name]
            code += [
                _one(_IS, 0, 4, machine.numbers[name]),
                _one(_LOAD, 0, 0, place),
                _one(_IS, 0, 1, 0),
                _one(_GIVE, 0, 0, HEAR),
                _one(_GIVE, 0, 0, ALLOW),
            ]
        else:
            code += [_one(_IS, 0, 1, machine.numbers[name]), _one(_GIVE, 0, 0, HEAR)]
    code.append(_one(_GIVE, 0, 0, ALLOW))
    return b"".join(code)


def _one(operation: int, if_so: int, if_not: int, value: int) -> bytes:
    return struct.pack("<HBBI", operation, if_so, if_not, value)
