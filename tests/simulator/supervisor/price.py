"""What it costs a program to be heard: ``python -m tests.simulator.supervisor.price``.

Why: a wanted factor is worth nothing without the least that is possible. So a pass is timed in
three ways, in turns. It is alone. Its calls are let be: somebody receives each and lets it go on,
which is the least that a supervisor in Python can do. It is heard, as in a run.
"""

from __future__ import annotations

import json
import os
import select
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Any

import pytest

from etp_kit.simulator.runner.heard import Heard
from etp_kit.simulator.runner.job import Job, cage_for
from etp_kit.simulator.runner.run import Run
from etp_kit.simulator.runner.spec import RunSpec
from etp_kit.simulator.runner.worker import result_of
from etp_kit.simulator.scenario.library import parse_scenario
from etp_kit.simulator.subjects.program import messages
from etp_kit.simulator.subjects.specs import resolve
from etp_kit.simulator.supervisor.native import GONE, let_go_on, processor_here, receive, wake_here
from etp_kit.simulator.supervisor.start import come_under, filter_code, listener_from, unsupervisable
from etp_kit.simulator.world import real_monotonic

from .test_careless import COMPILED, RUN, collector_in

FILES, _TRIES = 360, 5
REFERENCE = f"cmd:{sys.executable} -m etp_kit.collector --protocol"
_SCENARIO = parse_scenario(
    f"""
schema = 1
title = "A pass over {FILES} files"
about = "Each holds one event."
clauses = ["run.errors"]
passes = 1
[[actor]]
handler = "Contoso.Toy"
events = {FILES}
per_file = 1
""",
    "price.toml",
)


def alone(words: list[str], root: Path, preexec: Callable[[], object] | None = None, kept: Sequence[int] = ()) -> float:
    """Seconds of one pass, from the request to ``done``. ``preexec``: what its process does first,
    with these descriptors."""
    streams = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    # The other thread of this process serves what is started, and holds no lock of it.
    with subprocess.Popen(words, **streams, preexec_fn=preexec, pass_fds=kept) as program:  # noqa: PLW1509 - see above
        assert program.stdin is not None
        assert program.stdout is not None
        ask(program.stdin, program.stdout, messages.AskHello())
        places = {"log_dir": str(root), "agent_events_dir": str(root / "none")}
        ask(program.stdin, program.stdout, messages.AskStart(**places, settings={}))
        begin = time.perf_counter()
        events = ask(program.stdin, program.stdout, messages.AskCollect(kind="extension"))
        seconds = time.perf_counter() - begin
        program.stdin.write(messages.line_of(messages.AskStop()))
        program.stdin.close()
    assert events == FILES
    return seconds


def ask(stdin: IO[bytes], stdout: IO[bytes], request: Any) -> int:
    """Ask, and read up to the answer; how many events came before it."""
    stdin.write(messages.line_of(request))
    stdin.flush()
    events = 0
    while (kind := json.loads(stdout.readline())["type"]) in {"event", "notice"}:
        events += kind == "event"
    return events


def let_be(words: list[str], root: Path) -> tuple[float, int]:
    """Seconds of a pass whose calls are received and let go on, and how many calls those were in
    the program's life."""
    ours, theirs = socket.socketpair()
    code, calls = filter_code(), [0]

    def serve() -> None:
        listener = listener_from(ours)
        assert listener is not None
        here = {processor_here()}
        os.sched_setaffinity(0, here)  # this thread; the program is put beside it, as the kit does
        wake_here(listener)
        poll = select.poll()
        poll.register(listener, select.POLLIN)
        beside = 0
        while poll.poll()[0][1] & select.POLLIN:
            try:
                told = receive(listener)
                if told.tid != beside:
                    beside = told.tid
                    os.sched_setaffinity(beside, here)
                calls[0] += 1
                let_go_on(listener, told)
            except OSError as error:
                if error.errno not in GONE:
                    raise
        os.close(listener)

    server = threading.Thread(target=serve)
    server.start()
    kept = theirs.fileno()
    seconds = alone(words, root, lambda: come_under(code, kept), (kept,))
    theirs.close()
    server.join()
    ours.close()
    return seconds, calls[0]


def heard(collector: str) -> float:
    """Seconds of the same pass in a run."""

    def work(place: Any) -> float:
        listen, seconds = Heard.listen, []

        def timed(self: Heard, *args: Any) -> None:
            begin = real_monotonic()
            listen(self, *args)
            seconds.append(real_monotonic() - begin)

        Heard.listen = timed  # type: ignore[method-assign] # in the worker alone
        Run(RunSpec(_SCENARIO, 0, collector, "real"), resolve(collector), place).execute()
        return max(seconds)

    return result_of(Job("price", work, "real", form=float, cage=cage_for(collector)))[0]


def placed(work: Callable[[Path], Any]) -> Any:
    """What work gives in a log dir of so many files."""
    with tempfile.TemporaryDirectory(dir="/dev/shm") as place:
        events = Path(place, "Contoso.Toy", "events")
        events.mkdir(parents=True)
        for number in range(FILES):
            event = {"Message": f"event {number} " + "x" * 100, "Timestamp": "2026-01-05T00:00:00.000Z"}
            event |= dict.fromkeys(("EventLevel", "Version", "TaskName", "EventPid", "EventTid", "OperationId"), "1")
            events.joinpath(f"{1_767_571_200_000 + number}.json").write_text(json.dumps(event))
        return work(Path(place))


def main() -> int:
    if why := unsupervisable():
        print(f"no program can be heard here: {why}", file=sys.stderr)
        return 3
    print("program      alone  let be  heard  let be / alone  heard / alone  calls")
    for language in ("reference", *RUN, *COMPILED):
        try:
            collector = REFERENCE if language == "reference" else collector_in(language)
        except pytest.skip.Exception as skipped:
            print(f"{language:<10} {skipped}")
            continue
        words = collector.removeprefix("cmd:").split()
        times: list[list[float]] = [[], [], []]
        calls = 0
        for _ in range(_TRIES):
            times[0].append(placed(lambda root, words=words: alone(words, root)))
            seconds, calls = placed(lambda root, words=words: let_be(words, root))
            times[1].append(seconds)
            times[2].append(heard(collector))
        bare, least, full = (min(one) * 1e3 for one in times)
        factors = f"{least / bare:15.1f} {full / bare:14.1f}"
        print(f"{language:<10} {bare:4.1f} ms {least:4.0f} ms {full:3.0f} ms {factors} {calls:6,}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
