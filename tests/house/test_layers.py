"""The floors of the rooms are guarded: `lint-imports` passes, and one wrong import makes it fail.

Rules: the guard is tested, not only used. It runs on a copy of the package in which one line is
wrong, with this project's own configuration.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from .source import PACKAGE, ROOT

DOWNWARDS = "rooms import downwards"
NO_KERNEL = "what judges and reports loads no kernel, no frozen clock, no process table"
HISTORY = "a verdict is made from a history and from nothing else"
ALONE = "the reference collector stands alone"

Copy = Path


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    """The package, its links followed, beside the configuration."""
    shutil.copytree(PACKAGE, tmp_path / "etp_kit", ignore=shutil.ignore_patterns("scenarios", "__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def lint(root: Path) -> subprocess.CompletedProcess[str]:
    """`lint-imports` in a directory: what lies there is what it looks at."""
    command = Path(sysconfig.get_path("scripts")) / "lint-imports"
    assert command.exists(), f"{command} is missing: the group `test` brings it"
    return subprocess.run(
        [sys.executable, str(command), "--no-cache"], cwd=root, capture_output=True, text=True, check=False
    )


def broken(told: subprocess.CompletedProcess[str]) -> set[str]:
    """Names of the contracts that it calls broken."""
    return {line.removesuffix(" BROKEN") for line in told.stdout.splitlines() if line.endswith(" BROKEN")}


def test_every_floor_holds_and_it_looked_at_every_module() -> None:
    told = lint(ROOT)
    assert told.returncode == 0, told.stdout + told.stderr
    assert "Contracts: 11 kept, 0 broken." in told.stdout
    modules = sum(1 for _ in (PACKAGE / "simulator").rglob("*.py")) + sum(
        1 for _ in (PACKAGE / "collector").rglob("*.py")
    )
    counted = next(line for line in told.stdout.splitlines() if line.startswith("Analyzed "))
    assert int(counted.split()[1]) >= modules, "links were not followed"


def test_a_copy_without_a_wrong_import_passes(copy: Copy) -> None:
    told = lint(copy)
    assert told.returncode == 0, told.stdout + told.stderr


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("simulator/base/units.py", "from ..core import Step", DOWNWARDS),
        ("simulator/contract/clauses.py", "from ..writers import PRODUCERS", DOWNWARDS),
        ("simulator/reports/markdown.py", "from ..lint import RULES", DOWNWARDS),
        ("simulator/judging/ledger.py", "from ..runner import Run", DOWNWARDS),
        ("simulator/judging/judges/quota.py", "from ...scenario import Scenario", DOWNWARDS),
        ("simulator/judging/case.py", "from ..world import LOG_DIR", HISTORY),
        ("simulator/judging/ledger.py", "import pyfakefs", NO_KERNEL),
        ("simulator/contract/profiles.py", "import psutil", NO_KERNEL),
        ("simulator/core/window.py", "def late():\n    from pyfakefs import fake_file", NO_KERNEL),
        ("collector/inbox.py", "from ..simulator.base import EPOCH", ALONE),
    ],
)  # fmt: skip
def test_one_wrong_import_fails(copy: Copy, module: str, line: str, contract: str) -> None:
    with (copy / "etp_kit" / module).open("a") as stream:
        stream.write(f"\n{line}\n")
    told = lint(copy)
    assert told.returncode != 0
    assert contract in broken(told), told.stdout


def test_a_detour_by_another_room_is_seen(copy: Copy) -> None:
    with (copy / "etp_kit/simulator/base/units.py").open("a") as stream:
        stream.write("\nimport psutil\n")
    told = lint(copy)
    assert broken(told) == {NO_KERNEL}
    assert "etp_kit.simulator.judging is not allowed to import psutil" in told.stdout


def test_a_room_without_a_floor_fails(copy: Copy) -> None:
    (copy / "etp_kit/simulator/drawer").mkdir()
    (copy / "etp_kit/simulator/drawer/__init__.py").write_text("")
    told = lint(copy)
    assert told.returncode != 0
    assert broken(told) == {DOWNWARDS}
    assert "drawer" in told.stdout
