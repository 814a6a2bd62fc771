"""What a pass of the reference costs beside the bare work on the same files, and beside the
production agent.

    python -m tests.benchmarks.compare [--agent DIR] [--rounds N] [--python PATH] [LOAD ...]

Processor time of one pass over a load on tmpfs, each in a process of its own, the subjects of a
round one after the other on the same files: a machine that is busy for a while is so for all of
them. What counts is the median over the rounds of the ratio to the floor of the same round.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ONE_PASS = Path(__file__).with_name("one_pass.py")
PLACE = "/dev/shm"


def event(number: int, length: int = 0) -> dict[str, str]:
    """An event of some 300 bytes, as extensions write them; with ``length`` a Message of that many
    characters."""
    message = (
        f"Command {number} of the extension ended after {number % 977} ms, "
        "see the log of the extension for what it wrote"
    )
    if number % 10 == 0:
        message = (
            f"state={number % 3} in={number} out={number} for the disks of the machine, "
            "none of them has changed since the last look"
        )
    if length:
        message = (message * (length // len(message) + 1))[:length]
    return {
        "Version": "1.2.3.4", "Timestamp": f"2026-01-01T00:{number // 60 % 60:02}:{number % 60:02}.000Z",
        "TaskName": f"Task{number % 5}", "EventLevel": "Informational", "Message": message,
        "EventPid": "1234", "EventTid": "1234", "OperationId": f"5f1e5a26-0000-4000-8000-{number // 8:012}",
    }  # fmt: skip


Content = Callable[[int], bytes]


def listed(count: int) -> Content:
    return lambda number: json.dumps([event(number * count + place) for place in range(count)]).encode()


def of_size(size: int) -> Content:
    """A list that fills a file of ``size`` bytes but for less than an event."""

    def content(number: int) -> bytes:
        parts: list[str] = []
        left = size - 2
        while (text := json.dumps(event(number + len(parts)))) and len(text) + 2 <= left:
            parts.append(text)
            left -= len(text) + 2
        return f"[{', '.join(parts)}]".encode()

    return content


@dataclass(frozen=True)
class Load:
    """So many extensions, each with so many files; ``must`` and ``aim``: the ratio to the floor
    that the reference is held to.

    ``often``: so many times the rounds. What the kernel needs for many small files differs by a
    fifth from one round to the next, and the ratio must be known within a few hundredths.
    """

    extensions: int
    files: int
    content: Content
    must: float = 0.0
    aim: float = 0.0
    often: int = 1

    def write(self, log_dir: str) -> None:
        for extension in range(self.extensions):
            directory = f"{log_dir}/Publisher.Extension{extension:04}/events"
            os.makedirs(directory)
            for number in range(self.files):
                with open(f"{directory}/{1_767_225_600_000 + number}.json", "wb") as file:
                    file.write(self.content(number))


LOADS: Mapping[str, Load] = {
    "200 extensions, one file of 360 events": Load(200, 1, listed(360), 6, 4.5),
    "50 extensions, 360 files of one event": Load(50, 360, listed(1), 1.8, 1.6, often=3),
    "flood: 30,000 files, quota 360": Load(1, 30_000, listed(1), 1.15, 1.08, often=4),
    "20 extensions, one list of 4 MiB": Load(20, 1, of_size(4 << 20), 0.5, 0.35),
}


class Broken(Exception):
    """A pass that did not do its work is no measurement."""


def measured(load: Load, subjects: Sequence[str], rounds: int, python: str = sys.executable) -> dict[str, list[float]]:
    """Subject -> seconds of processor, one a round. The order within a round turns, so that none is
    always the first."""
    found: dict[str, list[float]] = {subject: [] for subject in subjects}
    with tempfile.TemporaryDirectory(prefix="etp-bench-", dir=PLACE) as top:
        load.write(f"{top}/load")
        for number in range(rounds * load.often):
            turn = number % len(subjects)
            for subject in (*subjects[turn:], *subjects[:turn]):
                found[subject].append(_pass(f"{top}/load", f"{top}/work", subject, python))
    return found


def _copy(load: str, to: str) -> None:
    """The oldest first, as extensions write: the kernel removes files faster in the order in which
    they came."""
    for place, _, names in os.walk(load):
        here = os.path.join(to, os.path.relpath(place, load))
        os.makedirs(here, exist_ok=True)
        for name in sorted(names):
            shutil.copyfile(os.path.join(place, name), os.path.join(here, name))


def _pass(load: str, work: str, subject: str, python: str) -> float:
    _copy(load, f"{work}/log")
    os.makedirs(f"{work}/lib/events")
    done = subprocess.run(
        [python, str(ONE_PASS), subject, f"{work}/log", f"{work}/lib/events"],
        capture_output=True,
        text=True,
        check=False,
    )
    shutil.rmtree(work)
    told = json.loads(done.stdout) if done.returncode == 0 else {}
    if not told.get("events") or told["left"]:
        raise Broken(f"{subject}: {told or done.stderr}")
    return float(told["seconds"])


def ratios(found: Mapping[str, Sequence[float]], floor: str = "floor") -> dict[str, float]:
    """Subject -> the median of its ratios to the floor."""
    pairs = {subject: list(zip(times, found[floor], strict=True)) for subject, times in found.items()}
    return {subject: statistics.median(mine / least for mine, least in of) for subject, of in pairs.items()}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--agent",
        metavar="DIR",
        help="the directory of the production agent's modules, as tests/linux_agent/fetch.py prints it",
    )
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument(
        "--python", default=sys.executable, help="another interpreter for the passes, for floor and reference alone"
    )
    parser.add_argument("loads", nargs="*", metavar="LOAD", help="words of the loads to measure; all without")
    options = parser.parse_args()
    subjects = ["floor", "reference", *([f"linux-agent:{options.agent}"] if options.agent else [])]
    late = 0
    for name, load in LOADS.items():
        if options.loads and not any(word in name for word in options.loads):
            continue
        found = measured(load, subjects, options.rounds, options.python)
        ratio = ratios(found)
        late += ratio["reference"] > load.must
        told = "  ".join(
            f"{subject.partition(':')[0]} {ratio[subject]:6.2f} ({1e3 * statistics.median(found[subject]):.1f} ms)"
            for subject in subjects
        )
        print(f"{name:40} must {load.must:<5} aim {load.aim:<5} {told}", flush=True)
    return 1 if late else 0


if __name__ == "__main__":
    sys.exit(main())
