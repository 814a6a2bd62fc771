"""The fake world's kernel: Linux's file-system calls over pyfakefs's tree of files.

Rules:

* pyfakefs keeps the tree (``nodes``).
  Its ``FakeFilesystem`` is created once and reset between runs.
* The calls are ours, because a careful collector looks exactly where pyfakefs's own ``os`` departs
  from Linux. Its ``open`` changes modes, a FIFO opens at once, links resolve as text, sixteen calls
  fall through to the real system. docs/adr/0002-fake-kernel.md lists them;
  tests/simulator/world/test_fidelity.py compares ours with the real kernel.
* ``simulator.world.calls`` says which calls are modelled.
  Each is a method of its own name in one of the parts.
* Every user is root, as the agent is.
  Descriptors start at 1000, so that none can be taken for a real one.
* What is not modelled raises ``NotModelled`` and never reaches the real system.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from typing import Any

from ..calls import CALLS, Route, may_wait
from ..signals import NotModelled, WouldBlock
from .attributes import Attributes
from .contents import Contents
from .descriptors import Descriptors
from .names import Names
from .process import Process

#: Beyond every number that the tree gives a device.
MOUNTED = 1_000


class FakeKernel:
    """One process's fake kernel; ``reset()`` empties it."""

    models_everything = False

    def __init__(self) -> None:
        self.process = Process()
        self._names = Names(self.process)
        parts = (self.process, Descriptors(self.process), Contents(self.process), self._names, Attributes(self.process))
        self._functions: dict[str, Callable[..., Any]] = {
            call.name: next(getattr(part, call.name) for part in parts if hasattr(part, call.name))
            for call in CALLS.values()
            if call.modelled and call.route is not Route.LISTING
        }

    def reset(self, disk_size: int | None = None) -> None:
        """A new process over an empty root; no disk limit unless given (bytes)."""
        self.process.reset(disk_size)

    def mount(self, path: str) -> None:
        """From now on the empty directory, and what will be in it, is of a device of its own."""
        directory = self.process.find(path, None, True)
        directory.st_dev = directory.st_ino + MOUNTED

    def function(self, name: str) -> Callable[..., Any]:
        try:
            return self._functions[name]
        except KeyError:
            raise NotModelled(f"os.{name} is not modelled in the fake world") from None

    def entries(self, path: Any) -> list[tuple[Any, str]]:
        return self._names.entries(path)

    def refuse_blocking(self, path: Any, flags: int, dir_fd: int | None) -> None:
        if not may_wait(flags):
            return
        try:
            node = self.process.find(path, dir_fd, follow=not flags & os.O_NOFOLLOW)
        except (OSError, ValueError):
            return
        if stat.S_ISFIFO(node.stat_result.st_mode):
            raise WouldBlock("open of a FIFO waits for its other end")
