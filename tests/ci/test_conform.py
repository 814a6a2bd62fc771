"""The conformance Action and the GitLab template: their scripts run as they stand."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
HERE = ROOT / "conform"
ACTION = yaml.safe_load((HERE / "action.yml").read_text(encoding="utf-8"))
STEPS = {step["name"]: step for step in ACTION["runs"]["steps"]}
GITLAB = list(yaml.safe_load_all((HERE / "gitlab.yml").read_text(encoding="utf-8")))
WRONG = "mutant:quota-raised"
FEW = {"clauses": "quota.per-extension\n", "scenarios": "quota/small\n", "jobs": "1"}


def tell() -> ModuleType:
    """The script beside the Action."""
    spec = importlib.util.spec_from_file_location("etp_tell", HERE / "tell.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def runner(tmp_path: Path) -> Path:
    """What a runner gives a step; the kit seems to be installed there: this one."""
    programs = tmp_path / "temp" / "etp-kit" / "bin"
    programs.mkdir(parents=True)
    for name, words in {"simulate": "-m etp_kit", "python": ""}.items():
        (programs / name).write_text(f'#!/bin/sh\nexec {sys.executable} {words} "$@"\n')
        (programs / name).chmod(0o755)
    (tmp_path / "work").mkdir()
    for name in ("output", "summary"):
        (tmp_path / name).write_text("")
    return tmp_path


def run(step: dict[str, Any], runner: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """A step as a runner runs it."""
    values = {
        name: inputs.get(name.replace("-", "_"), one.get("default", "")) for name, one in ACTION["inputs"].items()
    }
    asked = {
        name: re.sub(r"\$\{\{ inputs\.([a-z-]+) \}\}", lambda found: values[found[1]], text)
        for name, text in step.get("env", {}).items()
    }
    given = {
        "RUNNER_TEMP": runner / "temp", "GITHUB_ACTION_PATH": HERE,
        "GITHUB_OUTPUT": runner / "output", "GITHUB_STEP_SUMMARY": runner / "summary",
    }  # fmt: skip
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=runner / "work", capture_output=True, text=True, check=False, timeout=300,
        env={**os.environ, "PYTHONPATH": str(ROOT), **{name: str(path) for name, path in given.items()}, **asked},
    )  # fmt: skip


def test_every_input_is_used_and_none_is_pasted_into_a_script() -> None:
    used = set(re.findall(r"\$\{\{ inputs\.([a-z-]+) \}\}", json.dumps(ACTION["runs"])))
    assert used == set(ACTION["inputs"])
    assert all(step["shell"] == "bash" and "${{" not in step["run"] for step in STEPS.values())


def test_a_collector_that_fails_is_told_everywhere(runner: Path) -> None:
    more = {"reports": "junit=out.xml", "sarif": "out.sarif", "badge": "badge.json"}
    done = run(STEPS["Conform"], runner, collector=WRONG, **FEW, **more)
    assert done.returncode == 1, done.stderr
    told = run(STEPS["Tell"], runner, **more)
    assert told.returncode == 0, told.stderr
    assert re.match(r"::error title=quota\.per-extension::.*the quota is 5", told.stdout)
    assert (runner / "output").read_text() == "verdict=not conformant\n"
    assert "quota.per-extension" in (runner / "summary").read_text()
    work = runner / "work"
    assert "quota.per-extension" in {case.get("name") for case in ET.parse(work / "out.xml").iter("testcase")}
    assert json.loads((work / "out.sarif").read_text())["version"] == "2.1.0"
    assert json.loads((work / "badge.json").read_text())["color"] == "red"


def test_a_collector_that_passes_is_told_too(runner: Path) -> None:
    assert run(STEPS["Conform"], runner, collector="reference", **FEW).returncode == 0
    assert run(STEPS["Tell"], runner).stdout == ""
    assert (runner / "output").read_text() == "verdict=conformant\n"


@pytest.mark.parametrize("collector", ["$(touch pwned)", "py:a; touch pwned", "--help"])
def test_an_input_is_never_executed(runner: Path, collector: str) -> None:
    assert run(STEPS["Conform"], runner, collector=collector, **FEW).returncode == 4
    assert run(STEPS["Tell"], runner).returncode == 0
    assert (runner / "output").read_text() == "verdict=no report was written\n"
    assert list((runner / "work").glob("pwned")) == []


def report(*rows: tuple[str, str, str], code: int = 1) -> dict[str, Any]:
    clauses = [{"slug": "a.b", "verdict": verdict, "kind": kind, "reason": reason} for verdict, kind, reason in rows]
    counts = {name: sum(row[0] == word for row in rows) for name, word in (("passed", "pass"), ("failed", "fail"))}
    return {"exit": code, "clauses": clauses, "summary": {**counts, "skipped": 0, "errors": 0}}


def test_a_collectors_words_are_no_commands() -> None:
    (line,) = tell().annotations(report(("fail", "", "a\n::set-output name=x::100%\r")))
    assert line == "::error title=a.b::a%0A::set-output name=x::100%25%0D"
    assert tell().escaped("a:b,c", in_property=True) == "a%3Ab%2Cc"


def test_what_is_expected_is_no_annotation_and_many_are_counted() -> None:
    assert tell().annotations(report(("fail", "known", "x"), ("fail", "difference", "x"), ("pass", "", ""))) == []
    lines = tell().annotations(report(*[("fail", "", "x")] * 13))
    assert len(lines) == 10
    assert lines[-1] == "::error::4 more clauses failed; the summary has them"
    assert len(tell().annotations(report(*[("fail", "", "x")] * 10))) == 10


@pytest.mark.parametrize(
    ("code", "message", "colour"),
    [
        (0, "conformant, 1 of 2 clauses", "brightgreen"),
        (1, "not conformant, 1 of 2 clauses", "red"),
        (10, "nothing could be told", "lightgrey"),
    ],
)
def test_a_badge_says_what_the_run_says(code: int, message: str, colour: str) -> None:
    told = tell().badge(report(("pass", "", ""), ("fail", "", "x"), code=code))
    assert (told["schemaVersion"], told["message"], told["color"]) == (1, message, colour)


def test_the_job_of_gitlab_writes_what_it_keeps(runner: Path) -> None:
    """Its last line as it stands; the lines before it install the kit."""
    (job,) = [value for name, value in GITLAB[1].items() if name == "etp-conformance"]
    venv, install, conform = job["script"]
    assert (venv, install.split()[0]) == ("python3 -m venv .etp-venv", ".etp-venv/bin/pip")
    (runner / "work" / ".etp-venv").symlink_to(runner / "temp" / "etp-kit")
    words = f"{conform} --clause quota.per-extension --scenario quota/small --jobs 1"
    done = subprocess.run(
        ["sh", "-ec", words], cwd=runner / "work", capture_output=True, text=True, check=False, timeout=300,
        env={**os.environ, "PYTHONPATH": str(ROOT), **job["variables"], "ETP_COLLECTOR": WRONG},
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    kept = [*job["artifacts"]["paths"], job["artifacts"]["reports"]["junit"]]
    assert all((runner / "work" / name).stat().st_size for name in kept)
    assert job["artifacts"]["when"] == "always"
