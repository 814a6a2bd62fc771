"""What the command prints: names as they are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from etp_kit.simulator.cli.command import cli
from etp_kit.simulator.contract import CLAUSES
from etp_kit.simulator.shipped import shipped_scenarios

COLLECTOR = "from etp_kit.collector import build\n"


def test_a_name_between_colons_is_no_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``:boom:`` is one, to the library that prints tables."""
    (tmp_path / "boom.py").write_text(COLLECTOR)
    monkeypatch.chdir(tmp_path)
    exact = ["--scenario", "quota-exact"]
    for words in (["conform", "--clause", "quota.notice", *exact], ["run", *exact], ["smoke"], ["matrix", "--object", "fifo"]):
        printed = CliRunner().invoke(cli, [*words, "--collector", "py:boom:build"])
        assert printed.exit_code in {0, 1}, printed.output
        assert "\N{COLLISION SYMBOL}" not in printed.output


def test_a_path_between_colons_is_no_picture(tmp_path: Path) -> None:
    events = tmp_path / ":boom:" / "Contoso.Agent" / "events"
    events.mkdir(parents=True)
    (events / "1.json").write_text("[")
    printed = CliRunner().invoke(cli, ["lint", str(events)])
    assert ":boom:" in printed.output
    assert "\N{COLLISION SYMBOL}" not in printed.output


def test_a_long_scenario_shows_its_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("etp_kit.simulator.cli.output._EVERY", 0.0)
    printed = CliRunner().invoke(cli, ["run", "run/many-passes"])
    assert printed.exit_code == 0, printed.output
    told = [int(number) for number in re.findall(r"^running run/many-passes, pass (\d+) of 32, ", printed.stderr, re.M)]
    assert told == sorted(told)
    assert told[-1] > told[0]


@pytest.mark.parametrize("columns", ["60", "80", "120"])
def test_an_id_is_never_broken(columns: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever copies a line copies a name."""
    monkeypatch.setenv("COLUMNS", columns)
    for what, names in ((), shipped_scenarios()), (("--clauses",), CLAUSES), (("--long",), shipped_scenarios()):
        lines = CliRunner().invoke(cli, ["list", *what]).output.splitlines()
        shown = {line.partition("│")[0].strip() for line in lines}
        assert set(names) <= shown
