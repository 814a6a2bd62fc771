"""What it costs an agent to have the collector in its process: its import, and the memory that it
keeps.

The import is timed in fresh processes, beside that of the parts of the standard library that the
collector stands on, one after the other; what counts is the median of their ratios. Memory is
counted by tracemalloc (tests/budgets/memory.py).
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
from pathlib import Path

from tests.benchmarks.test_import import STATEMENTS
from tests.budgets.test_memory import memory

ROUNDS = 60
MUST = 1.25  # times the import of the standard library's parts


def import_ratio(rounds: int = ROUNDS) -> float:
    found: dict[str, list[float]] = {what: [] for what in STATEMENTS}
    for _ in range(rounds):
        for what, statement in STATEMENTS.items():
            before = _used()
            subprocess.run([sys.executable, "-I", "-c", statement], check=True)
            found[what].append(_used() - before)
    pairs = zip(found["collector"], found["standard library"], strict=True)
    return statistics.median(mine / least for mine, least in pairs)


def _used() -> float:
    """Seconds of processor of all children so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def embedding_part(root: Path, findings: list[str]) -> list[str]:
    ratio = import_ratio()
    if ratio > MUST:
        findings.append(f"import: {ratio:.2f} times the standard library's parts, must reach {MUST:g}")
    rows = [f"| {what} | {size:,} bytes |" for what, size in memory(root).items()]
    return [
        "| what | cost |",
        "| --- | ---: |",
        f"| import, beside the parts of the standard library that it needs (must reach {MUST:g}) | {ratio:.2f} |",
        *rows,
    ]
