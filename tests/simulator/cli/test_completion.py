"""What a shell offers: scenarios, and collectors in each of their forms."""

from __future__ import annotations

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
