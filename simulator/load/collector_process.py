"""A collector under test as an agent:
passes over a real log dir, by the real clock, each event a line on standard output.

``python -m etp_kit.simulator.load.collector_process PARENT SPEC LOG_DIR AGENT_EVENTS_DIR
SETTINGS``, where SETTINGS is a JSON object. Any collector that ``resolve`` knows goes: the
reference, ``py:``, ``dir:``, a mutant, the Linux agent's. Before the first pass a line tells what
it declares. After each pass a line tells when it was, and the collector's own sums.

Rules: the first pass comes at once, the next a period after the last one ended (run.periods).
SIGTERM lets the pass in progress end, so that no event is lost to the end of a measurement. A
reader that is gone ends the process.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

from ..base import SECOND, BadInput, Exit, KitBroke
from ..core import Limits, lacking_settings
from ..safe import safe
from ..subjects import capabilities_of, look_in, resolve
from .line import line
from .parent_death import tie

_STDOUT = 1


class LineSender:
    """Hands each event to the kernel as a line before it counts as taken."""

    def enqueue_event(self, event: Any) -> None:
        _write(line(event))

    def flush(self) -> bool:
        return True

    def say(self, word: dict[str, Any]) -> None:
        """A word of the runner, after all that was handed over before it."""
        _write(json.dumps(word, ensure_ascii=True).encode("ascii") + b"\n")

    def stopped(self) -> bool:
        return False

    is_stopped = stopped

    def get_thread_name(self) -> str:
        return "LoadSender"


def _write(data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(_STDOUT, left) :]


def serve(spec: str, log_dir: str, agent_events_dir: str, settings: dict[str, Any], stop: threading.Event) -> None:
    """Make passes until told to stop. Raises BadInput."""
    factory = resolve(spec).load()
    declared = capabilities_of(factory)
    lacking = lacking_settings(declared, settings)
    usable = {name: value for name, value in settings.items() if name not in lacking}
    sender = LineSender()
    try:
        collector: Any = factory(log_dir, agent_events_dir, sender, **usable)
    except (TypeError, ValueError) as error:
        raise BadInput(f"the collector refuses its settings: {safe(str(error))}", where=spec) from None
    plain = {str(name): value for name, value in declared.items() if isinstance(value, (str, int, float, list))}
    sender.say({"serving": {"capabilities": plain, "lacking": lacking}})
    period = float(settings.get("period", declared.get("period", Limits().period / SECOND)))
    while not stop.is_set():
        _pass(collector, sender)
        stop.wait(period)


def _pass(collector: Any, sender: LineSender) -> None:
    begin, error, result = time.monotonic_ns(), "", None
    try:
        result = collector.collect()
    except (BrokenPipeError, ConnectionResetError):
        raise
    except Exception as problem:  # it is the collector under test that failed; the pass says so
        error = safe(f"{type(problem).__name__}: {problem}")
    sender.say({"pass": {"begin": begin, "end": time.monotonic_ns(), "ledger": _ledger(result), "error": error}})


def _ledger(result: Any) -> dict[str, Any] | None:
    """Handler -> what it discarded, if the collector tells."""
    ledger = getattr(result, "ledger", None)
    if not isinstance(ledger, dict):
        return None
    return {
        str(handler): {"discarded": getattr(sums, "discarded", 0), "files_discarded": dict(getattr(sums, "files_discarded", {}))}
        for handler, sums in ledger.items()
    }


def main(arguments: list[str]) -> Exit:
    parent, spec, log_dir, agent_events_dir, settings = arguments
    tie(int(parent))
    look_in(Path.cwd(), spec)
    stop = threading.Event()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    try:
        serve(spec, log_dir, agent_events_dir, json.loads(settings), stop)
    except BadInput as error:
        print(error, file=sys.stderr)
        return Exit.BAD_INPUT
    except KitBroke as error:
        print(error, file=sys.stderr)
        return Exit.KIT_BROKE
    except (BrokenPipeError, ConnectionResetError):
        return Exit.NOT_CONFORMANT
    return Exit.CONFORMANT


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
