"""A vendored copy: made, verified, replaced, refused,
and working under another name on every interpreter that is here.
"""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from etp_kit.simulator.base.errors import BadInput
from etp_kit.simulator.cli.command import cli
from etp_kit.simulator.runner.spec import RunSpec
from etp_kit.simulator.scenario.library import load_scenario
from etp_kit.simulator.subjects import vendored as vendor
from etp_kit.simulator.suite.examination import supervised
from tests.interpreters import interpreters

ROOT = Path(__file__).resolve().parents[2]
CHECKS = Path(__file__).with_name("checks.py")
VERSIONS = [(3, minor) for minor in range(6, 15)]
each_version = pytest.mark.parametrize("version", VERSIONS, ids=lambda version: "%d.%d" % version)


@pytest.fixture
def copy(tmp_path):
    vendor.vendor(tmp_path / "agent" / "telemetry_intake")
    return tmp_path / "agent" / "telemetry_intake"


def found(package):
    return {
        path.relative_to(package).as_posix()
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_copy_is_the_package_with_licence_and_record(copy):
    assert (copy / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()
    names = found(ROOT / "collector")
    assert found(copy) == names | {vendor.RECORD}
    record = json.loads((copy / vendor.RECORD).read_text())
    assert set(record["files"]) == names
    assert vendor.verify_copy(copy)[1] == []


@pytest.fixture(scope="module")
def here():
    """The interpreters of this machine."""
    found = interpreters(VERSIONS)
    assert found
    return found


def interpreter(version, here):
    """A path; the test is skipped where there is none."""
    if version not in here:
        pytest.skip("Python %d.%d is not on this machine" % version)
    return here[version]


@each_version
def test_the_copy_parses_on(version, copy):
    modules = sorted(copy.rglob("*.py"))
    assert modules
    for path in modules:
        ast.parse(path.read_text(encoding="utf-8"), feature_version=version)


@each_version
def test_the_copy_works_under_another_name(version, copy, here):
    path = interpreter(version, here)
    run = subprocess.run(
        [path, "-I", str(CHECKS), str(copy.parent), copy.name], capture_output=True, text=True, timeout=120, check=False
    )
    assert run.returncode == 0, f"{run.stdout}{run.stderr}"
    assert run.stdout.count("ok ") == 7


@each_version
@pytest.mark.parametrize("name", ["event/bad-keys", "stop/during", "agent/everyday"])
def test_the_copy_runs_through_scenarios_as_a_program(version, copy, name, here, monkeypatch):
    path = interpreter(version, here)
    monkeypatch.setenv("PYTHONPATH", str(copy.parent))
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    result = supervised(RunSpec(load_scenario(name), 1, f"cmd:{path} -m {copy.name} --protocol", "real"))
    assert result.verdict == "pass", (result.detail, [c for c in result.clauses if c.verdict != "pass"])
    assert any(clause.slug == "event.mapping" and clause.verdict == "pass" for clause in result.clauses)


def test_the_direct_checks_can_fail(copy):
    module = copy / "config.py"
    module.write_text(module.read_text().replace('"quota": (360, 1, _HUGE)', '"quota": (360, 4, _HUGE)'))
    run = subprocess.run(
        [sys.executable, "-I", str(CHECKS), str(copy.parent), copy.name], capture_output=True, text=True, timeout=120, check=False
    )
    assert run.returncode == 1
    assert "FAIL keeps_the_quota" in run.stdout


def test_imports_are_relative_or_of_the_standard_library(copy):
    for path in copy.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module]
            else:
                continue
            assert all(name.partition(".")[0] in sys.stdlib_module_names for name in names), f"{path.name}: {names}"


def test_verify_names_what_is_missing_changed_and_foreign(copy):
    (copy / "redact.py").write_text("changed")
    (copy / "text.py").unlink()
    (copy / "patch.py").write_text("")
    (copy / "log.py").unlink()
    (copy / "log.py").symlink_to("/dev/zero")
    assert sorted(vendor.verify_copy(copy)[1]) == [
        "log.py: changed", "patch.py: not of the copy", "redact.py: changed", "text.py: missing",
    ]  # fmt: skip


def test_what_python_leaves_is_no_difference(copy):
    (copy / "__pycache__").mkdir()
    (copy / "__pycache__" / "text.cpython-311.pyc").write_bytes(b"")
    assert vendor.verify_copy(copy)[1] == []


def test_an_unchanged_copy_is_replaced(copy):
    before = vendor.verify_copy(copy)[0]
    assert vendor.vendor(copy) == before
    assert [path.name for path in copy.parent.iterdir()] == [copy.name]


def test_a_changed_copy_is_refused_and_stays(copy):
    (copy / "redact.py").write_text("ours")
    with pytest.raises(BadInput, match=r"redact\.py: changed"):
        vendor.vendor(copy)
    assert (copy / "redact.py").read_text() == "ours"


@pytest.mark.parametrize("made", ["file", "link", "foreign"])
def test_whatever_else_is_there_is_refused_and_stays(tmp_path, made):
    dest = tmp_path / "dest"
    if made == "file":
        dest.write_text("ours")
    elif made == "link":
        (tmp_path / "target").mkdir()
        dest.symlink_to(tmp_path / "target")
    else:
        dest.mkdir()
        (dest / "notes.txt").write_text("ours")
    before = sorted(str(path) for path in tmp_path.rglob("*"))
    with pytest.raises(BadInput, match=str(dest)):
        vendor.vendor(dest)
    assert sorted(str(path) for path in tmp_path.rglob("*")) == before


def test_an_empty_directory_is_filled(tmp_path):
    vendor.vendor(tmp_path)
    assert vendor.verify_copy(tmp_path)[1] == []


@pytest.mark.parametrize("record", [b"", b"[]", b"{}", b'{"files": {"a": 1}, "version": "1"}', b"[" * 100_000])
def test_a_broken_record_is_bad_input(copy, record):
    (copy / vendor.RECORD).write_bytes(record)
    with pytest.raises(BadInput, match=r"VENDORED\.json"):
        vendor.verify_copy(copy)


def test_the_command_tells_and_exits(tmp_path):
    dest = str(tmp_path / "copy")
    runner = CliRunner()
    assert runner.invoke(cli, ["vendor", dest]).exit_code == 0
    assert runner.invoke(cli, ["vendor", "--verify", dest]).exit_code == 0
    (tmp_path / "copy" / "text.py").unlink()
    result = runner.invoke(cli, ["vendor", "--verify", dest])
    assert result.exit_code == 1
    assert "text.py: missing" in result.output


def test_the_example_of_the_document_runs(copy, tmp_path):
    """The embedding example of docs/vendoring.md, as it stands there, against a real directory."""
    text = (ROOT / "docs" / "vendoring.md").read_text(encoding="utf-8")
    example = text.partition("```python\n")[2].partition("```")[0]
    assert 0 < len(example.splitlines()) <= 30
    events = tmp_path / "log" / "Contoso.Agent" / "events"
    events.mkdir(parents=True)
    (tmp_path / "lib" / "events").mkdir(parents=True)
    written = dict.fromkeys(("Version", "Timestamp", "TaskName", "EventLevel", "EventPid", "EventTid", "OperationId"), "1")
    (events / "1.json").write_text(json.dumps({**written, "Message": "hello"}))
    script = copy.parent / "agent.py"
    script.write_text(example)
    run = subprocess.run(
        [sys.executable, str(script), str(tmp_path / "log"), str(tmp_path / "lib" / "events")],
        capture_output=True, text=True, timeout=60, check=False, cwd=copy.parent,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert "hello" in run.stdout
    assert list(events.iterdir()) == []


@pytest.mark.parametrize(
    "name", ["__pycache__/mine.txt", "__pycache__/mine.cpython-311.pyc", "program/__pycache__/a/b", "mine/"]
)
def test_what_is_not_of_the_copy_is_never_removed(copy, name):
    """Not even from directories that Python makes, and not an empty directory."""
    path = copy / name
    if name.endswith("/"):
        path.mkdir()
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("mine")
    with pytest.raises(BadInput, match="is a copy that was changed"):
        vendor.vendor(copy)
    assert path.exists()


def test_what_came_between_the_look_and_the_removal_is_kept(copy, monkeypatch):
    fill = vendor._fill

    def late(place):
        (copy / "mine").write_text("mine")
        return fill(place)

    monkeypatch.setattr(vendor, "_fill", late)
    with pytest.raises(BadInput, match="that is kept in"):
        vendor.vendor(copy)
    assert not (copy / "mine").exists()
    (kept,) = copy.parent.glob(f".{copy.name}.*/old/mine")
    assert [entry.name for entry in kept.parent.iterdir()] == ["mine"]
    assert vendor.verify_copy(copy)[1] == []
