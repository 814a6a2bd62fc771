"""What the command prints: names as they are."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from etp_kit.simulator.cli.command import cli

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
