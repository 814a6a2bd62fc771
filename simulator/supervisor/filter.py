"""The filter: a program of classic BPF that says which calls are heard, which refused, and which go
by (seccomp(2)).

Rules: it is made from the tables, and so can be tested without a kernel. Two instructions a call,
so that no jump is far. Another way of calling (32 bits, x32) is refused: its numbers mean other
calls.
"""

from __future__ import annotations

import struct

from .calls import ENOSYS, FORMS, FUTEX_COMMAND, FUTEX_WAIT, FUTEX_WAIT_BITSET, REFUSED, TIMED
from .machines import Machine

_LOAD, _IS, _AT_LEAST, _GIVE, _AND = 0x20, 0x15, 0x35, 0x06, 0x54
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
        if name in TIMED:
            condition = _timed(*TIMED[name])
            code += [_one(_IS, 0, len(condition), machine.numbers[name]), *condition]
        else:
            code += [_one(_IS, 0, 1, machine.numbers[name]), _one(_GIVE, 0, 0, HEAR)]
    code.append(_one(_GIVE, 0, 0, ALLOW))
    return b"".join(code)


def _timed(at: int, how: str) -> list[bytes]:
    """Hear it where that argument gives it an end by the clock, else let it go by."""
    low = _one(_LOAD, 0, 0, _ARGUMENTS + 8 * at)
    hear, allow = _one(_GIVE, 0, 0, HEAR), _one(_GIVE, 0, 0, ALLOW)
    if how == "number":
        return [low, _one(_IS, 2, 0, 0), _one(_IS, 1, 0, 0xFFFFFFFF), hear, allow]
    pointer = [low, _one(_IS, 0, 2, 0), _one(_LOAD, 0, 0, _ARGUMENTS + 8 * at + 4), _one(_IS, 1, 0, 0), hear, allow]
    if how == "pointer":
        return pointer
    operation = _one(_LOAD, 0, 0, _ARGUMENTS + 8)
    return [
        operation,
        _one(_AND, 0, 0, FUTEX_COMMAND),
        _one(_IS, 1, 0, FUTEX_WAIT_BITSET),
        _one(_IS, 0, 5, FUTEX_WAIT),
        *pointer,
    ]


def _one(operation: int, if_so: int, if_not: int, value: int) -> bytes:
    return struct.pack("<HBBI", operation, if_so, if_not, value)
