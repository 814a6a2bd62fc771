"""``simulate mutants`` and its report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from etp_kit.simulator.cli.command import cli

ONE = ["mutants", "--clause", "quota.notice", "--jobs", "1"]


def test_its_report_has_each_mutant_that_ran(tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, [*ONE, "--report", f"mutation={tmp_path / 'm.json'}"])
    assert done.exit_code == 0, done.output
    document = json.loads((tmp_path / "m.json").read_text(encoding="utf-8"))
    ended = [one for file in document["files"].values() for one in file["mutants"]]
    assert f"{len(ended)} of {len(ended)} mutants caught" in done.output
    assert {(one["mutatorName"], one["status"], one["killedBy"][0]) for one in ended} == {
        ("quota.notice", "Killed", "quota.notice")
    }
    assert all(one["statusReason"] for one in ended)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--show", "quota-raised", "--report", "mutation=m.json"], "nothing runs"),
        (["--full", "--report", "mutation=-"], "standard output is the page of --full"),
        (["--report", "html=m.html"], "formats: mutation"),
    ],
)
def test_what_makes_no_sense_runs_nothing(
    words: list[str], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(cli, [*ONE, *words])
    assert not list(tmp_path.iterdir())
    assert told in f"{done.output}{done.exception}"
    assert done.exit_code != 0
