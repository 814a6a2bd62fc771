"""The lives of a program: each is ended by SIGKILL at a random moment, but for the last ones."""

from __future__ import annotations

import contextlib
import json
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NamedTuple

from etp_kit.collector.config import AT_LEAST_ONCE, AT_MOST_ONCE
from tests.collector.receiving import receiving
from tests.simulator.lint.agreement import MEMORY

from .verdict import Run
from .writer import PER_FILE, Writer

REFERENCE = (sys.executable, "-m", "etp_kit.collector")
#: A life, by the time that the program takes for one pass over all that may wait: from before that
#: pass to some passes on, on a machine of any speed.
_SHORTEST, _LONGEST = 0.3, 2.0
#: Passes at the end, in which nobody is killed: what waits comes in them.
_LAST_PASSES = 3
#: Seconds that such a pass may take on any machine.
_PATIENCE = 120


class Way(NamedTuple):
    """One way to deliver: what the program is told, and who takes what it says.

    ``taking`` gives its further arguments and a function that tells the events received by others
    than its stdout.
    """

    mode: str
    taking: Callable[[], AbstractContextManager[tuple[tuple[str, ...], Callable[[], list[str]]]]]


@contextlib.contextmanager
def _nobody() -> Iterator[tuple[tuple[str, ...], Callable[[], list[str]]]]:
    yield (), list


@contextlib.contextmanager
def _receiver() -> Iterator[tuple[tuple[str, ...], Callable[[], list[str]]]]:
    with receiving() as told:
        yield ("--otlp", told.url), lambda: [record.body.string_value for record in told.taken]


WAYS = {
    "lines, at-least-once": Way(AT_LEAST_ONCE, _nobody),
    "lines, at-most-once": Way(AT_MOST_ONCE, _nobody),
    "otlp, at-least-once": Way(AT_LEAST_ONCE, _receiver),
}


def lived(way: Way, kills: int, draw: random.Random, program: Sequence[str] = REFERENCE) -> Run:
    """A run with so many kills, at moments that ``draw`` gives.

    The first life is left to itself, and tells how long one takes.
    """
    received: list[str] = []
    with tempfile.TemporaryDirectory(prefix="etp-crash-", dir=MEMORY) as place, way.taking() as (more, taken):
        writer = Writer(Path(place))
        words = [*program, "--log-dir", place, "--delivery", way.mode, *more]
        try:
            writer.wait_until_full()
            begin = time.monotonic()
            received += _life([*words, "--once"], None)
            whole = time.monotonic() - begin
            for _ in range(kills):
                received += _life([*words, "--period", "0.005"], whole * draw.uniform(_SHORTEST, _LONGEST))
        finally:
            writer.end()
        for _ in range(_LAST_PASSES):
            received += _life([*words, "--once"], None)
        return Run(writer.written, [*received, *taken()], kills, PER_FILE)


def _life(words: Sequence[str], seconds: float | None) -> list[str]:
    """The messages of whole lines that came; it is killed after so many seconds, or ends itself."""
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    killer = threading.Timer(_PATIENCE if seconds is None else seconds, process.kill)
    killer.start()
    with process:
        assert process.stdout is not None
        data = process.stdout.read()
    killer.cancel()
    return [_message(line) for line in data.split(b"\n")[:-1]]


def _message(line: bytes) -> str:
    parameters = {one["name"]: one["value"] for one in json.loads(line)["parameters"]}
    return str(parameters["Context1"])
