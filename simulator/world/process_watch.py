"""The agent's process around a collector: what of it can be changed for everybody, looked at before
and after.

A collector is a guest. The working directory, the umask, the handlers of signals, the root logger
and a dozen more are one for the whole process. Whoever changes them changes them for the agent. The
rule: an aspect is compared, and its contents never shown (an environment may hold secrets). It is
put back where that can be done. So the next pass is judged for itself and the kit goes on as
before. Who restores what it changed has changed nothing.
"""

from __future__ import annotations

import builtins
import contextlib
import datetime
import gc
import io
import json
import locale
import logging
import os
import random
import resource
import signal
import socket
import sys
import threading
import time
import types
import warnings
from collections.abc import Callable, Iterable
from copy import copy
from operator import is_, itemgetter
from typing import Any, NamedTuple

from . import seam as seams
from .clock import real_monotonic, real_sleep

#: Modules that all share, of which no function or class may be replaced.
_SHARED = (builtins, datetime, io, json, logging, os, random, signal, socket, sys, threading, time, warnings)
_TIMERS = (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF)
#: Real seconds for a thread that was told to end: a busy machine lets it wait for its turn.
_GRACE = 3.0

_real_seed, _real_setstate = random.seed, random.setstate
_listing: Callable[[str], list[str]] = seams.REAL["listdir"]
_seeded = False
#: What the shared modules held when the watch was installed.
_library: list[Functions] = []


class Functions:
    """The functions and classes of a module that all share, at one moment. They are compared in one
    go: there are a thousand, and each run looks at them.
    """

    def __init__(self, module: types.ModuleType) -> None:
        self._module = module
        self._names = [name for name, value in vars(module).items() if callable(value)]
        self._all_of = itemgetter(*self._names)
        self._then = self._all_of(vars(module))

    def again(self) -> Functions:
        """What the same names hold now."""
        found = copy(self)
        found._then = self._all_of(vars(self._module))
        return found

    def put_back(self) -> list[str]:
        """Put back what was replaced or taken away; its names."""
        with contextlib.suppress(KeyError):  # one was taken away
            if all(map(is_, self._all_of(vars(self._module)), self._then)):
                return []
        pairs = zip(self._names, self._then, strict=True)
        found = {name: value for name, value in pairs if vars(self._module).get(name) is not value}
        vars(self._module).update(found)
        return [f"{self._module.__name__}.{name}" for name in found]


class Aspect(NamedTuple):
    """One thing that belongs to the process: its value now, and how an earlier one is put back
    (None: it cannot be).
    """

    name: str
    value: Callable[[], Any]
    put_back: Callable[[Any], object] | None = None


