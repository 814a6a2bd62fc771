"""What became of one event, record by record."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from etp_kit.simulator.judging import event_story
from etp_kit.simulator.judging.ledger import Ledger
from tests.simulator.pages import unpacked

from .tales import told

TALES = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))["tale"]
REASONS = {
    "etp-000000000001 was not handed over": "2.json",
    "Contoso.Agent: 1.json was left": "1.json",
    "Contoso.Agent: it raised": "",
    "etp-00000000ffff was not handed over": "",
    "Contoso.Other: 1.json was left": "",
}
TOKEN = "etp-00000000000c"
FILE = "1767571202164.json"


def simulate(where: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "etp_kit", "run", "event/limits", *words], cwd=where, capture_output=True, text=True,
        timeout=120, check=False, env={**os.environ, "COLUMNS": "120"},
    )  # fmt: skip


@pytest.mark.parametrize("tale", TALES, ids=lambda tale: tale["name"])
def test_a_story_is_told_record_by_record(tale: dict[str, Any]) -> None:
    history = told(tale["history"])
    (event,) = event_story.find_events(Ledger(history), tale["wanted"])
    assert list(event_story.story(history, event, tale.get("most"))) == tale["story"]


@pytest.mark.parametrize("reason", REASONS)
def test_a_reason_names_an_event_by_its_token_or_its_file(reason: str) -> None:
    ledger = Ledger(told(["write 1.json", "write 2.json", "begin", "end"]))
    found = event_story.named_in(ledger, reason)
    assert (found.file if found else "") == REASONS[reason]


def test_only_a_reason_that_names_an_event_has_a_story() -> None:
    history = told(["write 1.json", "begin", "end"])
    found = event_story.stories(history, Ledger(history), {"a": "etp-000000000000 is lost", "b": "it raised"})
    assert list(found) == ["a"]
    assert found["a"][-1] == "fate: waiting"


PATH = f"log/Contoso.Limits/events/{FILE}"


@pytest.mark.parametrize("named", [TOKEN, FILE, PATH, f"/world/{PATH}"])
def test_an_event_is_named_by_token_or_path(tmp_path: Path, named: str) -> None:
    lines = simulate(tmp_path, "--event", named).stdout.splitlines()
    begin = lines.index(f"Contoso.Limits: {TOKEN}, due: cut")
    end = lines.index("fate: cut", begin)
    told = [line.partition(": ")[2] for line in lines[begin + 1 : end]]
    assert told[0].startswith(f"0:Contoso.Limits write log/Contoso.Limits/events/{FILE}, ")
    assert told[-2:] == [f"collector unlink log/Contoso.Limits/events/{FILE}", "collector handed it over"]


def test_an_event_that_nobody_wrote_is_bad_input(tmp_path: Path) -> None:
    done = simulate(tmp_path, "--event", "etp-00000000ffff")
    assert done.returncode == 4
    assert done.stderr.startswith("simulate: --event: no event of this run is 'etp-00000000ffff'")


def test_a_failure_about_an_event_tells_its_story_in_every_report(tmp_path: Path) -> None:
    mutant = "mutant:message-not-cut"
    reports = [word for kind in ("json", "junit", "markdown", "html") for word in ("--report", f"{kind}=r.{kind}")]
    done = simulate(tmp_path, "--collector", mutant, *reports)
    assert done.returncode == 1, done.stderr
    (clause,) = [
        one
        for one in json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))["scenarios"][0]["clauses"]
        if one["slug"] == "event.message-cut"
    ]
    assert 4 <= len(clause["story"]) <= 8
    assert clause["story"][-1].startswith("fate: vanished")
    texts = [(tmp_path / f"r.{kind}").read_text(encoding="utf-8") for kind in ("junit", "markdown")]
    page = json.dumps(unpacked((tmp_path / "r.html").read_text(encoding="utf-8")))
    assert all("collector unlink log" in text for text in [done.stdout, page, *texts])


@pytest.mark.parametrize("named", ["json", "/1.jso", "/other/1.json", "/", "", "events", "x/log/A/events/1.json"])
def test_part_of_a_name_names_no_file(named: str) -> None:
    assert event_story.find_events(Ledger(told(["write 1.json", "begin", "end"])), named) == []
