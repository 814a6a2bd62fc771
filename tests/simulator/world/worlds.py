"""Both worlds for tests: the same furniture, a listener that writes down what it hears."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from etp_kit.simulator.world import files
from etp_kit.simulator.world import seam as seams
from etp_kit.simulator.world.fake import FakeKernel
from etp_kit.simulator.world.hooks import install_seam
from etp_kit.simulator.world.real import RealKernel


class Recorder:
    """A listener that keeps the calls;
    a test may give it an act for a call, by the call's place (from 0).
    """

    def __init__(self) -> None:
        self.trace: list[str] = []
        self.acts: dict[int, Callable[[], object]] = {}
        self.acts_after: dict[int, Callable[[], object]] = {}
        self.reversed = False
        self.endless: set[str] = set()
        self.shortest: int | None = None

    def before(self, label: str, path: str) -> None:
        self.trace.append(f"{label} {path}")
        self.acts.get(len(self.trace) - 1, bool)()

    def after(self, label: str, path: str, number: int) -> None:
        if number:
            self.trace[-1] += f" {errno.errorcode.get(number, number)}"
        self.acts_after.get(len(self.trace) - 1, bool)()

    def order(self, names: list[Any]) -> list[Any]:
        return names[::-1] if self.reversed else names

    def is_endless(self, label: str, path: str) -> bool:
        return path in self.endless

    def shorten(self, path: str, wanted: int) -> int:
        return wanted if self.shortest is None else min(wanted, self.shortest)


class Stage:
    """A kernel with a furnished root and a seam before it."""

    def __init__(self, kernel: Any, root: str) -> None:
        self.kernel = kernel
        self.root = root
        self.listener = Recorder()
        self.seam = seams.Seam(kernel, root, self.listener)

    def make(self, path: str, data: bytes = b"") -> None:
        function = self.kernel.function
        fd = function("open")(f"{self.root}/{path}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        function("write")(fd, data)
        function("close")(fd)

    def contents(self, path: str) -> bytes:
        function = self.kernel.function
        fd = function("open")(f"{self.root}/{path}", os.O_RDONLY)
        data: bytes = function("read")(fd, 1 << 20)
        function("close")(fd)
        return data

    def names(self, path: str = "") -> list[str]:
        return sorted(name for name, _ in self.kernel.entries(f"{self.root}/{path}"))

    def furnish(self) -> None:
        function = self.kernel.function
        for directory in ("d", "d/e"):
            function("mkdir")(f"{self.root}/{directory}")
        self.make("d/1.json", b'{"a": 1}\nline two\n')
        self.make("d/2.json", "zwölf\r\nzeilen".encode())
        self.make("d/e/deep", b"x" * 20_000)
        function("symlink")("1.json", f"{self.root}/d/link")
        function("symlink")("nowhere", f"{self.root}/d/dangling")
        function("mkfifo")(f"{self.root}/d/fifo")

    @contextmanager
    def entered(self) -> Iterator[Stage]:
        seams.enter_seam(self.seam)
        try:
            yield self
        finally:
            seams.enter_seam(None)
            self.seam.release()


def fake_stage() -> Stage:
    install_seam()
    files.install_files()
    kernel = FakeKernel()
    kernel.function("mkdir")("/world")
    kernel.process.cwd = "/world"
    stage = Stage(kernel, "/world")
    stage.furnish()
    return stage


def real_stage(directory: Path) -> Stage:
    install_seam()
    files.install_files()
    directory.mkdir()
    stage = Stage(RealKernel(), str(directory))
    stage.furnish()
    return stage
