"""`simulate new collector`: what it writes starts, passes smoke, and fails at what is left."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from etp_kit.simulator.subjects import first_languages

#: Clauses that every first version keeps, and one that each leaves to its author.
KEPT, LEFT = ("event.required", "event.time-utc"), "event.message-cut"


def simulate(where: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "etp_kit", *words], cwd=where, capture_output=True, text=True, timeout=300, check=False,
        env={**os.environ, "COLUMNS": "200"},
    )  # fmt: skip


def new(where: Path, language: str) -> subprocess.CompletedProcess[str]:
    return simulate(where, "new", "collector", "--language", language, "mine")


@pytest.mark.slow
@pytest.mark.parametrize("language", first_languages())
def test_it_starts_passes_smoke_and_fails_honestly_at_what_is_left(tmp_path: Path, language: str) -> None:
    how = first_languages()[language]
    if shutil.which(how.program) is None:
        pytest.skip(f"{how.program} is not on PATH: {language} needs {how.needs}")
    done = new(tmp_path, language)
    assert done.returncode == 0, done.stderr
    mine = tmp_path / "mine"
    if how.build:
        subprocess.run(shlex.split(how.build), cwd=mine, check=True, timeout=300, env={**os.environ, "GOFLAGS": ""})
    smoke = simulate(mine, "smoke", "--collector", how.collector)
    assert (smoke.returncode, smoke.stdout.splitlines()[-1].partition(".")[0]) == (0, "10 of 10 steps"), smoke.stdout
    judged = simulate(
        mine, "conform", *(word for slug in (*KEPT, LEFT) for word in ("--clause", slug)),
        "--scenario", "event/limits", "--scenario", "event/missing-fields", "--scenario", "event/between-microseconds",
        "--collector", how.collector, "--report", "json=report.json",
    )  # fmt: skip
    report = json.loads((mine / "report.json").read_text(encoding="utf-8"))
    rows = {row["slug"]: row["verdict"] for row in report["clauses"]}
    assert judged.returncode == 1, judged.stdout + judged.stderr
    assert rows[LEFT] == "fail"
    assert [rows[slug] for slug in KEPT] == ["pass", "pass"], judged.stdout


@pytest.mark.parametrize("language", first_languages())
def test_it_tells_three_commands_and_brings_a_workflow(tmp_path: Path, language: str) -> None:
    done = new(tmp_path, language)
    collector = shlex.quote(first_languages()[language].collector)
    first, *commands = done.stdout.splitlines()
    assert first.startswith("mine: written: collector.")
    assert [line.rpartition("simulate ")[2] for line in commands] == [
        f"smoke --collector {collector}",
        f"conform --level core --collector {collector}",
        f"conform --last-failed --collector {collector}",
    ]
    assert commands[0].startswith("  cd mine && ")
    workflow = yaml.safe_load((tmp_path / "mine/.github/workflows/conformance.yml").read_text(encoding="utf-8"))
    runs = [step["run"] for step in workflow["jobs"]["conform"]["steps"] if "run" in step]
    told = [shlex.split(run)[shlex.split(run).index("--collector") + 1] for run in runs if "--collector" in run]
    assert told == [first_languages()[language].collector] * 2
    assert (first_languages()[language].build in runs) == bool(first_languages()[language].build)


@pytest.mark.parametrize("what", ["not empty", "a file", "a link to nowhere"])
def test_nothing_is_written_over(tmp_path: Path, what: str) -> None:
    mine = tmp_path / "mine"
    if what == "not empty":
        mine.mkdir()
        (mine / "collector.py").write_text("my own", encoding="utf-8")
    elif what == "a file":
        mine.write_text("my own", encoding="utf-8")
    else:
        mine.symlink_to("nowhere")
    done = new(tmp_path, "python")
    assert done.returncode == 4
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("simulate: mine: ")
    left = {path: path.read_text(encoding="utf-8") for path in tmp_path.rglob("*") if path.is_file()}
    assert set(left.values()) <= {"my own"}


def test_an_empty_directory_will_do(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    assert new(tmp_path, "sh").returncode == 0
    assert (tmp_path / "mine/collector.sh").is_file()


def test_an_unknown_language_is_bad_input(tmp_path: Path) -> None:
    done = new(tmp_path, "cobol")
    assert (done.returncode, list(tmp_path.iterdir())) == (4, [])
    assert "'python', 'perl', 'node', 'go', 'sh'" in done.stderr


@pytest.mark.parametrize("language", first_languages())
def test_its_comments_name_the_families_that_are_left(tmp_path: Path, language: str) -> None:
    new(tmp_path, language)
    text = next((tmp_path / "mine").glob("collector.*")).read_text(encoding="utf-8")
    named = {word for line in re.findall(r"TODO ([a-z.*, -]+):", text) for word in re.findall(r"([a-z]+)\.", line)}
    assert {"discover", "read", "event", "redact", "quota", "report"} <= named


@pytest.mark.slow
def test_the_lines_of_its_workflow_run(tmp_path: Path) -> None:
    """As a runner runs them, but for what pip installs; of the suite one scenario."""
    new(tmp_path, "python")
    mine, bin_ = tmp_path / "mine", tmp_path / "bin"
    bin_.mkdir()
    (bin_ / "simulate").write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m etp_kit "$@"\n', encoding="utf-8")
    (bin_ / "simulate").chmod(0o755)
    workflow = yaml.safe_load((mine / ".github/workflows/conformance.yml").read_text(encoding="utf-8"))
    smoke, conform = (step["run"] for step in workflow["jobs"]["conform"]["steps"] if "simulate" in step.get("run", ""))
    codes = [
        subprocess.run(
            ["bash", "-e", "-c", line], cwd=mine, capture_output=True, timeout=300, check=False,
            env={**os.environ, "PATH": f"{bin_}:{os.environ['PATH']}"},
        ).returncode
        for line in (smoke, f"{conform} --scenario event/limits", f"{conform} --scenario event/keys")
    ]  # fmt: skip
    assert codes == [0, 1, 0]
    assert "<testsuite" in (mine / "conformance.xml").read_text(encoding="utf-8")
