"""What of the cage is asked for, what this machine has of it, and the one function that closes it.

Rules: a layer that cannot be had is told, and the others hold all the same. ``require`` refuses
before anything runs. A cage is closed once a process, and everything that it starts is inside.
"""

from __future__ import annotations

import os
import resource
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from typing import Literal, get_args

from ..base import BadInput
from .landlock import restrict, version
from .native import no_capabilities, no_new_privileges, unshare

Cages = Literal["require", "try", "off"]
CAGES: tuple[Cages, ...] = get_args(Cages)

_NEW_USER, _NEW_NET, _NEW_IPC = 0x10000000, 0x40000000, 0x08000000
#: Bytes of a file, descriptors and processes: ten times what the heaviest scenario takes.
_MOST_FILE, _MOST_DESCRIPTORS, _MOST_PROCESSES = 2 << 30, 8_192, 8_192

_asked: Cages = "try"
_held: tuple[str, ...] = ()
_writable: tuple[str, ...] = ()


def ask_for_cage(cage: Cages) -> None:
    """Choose, for this process and the workers that it forks.

    Raises BadInput where what is required cannot be had.
    """
    global _asked  # noqa: PLW0603 - one choice a command
    if cage == "require" and (lacking := lacking_layers()):
        told = "; ".join(f"{layer}: {why}" for layer, why in lacking.items())
        hint = "--cage try takes what there is"
        raise BadInput(f"no collector can be caged here: {told}", where="--cage require", hint=hint)
    _asked = cage


def asked_cage() -> Cages:
    """What was chosen."""
    return _asked


def held_layers() -> tuple[str, ...]:
    """The layers that hold in this process."""
    return _held


def enclose(writable: Sequence[str], also: Sequence[str] = ()) -> tuple[str, ...]:
    """Close the cage around this process: what it starts writes below these places alone. Gives the
    layers that hold. Nothing where it was closed before, or is not asked for.

    ``also``: what the kit itself writes to, and no program that it starts (``enclose_program``).
    """
    global _held, _writable
    if _asked != "off" and not _held:
        found: list[str] = []
        for close in (_limit, _part, lambda: _confine((*writable, *also))):
            with suppress(OSError, ValueError):
                found += close()
        _held, _writable = tuple(found), tuple(writable)
    return _held


def enclose_program() -> None:
    """Close the inner cage around this process, which becomes a program or starts one.

    Of what the kit may write to it has the world and its temporary directory alone.
    """
    if _held:
        with suppress(OSError):
            restrict(_writable)


@cache
def lacking_layers() -> dict[str, str]:
    """Which layers this machine does not have, and why: tried once, in a child."""
    tries: dict[str, Callable[[], object]] = {"landlock": version, "namespaces": _tried_to_part}
    found = {}
    for name, attempt in tries.items():
        try:
            attempt()
        except OSError as error:
            found[name] = str(error.strerror)
    return found


def _limit() -> list[str]:
    limits = (
        (resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, _MOST_FILE),
        (resource.RLIMIT_NOFILE, _MOST_DESCRIPTORS), (resource.RLIMIT_NPROC, _MOST_PROCESSES),
    )  # fmt: skip
    for number, most in limits:
        _, hard = resource.getrlimit(number)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(number, (most, most))
    return ["limits"]


def _part() -> list[str]:
    """A network and System V objects of its own: there is nobody else in them. Raises OSError."""
    try:
        unshare(_NEW_NET | _NEW_IPC)
    except PermissionError:
        if not os.access("/proc/self/setgroups", os.W_OK):
            raise  # nobody could be anybody in the new namespace
        user, group = os.geteuid(), os.getegid()
        unshare(_NEW_USER | _NEW_NET | _NEW_IPC)
        _write("/proc/self/setgroups", "deny")
        _write("/proc/self/uid_map", f"{user} {user} 1")
        _write("/proc/self/gid_map", f"{group} {group} 1")
        no_capabilities()
    return ["network"]


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="ascii") as file:
        file.write(text)


def _confine(writable: Sequence[str]) -> list[str]:
    no_new_privileges()
    try:
        return ["privileges", *restrict(writable)]
    except OSError:
        return ["privileges"]


def _tried_to_part() -> None:
    child = os.fork()
    if not child:
        code = 1
        with suppress(BaseException):
            try:
                _part()
                code = 0
            except OSError as error:
                code = error.errno or 1
        os._exit(code)
    if code := os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
        raise OSError(abs(code), os.strerror(abs(code)))
