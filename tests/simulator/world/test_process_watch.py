"""The process around a collector: what is changed is seen and put back, and what only looks like a
change is none.
"""

from __future__ import annotations

import contextlib
import gc
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
import warnings
from collections.abc import Callable
from typing import Any

import pytest

from etp_kit.simulator.base.gc_pause import uncollected
from etp_kit.simulator.world import process_watch, seam
from etp_kit.simulator.world.fake import FakeKernel
from etp_kit.simulator.world.hooks import install_seam
from etp_kit.simulator.world.real import RealKernel
from tests.simulator.world.child import in_child
from tests.simulator.world.worlds import Recorder

KEPT: list[Any] = []



#: One way to change each aspect.
CHANGES: dict[str, tuple[str, Callable[[], Any]]] = {
    "chdir": ("the working directory", lambda: os.chdir("/usr")),
    "umask": ("the umask", lambda: os.umask(0o077)),
    "environ": ("the environment", lambda: os.environ.update(ETP_TEST="1")),
    "unset": ("the environment", lambda: os.environ.pop("PATH")),
    "handler": ("signals", lambda: signal.signal(signal.SIGUSR2, signal.SIG_IGN)),
    "alarm": ("signals", lambda: signal.alarm(1_000)),
    "mask": ("signals", lambda: signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])),
    "locale": ("the locale", lambda: locale.setlocale(locale.LC_TIME, "C.UTF-8")),
    "stdout": ("the standard streams", lambda: setattr(sys, "stdout", None)),
    "descriptor 2": ("the standard streams", lambda: seam.REAL["close"](2)),
    "excepthook": ("the interpreter's hooks", lambda: setattr(sys, "excepthook", print)),
    "trace": ("the interpreter's hooks", lambda: sys.settrace(lambda *_: None)),
    "sys.path": ("where modules are imported from", lambda: sys.path.append("/tmp")),
    "meta_path": ("where modules are imported from", lambda: sys.meta_path.append(object())),
    "recursion": ("the interpreter's limits", lambda: sys.setrecursionlimit(54_321)),
    "digits": ("the interpreter's limits", lambda: sys.set_int_max_str_digits(0)),
    "sockets": ("the default time-out of sockets", lambda: socket.setdefaulttimeout(3)),
    "gc off": ("the collection of garbage", gc.disable),
    "gc threshold": ("the collection of garbage", lambda: gc.set_threshold(5)),
    "root level": ("the root logger", lambda: logging.getLogger().setLevel(17)),
    "root handlers": ("the root logger", lambda: logging.basicConfig(force=True)),
    "logging off": ("the root logger", logging.disable),
    "warnings": ("the filters of warnings", lambda: warnings.simplefilter("ignore")),
    "core dumps": ("the process's limits and ids", lambda: resource.setrlimit(resource.RLIMIT_CORE, (0, 0))),
    "seed": ("the seed of the shared random numbers", lambda: random.seed(1)),
    "state": ("the seed of the shared random numbers", lambda: random.setstate(random.Random(1).getstate())),
    "patched": ("json.dumps", lambda: setattr(json, "dumps", repr)),
    "thread": ("threads are left", lambda: threading.Thread(target=threading.Event().wait, daemon=True).start()),
    "pipe": ("descriptors are left open", lambda: KEPT.extend(socket.socketpair())),
}  # fmt: skip


def _handler() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, before)


def _quiet() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")


def _thread() -> None:
    thread = threading.Thread(target=lambda: None)
    thread.start()
    thread.join()


def _ending() -> None:
    """A thread that will end, and nobody waits for it."""
    threading.Thread(target=time.sleep, args=(0.2,)).start()


def _cycle() -> None:
    """A socket that only the collection of garbage closes."""
    one: list[Any] = list(socket.socketpair())
    one.append(one)


#: What a collector may do.
HARMLESS: dict[str, Callable[[], Any]] = {
    "nothing": lambda: None,
    "a handler put back": _handler,
    "a filter for a while": _quiet,
    "a thread that ended": _thread,
    "a thread that ends": _ending,
    "a socket in a cycle": _cycle,
    "random numbers": random.random,
    "a generator of its own": lambda: random.Random(3).random(),
    "an own logger": lambda: logging.getLogger("mine").addHandler(logging.NullHandler()),
    "a module": lambda: __import__("sqlite3"),
    "gc": gc.collect,
    "gc off and on": lambda: (gc.disable(), gc.enable()),
    "the environment read": lambda: os.environ.get("HOME"),
}


def _looked(name: str, change: Callable[[], Any], kernel: type[Any]) -> tuple[list[str], list[str]]:
    """What is told of a change, and of nothing more after it."""
    install_seam()
    process_watch.install_process_watch()
    backend = kernel()
    if kernel is FakeKernel:
        backend.function("mkdir")("/usr")
    with uncollected():
        look = process_watch.Look(backend.function)
        seam.enter_seam(seam.Seam(backend, "/", Recorder()))
        with contextlib.suppress(KeyError):
            change()
        seam.enter_seam(None)
        return look.changed(), look.changed() if name not in {"core dumps", "descriptor 2", "seed", "state"} else []


@pytest.mark.parametrize("kernel", [FakeKernel, RealKernel])
@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_told_once_and_put_back(name: str, kernel: type[Any]) -> None:
    what, change = CHANGES[name]
    assert in_child(_looked, name, change, kernel) == ([what], [])


@pytest.mark.parametrize("name", HARMLESS)
def test_what_a_collector_may_do_is_no_change(name: str) -> None:
    assert in_child(_looked, name, HARMLESS[name], RealKernel) == ([], [])


def test_a_working_directory_that_has_gone_is_none_of_the_kits_trouble(tmp_path: Any) -> None:
    def gone() -> list[str]:
        here = tmp_path / "here"
        here.mkdir()
        os.chdir(here)
        look = process_watch.Look(RealKernel().function)
        here.rmdir()
        return look.changed()

    assert in_child(gone) == ["the working directory"]


def test_what_a_collector_replaced_of_the_library_is_put_back() -> None:
    """The kit plans the next run with the same functions."""

    def replaced() -> tuple[bool, bool, bool]:
        process_watch.install_process_watch()
        before = json.dumps
        json.dumps = repr
        was_replaced = json.dumps is not before
        process_watch.restore_library()
        return was_replaced, json.dumps is before, random.seed.__name__ == "seed"

    assert in_child(replaced) == (True, True, True)


def test_a_function_that_is_gone_from_the_library_is_put_back() -> None:
    def gone() -> bool:
        process_watch.install_process_watch()
        before = json.loads
        del json.loads
        process_watch.restore_library()
        return json.loads is before

    assert in_child(gone)


def test_without_a_watch_the_library_is_left_as_it_is() -> None:
    """In a user's own tests it is theirs."""

    def own() -> bool:
        json.dumps = repr
        process_watch.restore_library()
        return json.dumps is repr

    assert in_child(own)
