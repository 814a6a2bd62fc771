"""What comes from outside into the real command: one line, the right code, bounded memory."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

_MEMORY = 2 << 30
CONFORM = ("conform", "--collector", "py:etp_kit.collector:build")


def simulate(place: Path, *arguments: str, closed_stdin: bool = False) -> subprocess.CompletedProcess[str]:
    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        if closed_stdin:
            os.close(0)

    return subprocess.run(
        [sys.executable, "-m", "etp_kit", *arguments],
        cwd=place, capture_output=True, text=True, timeout=100, check=False,
        stdin=None if closed_stdin else subprocess.DEVNULL, preexec_fn=limited,
    )  # fmt: skip


def _huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(20 << 30)


MAKE: dict[str, Callable[[Path], object]] = {
    "huge integer": lambda path: path.write_text("x = " + "9" * 5000),
    "deep nesting": lambda path: path.write_text("x = " + "[" * 100_000),
    "deep tables": lambda path: path.write_text("x = " + "{a=" * 100_000),
    "dotted key": lambda path: path.write_text(".".join("a" for _ in range(50_000)) + " = 1"),
    "dotted table": lambda path: path.write_text("[" + ".".join('"a"' for _ in range(50_000)) + "]"),
    "20 GB": _huge,
    "no UTF-8": lambda path: path.write_bytes(b"\xff"),
    "link to /dev/zero": lambda path: path.symlink_to("/dev/zero"),
    "FIFO": os.mkfifo,
    "directory": lambda path: path.mkdir(),
}


@pytest.mark.parametrize("kind", MAKE)
@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("given.toml", ("--scenario", "./given.toml")),
        ("given.toml", (*CONFORM, "--known-failing", "given.toml")),
        (".etp-kit/last-failed.json", (*CONFORM, "--last-failed")),
    ],
    ids=["scenario", "known-failing", "last-failed"],
)
def test_a_file_that_is_none(tmp_path: Path, kind: str, name: str, arguments: tuple[str, ...]) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    MAKE[kind](path)
    done = simulate(tmp_path, *arguments)
    assert done.returncode == 4, done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("simulate: ")
    assert len(done.stderr) < 400


def test_a_hundred_thousand_brackets_are_no_list_of_failures(tmp_path: Path) -> None:
    (tmp_path / ".etp-kit").mkdir()
    (tmp_path / ".etp-kit" / "last-failed.json").write_text("[" * 100_000)
    done = simulate(tmp_path, *CONFORM, "--last-failed")
    assert (done.returncode, done.stderr.count("\n")) == (4, 1)


def test_a_load_beyond_reason_is_refused_before_it_is_planned(tmp_path: Path) -> None:
    for option, given in (("--events", 10**15), ("--extensions", 10**9)):
        done = simulate(tmp_path, "load", "--scenario", "flood", "--into", ".", option, str(given))
        assert (done.returncode, done.stderr.count("\n")) == (4, 1), done.stderr
        assert f"{option}: {given:,} is more than a load plans" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_lint_of_what_can_be_entered_and_not_listed(tmp_path: Path) -> None:
    done = simulate(tmp_path, "lint", "/proc/self/task", "/proc/1")
    assert "Traceback" not in done.stderr
    assert done.returncode in (0, 1, 5)


def test_lint_of_a_standard_input_that_is_closed(tmp_path: Path) -> None:
    done = simulate(tmp_path, "lint", "-", closed_stdin=True)
    assert done.returncode == 4
    assert done.stderr == "simulate: -: standard input is closed; an event file is expected there\n"
