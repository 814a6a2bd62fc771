"""`--keep DIR`: the real world's directory, to look at afterwards;
and no directory that nobody asked for.
"""

import os

import pytest
from click.testing import CliRunner

from etp_kit.simulator.base.errors import BadInput
from etp_kit.simulator.cli.command import cli
from etp_kit.simulator.runner.spec import RunSpec
from etp_kit.simulator.scenario.library import load_scenario
from etp_kit.simulator.suite.examination import supervised
from etp_kit.simulator.world.roots import temporary_root


def simulate(*arguments):
    return CliRunner().invoke(cli, ["--scenario", "quota/quota-exact", *map(str, arguments)], catch_exceptions=True)


def test_the_directory_stays_as_the_run_left_it(tmp_path):
    done = simulate("--keep", tmp_path / "new" / "here")
    assert done.exit_code == 0, done.output
    assert sorted(os.listdir(tmp_path / "new" / "here")) == ["lib", "log", "outside"]
    assert os.listdir(tmp_path / "new" / "here" / "log")
    assert "--world real" in done.output


def test_a_directory_that_somebody_filled_is_refused_and_untouched(tmp_path):
    (tmp_path / "mine").write_text("mine")
    refused = simulate("--keep", tmp_path).exception
    assert isinstance(refused, BadInput)
    assert "not empty" in str(refused)
    assert (tmp_path / "mine").read_text() == "mine"


def test_a_place_that_is_no_directory_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    assert isinstance(simulate("--keep", tmp_path / "file").exception, BadInput)
    assert isinstance(simulate("--keep", tmp_path / "file" / "below").exception, BadInput)


def test_the_fake_world_keeps_nothing(tmp_path):
    refused = simulate("--keep", tmp_path / "d", "--world", "fake").exception
    assert "the fake world has no directory to keep" in str(refused)
    assert not (tmp_path / "d").exists()


@pytest.mark.parametrize("body", ["import os; os._exit(3)", "import os; os.kill(os.getpid(), 9)"])
def test_a_collector_that_ends_its_process_leaves_no_directory_behind(tmp_path, monkeypatch, body):
    made = []
    monkeypatch.setattr("etp_kit.simulator.runner.worker.temporary_root", lambda: made.append(temporary_root()) or made[-1])
    (tmp_path / "suicidal.py").write_text(f"def build(*_, **__):\n    {body}\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    result = supervised(RunSpec(load_scenario("quota/quota-exact"), 0, "py:suicidal:build", "real"))
    assert (result.verdict, result.kind) == ("fail", "crash")
    assert len(made) == 2  # the world, and the temporary directory of what runs in it
    assert not any(map(os.path.exists, made))
