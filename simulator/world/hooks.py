"""Puts the seam in place: the functions of ``os`` are replaced once a process.

Each wrapper asks which seam is current and sends the call on by its row's route. What the standard
library bound at its import is found and replaced too.
"""

from __future__ import annotations

import linecache
import os
import sys
import threading
import types
from collections.abc import Callable
from typing import Any

from .calls import CALLS, Call, Route
from .early_names import rebind
from .listing import Entry
from .seam import REAL, Seam, aside, current

#: Modules of the standard library that keep functions of ``os``
#: in tables and class attributes, bound when they are imported.
_KEEPERS = ("glob", "pathlib", "pathlib._local", "pathlib._os", "shutil", "tempfile")

#: Who reads source code from the real disk in the middle of a collector's run,
#: to show the line of an error.
_READERS_OF_SOURCE: tuple[tuple[types.ModuleType, tuple[str, ...]], ...] = (
    (linecache, ("checkcache", "updatecache")),
    (sys, ("excepthook", "unraisablehook")),
    (threading, ("excepthook",)),
)


def _own(seam: Seam, name: str, _: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    return getattr(seam, name)(*args, **kwargs)


def _unheard(seam: Seam, name: str, _: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    return seam.function(name)(*args, **kwargs)


_ROUTES: dict[Route, Callable[[Seam, str, str, tuple[Any, ...], dict[str, Any]], Any]] = {
    Route.PATH: Seam.by_path,
    Route.DESCRIPTOR: Seam.by_descriptor,
    Route.TWO_PATHS: Seam.by_two_paths,
    Route.OWN: _own,
    Route.LISTING: _own,
    Route.UNHEARD: _unheard,
    Route.REFUSED: Seam.not_modelled,
}


def _wrap(call: Call) -> Callable[..., Any]:
    name, label, route, real = call.name, call.label, _ROUTES[call.route], REAL[call.name]

    def hooked(*args: Any, **kwargs: Any) -> Any:
        seam = current()
        if seam is None:
            return real(*args, **kwargs)
        return route(seam, name, label, args, kwargs)

    hooked.__name__ = hooked.__qualname__ = name
    hooked.__doc__ = real.__doc__
    vars(hooked)["etp_real"] = real  # how a hooked function is told from a real one
    return hooked


def unseen(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function with its calls kept from the seam."""

    def set_aside(*args: Any, **kwargs: Any) -> Any:
        with aside():
            return function(*args, **kwargs)

    return set_aside


def install_seam() -> None:
    """Replace the functions of ``os``, once a process.
    Without a current seam they behave as before.
    """
    if hasattr(os.open, "etp_real"):
        return
    hooked = {name: _wrap(CALLS[name]) for name in REAL}
    for supported in (os.supports_dir_fd, os.supports_fd, os.supports_follow_symlinks, os.supports_effective_ids):
        # Callers ask `os.stat in os.supports_dir_fd`.
        supported.update(wrapper for name, wrapper in hooked.items() if REAL[name] in supported)
    for name, wrapper in hooked.items():
        setattr(os, name, wrapper)
    os.DirEntry = Entry  # type: ignore[misc, assignment] # to replace it is the point
    rebind(*(sys.modules[name] for name in _KEEPERS if name in sys.modules))
    for module, names in _READERS_OF_SOURCE:
        for name in names:
            setattr(module, name, unseen(getattr(module, name)))
