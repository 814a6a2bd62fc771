"""What the command prints: names as they are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from rich.cells import cell_len

from etp_kit.simulator.base.errors import BadInput
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


def failing(columns: str, *words: str) -> Result:
    """A mutant of the kit, as it fails."""
    environment = {"COLUMNS": columns, "NO_COLOR": "1"}
    return CliRunner().invoke(cli, [*words, "--collector", "mutant:message-not-cut"], env=environment)


@pytest.mark.parametrize("columns", ["60", "80", "120", "", "0", "-5", "9" * 40, "no number"])
def test_a_failure_is_as_wide_as_the_terminal(columns: str) -> None:
    printed = failing(columns, "run", "event/limits")
    width = {"60": 60, "80": 80, "0": 40}.get(columns, 120)
    lines = printed.output.splitlines()
    assert printed.exit_code == 1
    assert lines[-1] == "again:  simulate --scenario event/limits --seed 0 --collector mutant:message-not-cut"
    assert [line for line in lines[:-2] if cell_len(line) > width and len(line.split()) > 1] == []
    assert max(map(cell_len, lines)) > width // 2
    assert "\x1b" not in printed.output


def test_quiet_is_of_every_verb_that_judges(tmp_path: Path) -> None:
    history = tmp_path / "history.ndjson"
    lines = failing("120", "run", "event/limits", "-q", "--report", f"ndjson={history}").stdout.splitlines()
    assert lines[0] == "failed event.message-cut (core)"
    lines = failing("120", "conform", "--scenario", "event/limits", "--world", "fake", "-q").stdout.splitlines()
    assert lines[0] == "failed event.message-cut"
    assert lines[-1].startswith("clauses: ")
    lines = CliRunner().invoke(cli, ["recheck", str(history), "-q"]).stdout.splitlines()
    assert lines[0] == "failed event.message-cut (core)"


@pytest.mark.parametrize("verb", [["run", "event/limits"], ["conform"], ["recheck", "x"]])
def test_nobody_is_quiet_and_tells_all(verb: list[str]) -> None:
    printed = CliRunner().invoke(cli, [*verb, "-q", "-v"])
    assert isinstance(printed.exception, BadInput)
    assert str(printed.exception) == "--quiet: goes with no --verbose"
