"""Landlock: a process and all that it starts writes in named places alone (landlock(7)).

Rules: reading stays as it is, as an interpreter reads from everywhere. Version 1 of the kernel's
interface forbids every rename between directories, so it is not used. A newer one adds what it can:
truncating (3), TCP (4), devices (5), signals and abstract sockets (6).
"""

from __future__ import annotations

import os
import stat
import struct
from collections.abc import Iterable

from .native import ADD_RULE, CREATE_RULESET, RESTRICT_SELF, landlock

_WRITE_FILE, _TRUNCATE, _IOCTL_DEVICE = 1 << 1, 1 << 14, 1 << 15
#: Removing, making and moving: REMOVE_DIR (4) to REFER (13).
_CHANGES = sum(1 << bit for bit in range(4, 14))
_OF_A_FILE = _WRITE_FILE | _TRUNCATE | _IOCTL_DEVICE
#: Binding and connecting by TCP; abstract Unix sockets and signals to processes outside.
_NET, _SCOPE = 3, 3
#: The kernel's least version that is used.
_LEAST = 2
_VERSION_FLAG, _BENEATH = 1, 1

#: What every program may write to.
_FREE = ("/dev/null", "/dev/zero", "/dev/full", "/dev/tty", "/dev/ptmx", "/dev/pts")


def version() -> int:
    """Of the kernel's interface. Raises OSError where there is none that can be used."""
    found = landlock(CREATE_RULESET, None, 0, _VERSION_FLAG)
    if found < _LEAST:
        raise OSError(95, "it forbids every rename between directories")
    return found


def restrict(writable: Iterable[str]) -> list[str]:
    """From now on only below these places; gives what holds. Raises OSError."""
    abi = version()
    handled = _WRITE_FILE | _CHANGES | (_TRUNCATE if abi >= 3 else 0) | (_IOCTL_DEVICE if abi >= 5 else 0)
    net, scope = (_NET if abi >= 4 else 0), (_SCOPE if abi >= 6 else 0)
    attributes = struct.pack("=QQQ", handled, net, scope)[: 24 if abi >= 6 else 16 if abi >= 4 else 8]
    rules = landlock(CREATE_RULESET, attributes, len(attributes), 0)
    try:
        for place in (*writable, *_FREE):
            _allow(rules, place, handled)
        landlock(RESTRICT_SELF, rules, 0)
    finally:
        os.close(rules)
    held = {"writes": True, "tcp": bool(net), "signals": bool(scope)}
    return [name for name, holds in held.items() if holds]


def _allow(rules: int, place: str, handled: int) -> None:
    try:
        descriptor = os.open(place, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # what is not there cannot be written
    try:
        is_directory = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        rights = handled if is_directory else handled & _OF_A_FILE
        landlock(ADD_RULE, rules, _BENEATH, struct.pack("=Qi", rights, descriptor), 0)
    finally:
        os.close(descriptor)
