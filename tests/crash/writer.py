"""Extensions that go on writing: whole files by rename, never more than a quota waiting."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.collector.samples import QUOTA, encode, event

HANDLERS = ("Contoso.A-1.0", "Contoso.B-1.0", "Contoso.C-1.0")
PER_FILE = 4
#: Files of a handler that wait at most: what lies beyond the quota may be discarded.
_MOST_WAITING = QUOTA // PER_FILE // 2
#: Seconds between two looks at a directory that is full.
_LOOK = 0.001


class Writer:
    """Writes in a thread of its own until it is ended; ``written`` has the names of all events."""

    def __init__(self, log_dir: Path) -> None:
        self.written: list[str] = []
        self._directories = [log_dir / handler / "events" for handler in HANDLERS]
        for directory in self._directories:
            directory.mkdir(parents=True)
        self._full = threading.Event()
        self._over = threading.Event()
        threads = ThreadPoolExecutor(1)
        self._done = threads.submit(self._write)
        threads.shutdown(wait=False)

    def wait_until_full(self) -> None:
        """Until a directory holds as much as may wait."""
        self._full.wait()

    def end(self) -> None:
        """Raises what ended it before: kills without load would show nothing."""
        self._over.set()
        self._done.result()

    def _write(self) -> None:
        number = 0
        while not self._over.is_set():
            directory = self._directories[number % len(self._directories)]
            if len(os.listdir(directory)) >= _MOST_WAITING:
                self._full.set()
                self._over.wait(_LOOK)
            else:
                self._write_file(directory, number)
            number += 1

    def _write_file(self, directory: Path, number: int) -> None:
        names = [f"{number}.{index}" for index in range(PER_FILE)]
        half = directory / f"{number}.half"
        data = encode([event(Message=name) for name in names])
        while True:
            half.write_bytes(data)
            # With a period of some milliseconds a slow writer's file is residue: it writes anew.
            with contextlib.suppress(FileNotFoundError):
                half.rename(directory / f"{time.time_ns() // 1000}{number % 1000:03}.json")
                break
        self.written += names