def _set_environment(before: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(before)
    time.tzset()


def _signals() -> Any:
    handlers = {number: signal.getsignal(number) for number in signal.valid_signals()}
    return handlers, [any(signal.getitimer(timer)) for timer in _TIMERS], signal.pthread_sigmask(signal.SIG_BLOCK, [])


def _set_signals(before: Any) -> None:
    handlers, timers, mask = before
    for timer, runs in zip(_TIMERS, timers, strict=True):
        if not runs:
            signal.setitimer(timer, 0)
    for number, handler in handlers.items():
        if handler is not None and signal.getsignal(number) is not handler:
            with contextlib.suppress(OSError, ValueError):
                signal.signal(number, handler)
    signal.pthread_sigmask(signal.SIG_SETMASK, mask)


def _streams() -> Any:
    told: list[tuple[int, int] | None] = []
    for descriptor in (0, 1, 2):
        try:
            found = seams.REAL["fstat"](descriptor)
            told.append((found.st_dev, found.st_ino))
        except OSError:
            told.append(None)
    return (sys.stdin, sys.stdout, sys.stderr), told


def _set_streams(before: Any) -> None:
    sys.stdin, sys.stdout, sys.stderr = before[0]


#: Where functions are kept that the interpreter calls for everybody.
_HOOKS = ((sys, "excepthook"), (sys, "unraisablehook"), (sys, "displayhook"), (threading, "excepthook"))


def _hooks() -> Any:
    return [getattr(module, name) for module, name in _HOOKS], sys.gettrace(), sys.getprofile()


def _set_hooks(before: Any) -> None:
    for (module, name), hook in zip(_HOOKS, before[0], strict=True):
        setattr(module, name, hook)
    sys.settrace(before[1])
    sys.setprofile(before[2])


def _imports() -> Any:
    return list(sys.path), list(sys.meta_path), list(sys.path_hooks), sys.dont_write_bytecode


def _set_imports(before: Any) -> None:
    sys.path[:], sys.meta_path[:], sys.path_hooks[:], sys.dont_write_bytecode = before


def _interpreter() -> Any:
    return sys.getrecursionlimit(), sys.getswitchinterval(), sys.get_int_max_str_digits(), threading.stack_size()


def _set_interpreter(before: Any) -> None:
    with contextlib.suppress(RecursionError):
        sys.setrecursionlimit(before[0])
    sys.setswitchinterval(before[1])
    sys.set_int_max_str_digits(before[2])
    threading.stack_size(before[3])


def _logging() -> Any:
    root = logging.getLogger()
    own = (root.level, root.disabled, list(root.handlers), list(root.filters), root.propagate)
    return (
        own,
        logging.raiseExceptions,
        root.manager.disable,
        logging.lastResort,
        logging.getLoggerClass(),
        logging.getLogRecordFactory(),
    )


def _set_logging(before: Any) -> None:
    root = logging.getLogger()
    own, logging.raiseExceptions, disabled, logging.lastResort, kind, factory = before
    level, root.disabled, root.handlers[:], root.filters[:], root.propagate = own
    root.setLevel(level)
    logging.disable(disabled)
    logging.setLoggerClass(kind)
    logging.setLogRecordFactory(factory)


def _warnings() -> Any:
    return list(warnings.filters), warnings.showwarning, warnings.formatwarning


def _set_warnings(before: Any) -> None:
    warnings.filters[:] = before[0]  # type: ignore[index] # a list, where typeshed has a Sequence
    warnings.showwarning, warnings.formatwarning = before[1:]


def _collection() -> Any:
    return gc.isenabled(), gc.get_threshold(), gc.get_debug(), list(gc.callbacks)


def _set_collection(before: Any) -> None:
    (gc.enable if before[0] else gc.disable)()
    gc.set_threshold(*before[1])
    gc.set_debug(before[2])
    gc.callbacks[:] = before[3]


def _limits() -> Any:
    names = [name for name in dir(resource) if name.startswith("RLIMIT_")]
    limits = {name: resource.getrlimit(getattr(resource, name)) for name in names}
    return limits, os.getpriority(os.PRIO_PROCESS, 0), os.getresuid(), os.getresgid(), os.getpgrp(), os.getsid(0)


def _shared() -> list[Functions]:
    return [Functions(module) for module in _SHARED]


def _umask(function: Callable[[str], Callable[..., Any]]) -> int:
    mask: int = function("umask")(0o022)
    function("umask")(mask)
    return mask


def _aspects(function: Callable[[str], Callable[..., Any]]) -> list[Aspect]:
    """All of them. ``function``: the world's own form of a function of ``os``."""
    return [
        Aspect("the working directory", function("getcwd"), function("chdir")),
        Aspect("the umask", lambda: _umask(function), function("umask")),
        Aspect("the environment", lambda: dict(os.environ), _set_environment),
        Aspect("signals", _signals, _set_signals),
        Aspect(
            "the locale", lambda: locale.setlocale(locale.LC_ALL), lambda value: locale.setlocale(locale.LC_ALL, value)
        ),
        Aspect("the standard streams", _streams, _set_streams),
        Aspect("the interpreter's hooks", _hooks, _set_hooks),
        Aspect("where modules are imported from", _imports, _set_imports),
        Aspect("the interpreter's limits", _interpreter, _set_interpreter),
        Aspect("the default time-out of sockets", socket.getdefaulttimeout, socket.setdefaulttimeout),
        Aspect("the collection of garbage", _collection, _set_collection),
        Aspect("the root logger", _logging, _set_logging),
        Aspect("the filters of warnings", _warnings, _set_warnings),
        Aspect("the process's limits and ids", _limits),
    ]


class Look:
    """The process at one moment, behind a world."""

    def __init__(self, function: Callable[[str], Callable[..., Any]]) -> None:
        global _seeded  # noqa: PLW0603 - one a process, as the generator is
        self._aspects = _aspects(function)
        self._values = [_asked(aspect) for aspect in self._aspects]
        self._shared = [functions.again() for functions in _library] or _shared()
        self._threads = set(threading.enumerate())
        self._descriptors = _descriptors()
        _seeded = False

    def changed(self, known: Iterable[int] = (), *, threads: bool = True) -> list[str]:
        """What is otherwise now, by name; it is put back where it can be.

        ``known``: descriptors that are counted elsewhere. ``threads``: whether they are looked at;
        those of a service have a clause of their own.
        """
        found = []
        for aspect, before in zip(self._aspects, self._values, strict=True):
            if _asked(aspect) != before:
                found.append(aspect.name)
                if aspect.put_back is not None:
                    with contextlib.suppress(OSError, ValueError):
                        aspect.put_back(before)
        for functions in self._shared:
            found += functions.put_back()
        if _seeded:
            found.append("the seed of the shared random numbers")
        if threads and self._left_threads():
            found.append("threads are left")
        if self._left_descriptors(known):
            found.append("descriptors are left open")
        return found

    def _left_threads(self) -> bool:
        """Whether a thread that was not there is there, also after those that are about to end had
        time to.
        """
        until = real_monotonic() + _GRACE
        while (
            left := [thread for thread in threading.enumerate() if thread not in self._threads]
        ) and real_monotonic() < until:
            real_sleep(0.01)
        self._threads |= set(left)  # it is told once
        return bool(left)

    def _left_descriptors(self, known: Iterable[int]) -> bool:
        ours = self._descriptors | set(known)
        if not _descriptors() - ours:
            return False
        gc.collect()  # what nobody holds any more is closed then
        left = _descriptors() - ours
        self._descriptors |= left
        return bool(left)


def _asked(aspect: Aspect) -> Any:
    try:
        return aspect.value()
    except (OSError, ValueError) as error:
        return type(error).__name__  # a working directory that has gone


def _descriptors() -> set[int]:
    """The open descriptors of the process, without that of the listing itself."""
    found = {int(name) for name in _listing("/proc/self/fd")}
    open_still = set()
    for descriptor in found:
        with contextlib.suppress(OSError):
            seams.REAL["fstat"](descriptor)
            open_still.add(descriptor)
    return open_still


def count_descriptors() -> int:
    """How many descriptors the process has open, once what nobody holds is closed."""
    return len(_descriptors())


def install_process_watch() -> None:
    """Hear of a collector that seeds the random numbers of all, and remember the shared modules;
    once a process, after whatever else of the kit replaces functions of theirs.

    Drawing from the random numbers is nobody's harm.
    """
    if random.seed is not _real_seed:
        return

    def seed(*args: Any, **kwargs: Any) -> None:
        _heard()
        _real_seed(*args, **kwargs)

    def setstate(state: Any) -> None:
        _heard()
        _real_setstate(state)

    seed.etp_real, setstate.etp_real = _real_seed, _real_setstate  # type: ignore[attr-defined] # a mark on a function
    random.seed, random.setstate = seed, setstate
    _library.extend(_shared())


def restore_library() -> None:
    """Put back each function of a shared module that a collector replaced, where the watch is
    installed: the kit plans and judges with the same functions, and the next run begins with them.
    """
    for functions in _library:
        functions.put_back()


def _heard() -> None:
    global _seeded  # noqa: PLW0603 - one a process
    if seams.current() is not None:
        _seeded = True
