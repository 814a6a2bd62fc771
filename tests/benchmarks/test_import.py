"""What a fresh process pays for the collector,
beside what it pays for the parts of the standard library that it stands on.

Target of the project: at most 1.25 times, by the least of many interleaved runs on Python 3.11.
Time, and so no part of CI, where tests/collector/test_door.py counts calls instead. Run with
``pytest tests/benchmarks/test_import.py --benchmark-only --benchmark-columns=min,median``.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from etp_kit import collector

ROOT = str(Path(collector.__file__).parent.parent)
STATEMENTS = {
    "standard library": "import json, threading, logging, xml.parsers.expat",
    "collector": f"import sys; sys.path.insert(0, {ROOT!r}); import collector",
}


@pytest.mark.parametrize("what", STATEMENTS)
def test_import_in_a_fresh_process(benchmark: Any, what: str) -> None:
    command = [sys.executable, "-I", "-c", STATEMENTS[what]]
    benchmark.pedantic(lambda: subprocess.run(command, check=True), rounds=30, warmup_rounds=1)
