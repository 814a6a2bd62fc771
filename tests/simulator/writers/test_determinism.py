"""The same seed writes the same bytes: under any hash seed, and any Python."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.interpreters import interpreters

ROOT = Path(__file__).resolve().parents[3]
#: Producers need nothing but the standard library, so any interpreter will do.
PROGRAM = """
from etp_kit.simulator.base import SECOND
from etp_kit.simulator.core import Limits, Window
from etp_kit.simulator.writers import Assignment
from etp_kit.simulator.base import Draw
from etp_kit.simulator.writers import PRODUCERS
from etp_kit.simulator.core.steps import fingerprint

windows = tuple(Window(n, n * 300 * SECOND, (n + 1) * 300 * SECOND) for n in range(2))
for name, producer in sorted(PRODUCERS.items()):
    task = Assignment(1, "Handler.A", "log/Handler.A/events", windows, 40, 3, "noisy", Limits(), 1795462516 * SECOND)
    print(name, fingerprint(producer.plan(task, Draw(9, name))))
"""


def written(python: str, hash_seed: str) -> str:
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [python, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    assert len(done.stdout.splitlines()) >= 15
    return done.stdout


@pytest.fixture(scope="module")
def expected() -> str:
    return written(sys.executable, "0")


@pytest.mark.parametrize("hash_seed", ["1", "4242"])
def test_hash_seed(hash_seed, expected):
    assert written(sys.executable, hash_seed) == expected


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 13)], ids=lambda version: "%d.%d" % version)
def test_python(version, expected):
    python = interpreters([version]).get(version)
    if python is None:
        pytest.skip(f"no Python {version[0]}.{version[1]} on this machine")
    assert written(python, "7") == expected
