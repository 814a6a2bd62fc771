"""What a shell offers: scenarios, and collectors in each of their forms."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from etp_kit.simulator.cli.command import cli
from etp_kit.simulator.shipped import mutants, shipped_scenarios


def offered(words: list[str], incomplete: str) -> list[str]:
    completion = ShellComplete(cli, {}, "simulate", "_SIMULATE_COMPLETE")
    return [item.value for item in completion.get_completions(words, incomplete)]


@pytest.fixture(autouse=True)
def _directories(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "agent" / "intake").mkdir(parents=True)
    (tmp_path / "another").mkdir()
    (tmp_path / "a-file").write_text("")


@pytest.mark.parametrize("verb", ["run", "conform"])
def test_scenarios(verb: str) -> None:
    assert set(offered([verb, "--scenario"], "quota/")) == {name for name in shipped_scenarios() if "quota/" in name}


@pytest.mark.parametrize(
    ("incomplete", "expected"),
    [
        ("", ["reference", "py:", "cmd:", "mutant:", "dir:", "linux-agent", "linux-agent:"]),
        ("dir:a", ["dir:agent", "dir:another"]),
        ("dir:agent/", ["dir:agent/intake"]),
        ("dir:nowhere/", []),
        ("linux-agent:an", ["linux-agent:another"]),
    ],
)
def test_collectors(incomplete: str, expected: list[str]) -> None:
    assert offered(["conform", "--collector"], incomplete) == expected


def test_mutants() -> None:
    expected = [f"mutant:{name}" for name in mutants() if name.startswith("quota-r")]
    assert offered(["run", "--collector"], "mutant:quota-r") == expected


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not on PATH")
@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("simulate con", ["conform"]),
        ("simulate run quota/flo", ["quota/flood"]),
        ("simulate conform --collector di", ["dir:"]),
        ("simulate conform --collector dir:ag", ["agent"]),
        ("simulate conform --collector=dir:agent/", ["agent/intake"]),
        ("simulate conform --collector mutant:quota-rai", ["quota-raised"]),
        ("simulate conform --collector 'dir:ag", ["agent"]),
    ],
)
def test_in_bash_as_readme_switches_it_on(typed: str, expected: list[str], tmp_path: Path) -> None:
    """Bash breaks words at colons, and takes an offer for the last piece."""
    readme = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")
    (line,) = re.findall(r"`(eval [^`]*bash_source[^`]*)`", readme)
    (tmp_path / "bin").mkdir()
    command = tmp_path / "bin" / "simulate"
    python = f'{shlex.quote(sys.executable)} -c "from etp_kit.simulator.cli import main; main()"'
    command.write_text(f'#!/bin/sh\nexec {python} "$@"\n')
    command.chmod(0o755)
    asked = f'{line}; COMP_LINE="$1" COMP_POINT=${{#1}}; _simulate_completion simulate; echo "${{COMPREPLY[@]}}"'
    done = subprocess.run(
        ["bash", "--norc", "-c", asked, "bash", typed], cwd=tmp_path, capture_output=True, text=True, check=True,
        env={**os.environ, "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}"},
    )  # fmt: skip
    assert done.stdout.split() == expected, done.stderr
