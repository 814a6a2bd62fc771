"""The GitHub Action and the pre-commit hook:
their files are sound, and their commands run as they stand.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from etp_kit.simulator.lint.rules import RULES

from .test_findings import AGENT, GOOD, NAME, put

ROOT = Path(__file__).resolve().parents[3]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
(HOOK,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
BAD = {**GOOD, "EventLevel": "Info"}


def test_the_action_is_composite_and_every_input_is_used():
    assert ACTION["runs"]["using"] == "composite"
    used = set(re.findall(r"\$\{\{ inputs\.([a-z-]+) \}\}", json.dumps(ACTION["runs"])))
    assert used == set(ACTION["inputs"])
    assert all("description" in one for one in ACTION["inputs"].values())


def test_no_input_of_the_action_is_pasted_into_a_script():
    for step in ACTION["runs"]["steps"]:
        assert step["shell"] == "bash"
        assert "${{" not in step["run"]


def test_what_they_ignore_are_rules():
    for text in (ACTION["inputs"]["ignore"]["default"], HOOK["entry"].split("--ignore ")[1].split()[0]):
        assert set(text.split(",")) <= set(RULES)


def run_step(step, temporary, cwd, **inputs):
    """A step as a runner runs it."""
    values = {name: inputs.get(name.replace("-", "_"), one.get("default", "")) for name, one in ACTION["inputs"].items()}
    environment = {name: re.sub(r"\$\{\{ inputs\.([a-z-]+) \}\}", lambda found: values[found[1]], text) for name, text in step.get("env", {}).items()}
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]], cwd=cwd, capture_output=True, text=True, check=False, timeout=500,
        env={**os.environ, "RUNNER_TEMP": str(temporary), "GITHUB_ACTION_PATH": str(ROOT), **environment},
    )  # fmt: skip


@pytest.fixture
def installed(tmp_path):
    """A place where the kit seems to be installed: this one."""
    bin_ = tmp_path / "runner" / "etp-kit" / "bin"
    bin_.mkdir(parents=True)
    program = bin_ / "simulate"
    program.write_text(f"#!/bin/sh\nexec {sys.executable} -c 'from etp_kit.simulator.cli import main; main()' \"$@\"\n")
    program.chmod(0o755)
    return tmp_path / "runner"


def test_the_actions_lint_step(installed, tmp_path):
    step = ACTION["runs"]["steps"][1]
    good, bad, spaced = (tmp_path / name / "events" for name in ("good", "bad", "with space; exit 7"))
    for path in (good, bad, spaced):
        path.mkdir(parents=True)
    put(good, GOOD, mode=0o644)
    put(bad, BAD)
    put(spaced, GOOD)
    assert run_step(step, installed, tmp_path, paths="good/events\n").returncode == 0
    assert run_step(step, installed, tmp_path, paths="good/events\n\nwith space; exit 7/events").returncode == 0
    done = run_step(step, installed, tmp_path, paths="good/events\nbad/events", sarif="out.sarif")
    assert done.returncode == 1, done.stderr
    (run,) = json.loads((tmp_path / "out.sarif").read_text())["runs"]
    assert [one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in run["results"]] == [f"bad/events/{NAME}"]
    assert run_step(step, installed, tmp_path, paths="bad/events", fail_on="error").returncode == 0
    assert run_step(step, installed, tmp_path, paths="bad/events", ignore="mode,event-level").returncode == 0
    assert run_step(step, installed, tmp_path, paths="good/events", profile="nobody").returncode == 4
    assert run_step(step, installed, tmp_path, paths="").returncode == 4


@pytest.mark.slow
def test_the_action_installs_the_kit_and_lints(tmp_path):
    """Both steps as they stand: the first builds the kit and fetches what it needs."""
    events = tmp_path / "work" / "events"
    events.mkdir(parents=True)
    put(events, BAD)
    install, lint = ACTION["runs"]["steps"]
    done = run_step(install, tmp_path, tmp_path)
    assert done.returncode == 0, done.stderr
    done = run_step(lint, tmp_path, tmp_path / "work", paths="events")
    assert done.returncode == 1, done.stderr
    assert "event-level" in done.stdout


def hook(*files, cwd):
    program, *arguments = shlex.split(HOOK["entry"])
    assert program == "simulate"
    command = [sys.executable, "-c", "from etp_kit.simulator.cli import main; main()", *arguments, *files]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, timeout=60)


def test_the_hook_lints_the_files_it_is_given(tmp_path):
    assert HOOK["language"] == "python"
    (tmp_path / "events").mkdir()
    put(tmp_path / "events", GOOD, "sample.json", mode=0o644)
    put(tmp_path / "events", AGENT, "1.tld", mode=0o644)
    assert hook("events/sample.json", "events/1.tld", cwd=tmp_path).returncode == 0
    put(tmp_path / "events", BAD, "-.json")
    done = hook("events/sample.json", "events/-.json", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stdout.startswith("events/-.json\n")


def test_the_hook_takes_event_files_alone():
    pattern = re.compile(HOOK["files"])
    assert all(pattern.search(path) for path in ("events/1.json", "tests/data/events/x.json", "lib/events/1.tld"))
    assert not any(pattern.search(path) for path in ("package.json", "events.json", "events/a/b.json", "events/readme.md"))
