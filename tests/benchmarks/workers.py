"""What a second worker gives: seeds a second of a sweep over a real scheduler with two workers,
beside those with one.

    python -m tests.benchmarks.workers [--rounds N] [--seeds N]

The two take turns, and what counts is the median of the rounds' ratios. A machine that is busy for
a while is so for both. A first sweep, which is not counted, warms the workers. Exits with 1 below
1.7. It takes two processors that nobody else uses.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from etp_kit.simulator.sweep import ClusterExecutor, Store, SweepPlan, sweep
from tests.simulator.sweep.clusters import Cluster

#: Two workers must give so many times the seeds of one.
MUST = 1.7
#: Seeds of a batch go to one worker: enough batches that the last one makes no difference.
SEEDS = 1_600


def rate(workers: int, seeds: int) -> float:
    """Seeds a second of the reference in the real world."""
    with tempfile.TemporaryDirectory() as home:
        cluster = Cluster(Path(home), workers)
        try:
            executor = ClusterExecutor(cluster.address)
            with closing(executor):
                _swept(executor, workers, 100 * workers)
                begin = time.monotonic()
                _swept(executor, workers, seeds)
                return seeds / (time.monotonic() - begin)
        finally:
            cluster.end()


def _swept(executor: ClusterExecutor, workers: int, seeds: int) -> None:
    with closing(Store(None, "reference")) as store:
        sweep(SweepPlan("reference", ("real",), 0, seeds, workers=workers, checked=0.0), executor, store)
        if len(store.done("real")) != seeds:
            raise SystemExit("a sweep that lacks seeds is no measurement")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seeds", type=int, default=SEEDS)
    options = parser.parse_args()
    ratios = []
    for number in range(options.rounds):
        order = (1, 2) if number % 2 else (2, 1)
        found = {workers: rate(workers, options.seeds) for workers in order}
        ratios.append(found[2] / found[1])
        print(f"one {found[1]:.0f}, two {found[2]:.0f} seeds a second: {ratios[-1]:.2f} times", flush=True)
    ratio = statistics.median(ratios)
    print(f"two workers give {ratio:.2f} times the seeds of one, must be {MUST}")
    return 0 if ratio >= MUST else 1


if __name__ == "__main__":
    sys.exit(main())
