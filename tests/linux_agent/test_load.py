"""Real files at a real rate show what the production agent loses,
and the report says where the contract has it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from etp_kit.simulator.load.explain import FATES


def loaded(agent: str, tmp_path: Path, *arguments: str) -> dict[str, Any]:
    """The report of a load of eight seconds."""
    log_dir, report = tmp_path / "log", tmp_path / "report.json"
    log_dir.mkdir()
    command = [sys.executable, "-c", "from etp_kit.simulator.cli import main; main()", "load", "--into", str(log_dir), "--report", f"json={report}"]
    small = ["--max-bytes", "64M", "--free-floor", "16M", "--collector", agent, "--for", "8s"]
    subprocess.run([*command, *small, *arguments], capture_output=True, timeout=180, check=False)
    told: dict[str, Any] = json.loads(report.read_text())
    assert told["fates"]["delivered"] > 0
    assert told["fates"]["delivered"] + sum(told["fates"][fate] for fate in FATES) == told["generator"]["events"]
    return told


@pytest.mark.slow
def test_what_is_written_during_a_pass_is_lost(agent: str, tmp_path: Path) -> None:
    """clean.in-flight: it deletes what it did not list."""
    told = loaded(agent, tmp_path, "--scenario", "load/soak", "--rate", "600/s")
    assert told["lost_in_flight"] > 0
    assert told["exit"] == 11
    assert told["fates"]["duplicated"] == told["fates"]["altered"] == told["invented"] == 0


@pytest.mark.slow
def test_what_is_beyond_its_quota_is_discarded(agent: str, tmp_path: Path) -> None:
    """quota.newest-win:
    the flood's rest is told apart from losses by the passes that reached the quota.
    """
    told = loaded(agent, tmp_path, "--scenario", "flood", "--rate", "800/s", "--period", "2")
    flooder = told["extensions"]["Contoso.Flooding.Agent"]["fates"]
    assert flooder["discarded"] > flooder["delivered"] // 4
    assert told["explained_by"] == "passes"
