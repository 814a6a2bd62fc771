"""What README shows is what the command prints: times masked, everything else as it is."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from etp_kit.simulator.base.exit_codes import Exit

TEXT = (Path(__file__).resolve().parents[3] / "README.md").read_text(encoding="utf-8")
TIME = re.compile(r"simulated in \d+\.\d\d s")


def simulate(where: Path, line: str) -> subprocess.CompletedProcess[str]:
    words = shlex.split(line)[1:]
    return subprocess.run(
        [sys.executable, "-m", "etp_kit", *words], cwd=where, capture_output=True, text=True, timeout=120, check=False,
        env={**os.environ, "COLUMNS": "120"},
    )  # fmt: skip


def blocks() -> list[str]:
    return re.findall(r"^```\w*\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


def masked(text: str) -> list[str]:
    return [TIME.sub("simulated in T s", line.rstrip()) for line in text.strip().splitlines()]


def test_the_first_command_prints_what_stands_below_it(tmp_path: Path) -> None:
    command, shown = next(
        (one, two) for one, two in zip(blocks(), blocks()[1:], strict=False) if "simulate --scenario" in one
    )
    line = command.strip().rpartition("&& .venv/bin/")[2]
    done = simulate(tmp_path, line)
    assert masked(done.stdout) == masked(shown)
    assert done.returncode == Exit.CONFORMANT


def test_a_changed_number_is_seen() -> None:
    shown = next(block for block in blocks() if "simulated in" in block)
    assert masked(shown.replace("4,320", "4,321")) != masked(shown)
    assert masked(re.sub(r"in \d+\.\d\d s", "in 99.99 s", shown)) == masked(shown)


@pytest.mark.parametrize("line", [line for block in blocks() for line in block.splitlines() if "mutant:" in line])
def test_a_wrong_collector_fails_as_it_is_said(tmp_path: Path, line: str) -> None:
    done = simulate(tmp_path, line)
    assert done.returncode == Exit.NOT_CONFORMANT
    assert re.search(r"quota\.per-extension +│ core +│ fail", done.stdout)
