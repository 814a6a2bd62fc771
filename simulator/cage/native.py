"""Calls of Linux that Python's library lacks, by their numbers (every machine since 2012 has the
same for these).
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
from typing import Any

_libc = ctypes.CDLL(None, use_errno=True)
_syscall, _prctl, _unshare = _libc.syscall, _libc.prctl, _libc.unshare
_syscall.restype = ctypes.c_long

#: landlock_create_ruleset, landlock_add_rule, landlock_restrict_self: asm-generic, and x86's too.
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
_PR_SET_NO_NEW_PRIVS = 38
_CAPABILITY_VERSION = 0x20080522
#: Machines whose numbers from 424 on are these.
KNOWN_MACHINE = platform.machine() in {
    "aarch64", "armv7l", "i686", "loongarch64", "ppc64le", "riscv64", "s390x", "x86_64"
}  # fmt: skip


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def landlock(number: int, *args: int | bytes | None) -> int:
    """One of Landlock's calls. Raises OSError."""
    if not KNOWN_MACHINE:
        raise OSError(38, os.strerror(38))
    return _checked(_syscall(ctypes.c_long(number), *map(_given, args)))


def _given(argument: int | bytes | None) -> Any:
    if argument is None:
        return ctypes.c_void_p(None)
    return ctypes.c_size_t(argument) if isinstance(argument, int) else argument


def no_new_privileges() -> None:
    """Raises OSError."""
    _checked(_prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))


def unshare(flags: int) -> None:
    """Raises OSError."""
    _checked(_unshare(ctypes.c_int(flags)))


def no_capabilities() -> None:
    """Lay down every capability, those of a new user namespace among them. Raises OSError."""
    header = struct.pack("=Ii", _CAPABILITY_VERSION, 0)
    _checked(_libc.capset(header, bytes(24)))
