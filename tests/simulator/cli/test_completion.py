"""What a shell offers: scenarios, and collectors in each of their forms."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
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


TYPED = [
    ("simulate con", ["conform"]),
    ("simulate run quota/flo", ["quota/flood"]),
    ("simulate conform --collector di", ["dir:"]),
    ("simulate conform --collector dir:ag", ["dir:agent"]),
    ("simulate conform --collector=dir:agent/", ["dir:agent/intake"]),
    ("simulate conform --collector=di", ["dir:"]),
    ("simulate conform --collector mutant:quota-rai", ["mutant:quota-raised"]),
]
#: What stands for zsh's own part, which offers what it is given.
ZSH = r"""
compdef() {}
compadd() { print -rl -- ${(P)@[-1]} }
_describe() { print -rl -- ${${(P)3}%%:*} }
"""


@pytest.fixture
def in_shell(tmp_path: Path) -> Callable[..., list[str]]:
    """What a shell offers that README's line has switched on."""
    (tmp_path / "bin").mkdir()
    command = tmp_path / "bin" / "simulate"
    python = f'{shlex.quote(sys.executable)} -c "from etp_kit.simulator.cli import main; main()"'
    command.write_text(f'#!/bin/sh\nexec {python} "$@"\n')
    command.chmod(0o755)

    def asked(shell: str, script: str, *words: str) -> list[str]:
        if shutil.which(shell) is None:
            pytest.skip(f"{shell} is not on PATH")
        flags = {"bash": ["--norc"], "zsh": ["-f"], "fish": ["--no-config"]}[shell]
        tail = words if shell == "fish" else (shell, *words)
        done = subprocess.run(
            [shell, *flags, "-c", script, *tail], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60,
            env={**os.environ, "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}", "HOME": str(tmp_path)},
        )  # fmt: skip
        return done.stdout.split()

    return asked


def switched_on(shell: str) -> str:
    """README's line for a shell."""
    readme = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")
    (line,) = re.findall(rf"`([^`]*{shell}_source[^`]*)`", readme)
    return str(line)


@pytest.mark.parametrize(("typed", "expected"), [*TYPED, ("simulate conform --collector 'dir:ag", ["dir:agent"])])
def test_in_bash(in_shell: Callable[..., list[str]], typed: str, expected: list[str]) -> None:
    """Bash breaks words at colons, and takes an offer for the last piece."""
    line = switched_on("bash")
    script = f'{line}; COMP_LINE="$1" COMP_POINT=${{#1}}; _simulate_completion simulate; echo "${{COMPREPLY[@]}}"'
    standing = re.split(r"[ =']", typed)[-1].rpartition(":")
    assert in_shell("bash", script, typed) == [one.removeprefix("".join(standing[:2])) for one in expected]


@pytest.mark.parametrize(("typed", "expected"), TYPED)
def test_in_zsh(in_shell: Callable[..., list[str]], typed: str, expected: list[str]) -> None:
    """Zsh puts an offer in the place of the word, its option included."""
    script = f'{ZSH}{switched_on("zsh")}; words=(${{=1}}); CURRENT=$#words; _simulate_completion'
    assert in_shell("zsh", script, typed) == whole(typed, expected)


@pytest.mark.parametrize(("typed", "expected"), TYPED)
def test_in_fish(in_shell: Callable[..., list[str]], typed: str, expected: list[str]) -> None:
    """So does fish, which shows what an offer is about behind a tab."""
    script = f'{switched_on("fish")}; complete -C $argv[1] | string replace -r "\\t.*" ""; true'
    assert in_shell("fish", script, typed) == whole(typed, expected)


def test_a_word_that_goes_on_is_not_ended_in_zsh(in_shell: Callable[..., list[str]]) -> None:
    """A blank behind ``dir:`` would have to be taken back."""
    script = f'{ZSH}compadd() {{ print -r -- $@[2] ${{(P)@[-1]}} }}\n{switched_on("zsh")}; '
    script += "words=(simulate run --collector d); CURRENT=4; _simulate_completion"
    assert in_shell("zsh", script) == ["-S", "dir:"]


def whole(typed: str, offered: list[str]) -> list[str]:
    """Offers with the option that stands before them in the same word."""
    option, separator, _ = typed.rpartition(" ")[2].partition("=")
    return [f"{option}={one}" if separator else one for one in offered]
