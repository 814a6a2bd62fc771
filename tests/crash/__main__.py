"""The command: `python -m tests.crash [--kills N] [--seed N]`; the kills are those of each way."""

from __future__ import annotations

import argparse
import random
import sys
import time

from .lives import WAYS, lived
from .verdict import problems


def main() -> int:
    """0 where every way kept its promise, 1 where one did not."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description="Kills of the collector's program.")
    parser.add_argument("--kills", type=int, default=300, help="in each way to deliver; default: 300")
    parser.add_argument("--seed", type=int, default=1, help="of the moments; default: 1")
    given = parser.parse_args()
    broken = False
    for name, way in WAYS.items():
        begin = time.monotonic()
        run = lived(way, given.kills, random.Random(given.seed))
        found = problems(way.mode, run)
        twice = len(run.received) - len(set(run.received))
        lost = len(set(run.written) - set(run.received))
        told = f"{run.kills} kills, {len(run.written):,} events written, {lost} lost, {twice} twice"
        print(f"{name}: {told}, {time.monotonic() - begin:.0f} s", *found, sep="\n  ", flush=True)
        broken = broken or bool(found)
    return int(broken)


if __name__ == "__main__":
    sys.exit(main())
