"""A scheduler of dask.distributed and workers on this machine, as two commands start them."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path

#: Real seconds that a scheduler or a worker may take to come up on a busy machine.
_PATIENCE = 120


class Cluster:
    """A scheduler and its workers, each a process of its own, on loopback. ``home``: where they
    write. Ended by ``end``.
    """

    def __init__(self, home: Path, workers: int) -> None:
        self._home = home
        self._processes: list[subprocess.Popen[bytes]] = []
        self.address = self._wait(
            self._start("scheduler", "--port", "0", "--no-dashboard", "--host", "127.0.0.1"), r"at:\s+(tcp://\S+)"
        )
        self.workers = [self._worker(number) for number in range(workers)]

    def _worker(self, number: int) -> subprocess.Popen[bytes]:
        arguments = (
            "worker",
            self.address,
            "--nthreads",
            "1",
            "--no-nanny",
            "--no-dashboard",
            "--name",
            f"worker-{number}",
        )
        log = self._start(*arguments, "--local-directory", str(self._home))
        self._wait(log, r"(Registered to)")
        return self._processes[-1]

    def _start(self, *arguments: str) -> Path:
        log = self._home / f"log-{len(self._processes)}"
        with log.open("wb") as stream:
            self._processes.append(
                subprocess.Popen([sys.executable, "-m", "dask", *arguments], stdout=stream, stderr=stream)
            )
        return log

    def _wait(self, log: Path, pattern: str) -> str:
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            if found := re.search(pattern, log.read_text(errors="replace")):
                return found[1]
            time.sleep(0.1)
        raise AssertionError(log.read_text(errors="replace"))

    def end(self) -> None:
        for process in reversed(self._processes):
            process.kill()
            process.wait()
