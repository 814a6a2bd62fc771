"""A default installation has no fake file system and no process table. Who lints, validates and
reads reports needs neither; who runs something is told what to install.

It is seen in a child that can import neither, whatever is installed here. `tox run -e lean` shows
that a wheel in an environment of its own lacks nothing else.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from etp_kit.simulator.base.extras import INSTALL, OF_RUNS
from etp_kit.simulator.cli.command import VERBS, cli
from tests.house.source import ROOT

#: Verbs that work without the extra. Every other one runs something.
FREE = {"attest", "explain", "lint", "list", "new", "recheck", "report", "schema", "vendor", "write"}
SCHEMAS = ("scenario", "lint", "history", "report", "protocol-request", "protocol-response")

BLOCK = """
import sys
class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"pyfakefs", "psutil"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Blocked())
"""

#: Runs commands, one after the other, and prints how each ended: its code, or what it refused.
MANY = """
import contextlib, io, json
from etp_kit.simulator.cli.command import cli
def ended(words):
    said = io.StringIO()
    try:
        with contextlib.redirect_stdout(said):
            code = cli.main(words, standalone_mode=False)
    except Exception as error:
        return {"error": type(error).__name__, "said": str(error)}
    return {"error": "", "code": code or 0, "said": said.getvalue()}
print(json.dumps([ended(words) for words in json.loads(sys.argv[1])]))
"""

ONE = """
from etp_kit.simulator.cli import main
main()
"""

EVENT = {
    "Version": "1", "Timestamp": "2026-01-01T00:00:00.000Z", "TaskName": "Enable", "EventLevel": "Informational",
    "Message": "ready", "EventPid": "1", "EventTid": "2", "OperationId": "",
}  # fmt: skip


def child(program: str, *words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """A process in which no module of the extra can be imported."""
    command = [sys.executable, "-c", BLOCK + program, *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd, timeout=120)


def ends(commands: list[list[str]], cwd: Path) -> list[dict[str, Any]]:
    done = child(MANY, json.dumps(commands), cwd=cwd)
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An event file, a history, and a report of a conformance run."""
    place = tmp_path_factory.mktemp("saved")
    (place / "1.json").write_text(json.dumps(EVENT), encoding="utf-8")
    run = ["run", "small/gone", "--report", f"ndjson={place}/run.ndjson"]
    conform = ["conform", "--scenario", "small/gone", "--world", "fake", "--report", f"json={place}/report.json"]
    for words in (run, conform):
        done = CliRunner().invoke(cli, words)
        assert done.exit_code == 0, done.output
    return place


def test_what_runs_nothing_works_without_the_extra(saved: Path) -> None:
    commands = [
        ["lint", "--fail-on", "never", "1.json"],
        ["list"],
        ["explain", "quota.per-extension"],
        *(["schema", name] for name in SCHEMAS),
        ["report", "report.json", "--report", "html=page.html", "--report", "junit=report.xml"],
        ["report", "run.ndjson", "--report", "json=again.json"],
        ["recheck", "run.ndjson"],
        ["attest", "report.json", "--output", "statement.json"],
        ["attest", "report.json", "--verify", "statement.json"],
        ["new", "scenario", "mine"],
        ["new", "collector", "--language", "sh", "mine"],
        ["vendor", "copy", "--sbom", "copy.cdx.json"],
        ["write", "--producer", "plain", "--into", "written"],
    ]
    assert {words[0] for words in commands} == FREE
    for words, end in zip(commands, ends(commands, saved), strict=True):
        assert end | {"said": ""} == {"error": "", "code": 0, "said": ""}, (words, end["said"])
    assert "<html" in (saved / "page.html").read_text(encoding="utf-8")
    assert any((saved / "written").rglob("*.json"))


def test_every_other_verb_tells_what_to_install(tmp_path: Path) -> None:
    verbs = sorted(VERBS.keys() - FREE)
    assert {"run", "conform", "mutants", "sweep", "matrix", "load"} <= set(verbs)
    for verb, end in zip(verbs, ends([[verb, "--help"] for verb in verbs], tmp_path), strict=True):
        package = "psutil" if verb == "load" else "pyfakefs"
        told = f"`simulate {verb}` needs {package}, which is not installed ({INSTALL})"
        assert (end["error"], end["said"]) == ("BadInput", told)


@pytest.mark.parametrize("words", [("quota/flood",), ("--scenario", "flood"), ("conform",)], ids=" ".join)
def test_it_is_told_in_one_line_with_exit_code_4(words: tuple[str, ...], tmp_path: Path) -> None:
    done = child(ONE, *words, cwd=tmp_path)
    verb = "conform" if words == ("conform",) else "run"
    told = f"simulate: `simulate {verb}` needs pyfakefs, which is not installed (pip install 'etp-kit[run]')\n"
    assert (done.returncode, done.stdout, done.stderr) == (4, "", told)


def test_a_module_of_the_kit_that_is_missing_is_no_extra(tmp_path: Path) -> None:
    """The line is for what can be installed: another module that is missing is the kit's fault."""
    program = BLOCK.replace('"pyfakefs", "psutil"', '"pydantic"') + ONE
    done = subprocess.run(
        [sys.executable, "-c", program, "run", "flood"], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert (done.returncode, "etp-kit[" in done.stderr) == (3, False)


OWN = """
def test_own(): pass
def test_world(event_world): pass
def test_collector(collector_under_test): pass
"""


def plugged(cwd: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """pytest with the plugin, in such a process, and no other plugin."""
    (cwd / "test_own.py").write_text(OWN, encoding="utf-8")
    program = f"""
import os, pytest
os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
sys.exit(pytest.main(["-q", "-p", "no:cacheprovider", "-p", "etp_kit.simulator.pytest_plugin", *{list(words)!r}]))
"""
    return child(program, cwd=cwd)


def test_the_plugin_refuses_the_suite_in_one_line(tmp_path: Path) -> None:
    done = plugged(tmp_path, "--collector=reference")
    told = f"--collector needs pyfakefs, which is not installed ({INSTALL})"
    assert (done.returncode, done.stderr.strip()) == (4, f"ERROR: {told}")


def test_a_fixture_of_the_plugin_tells_it_too_and_the_other_tests_run(tmp_path: Path) -> None:
    done = plugged(tmp_path)
    assert "1 passed, 2 errors" in done.stdout
    for name in ("event_world", "collector_under_test"):
        assert f"the fixture {name} needs pyfakefs, which is not installed ({INSTALL})" in done.stdout
    assert "Traceback" not in done.stdout


@pytest.mark.skipif(not (ROOT / "pyproject.toml").exists(), reason="an installed kit has no pyproject.toml beside it")
def test_the_extra_has_what_is_blocked_here_and_a_default_installation_has_not() -> None:
    with (ROOT / "pyproject.toml").open("rb") as stream:
        project = tomllib.load(stream)["project"]
    needed = {line.partition(">")[0].partition("=")[0] for line in project["dependencies"]}
    extras = project["optional-dependencies"]
    assert {line.partition(">")[0].partition("=")[0] for line in extras["run"]} == OF_RUNS
    assert not OF_RUNS & needed
    assert "etp-kit[run]" in extras["dask"], "a sweep on many machines runs something"
