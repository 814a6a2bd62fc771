"""The command as its users meet it:
exit codes, one clear line for bad input, reports, collectors that hang or die.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from etp_kit.simulator.shipped.scenario_files import SHIPPED
from tests.simulator.cli.small import SCENARIO


def simulate(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "import sys; sys.path.insert(0, '.'); from etp_kit.simulator.cli import main; main()", *arguments],
        capture_output=True, text=True, timeout=120, cwd=cwd, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--scenario", "flod"], ["flod", "did you mean", "flood"]),
        (["--scenario", "nowhere.toml"], ["nowhere.toml", "no such"]),
        (["--scenario", "flood", "--seed", "-1"], ["--seed", "-1"]),
        (["--scenario", "flood", "--seed", "x"], ["--seed"]),
        (["--scenario", "flood", "--report", "json=/nonexistent/x.json"], ["/nonexistent/x.json"]),
        (["--scenario", "flood", "--report", "jsn=x"], ["jsn", "did you mean"]),
        (["--scenario", "flood", "--collector", "mutant:qota-raised"], ["qota-raised", "did you mean"]),
        (["--scenario", "flood", "--collector", "nonsense"], ["nonsense", "expected"]),
        (["--scenario", "flood", "--collector", "py:no.such.module:make"], ["no.such"]),
        (["nonsense"], ["nonsense"]),
    ],
)
def test_bad_input_is_one_line_and_exit_4(arguments: list[str], told: list[str]) -> None:
    done = simulate(*arguments)
    assert done.returncode == 4
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert all(word in lines[0] for word in told), lines[0]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("passes = 1", "pases = 1", ["pases", "did you mean", "passes"]),
        ("events = 3", "evnts = 3", ["actor[0].evnts", "did you mean", "events"]),
        ("events = 3", "events = -3", ["actor[0].events", "-3"]),
        ("events = 3", 'events = "qota+1"', ["actor[0].events", "quota"]),
        ("events = 3", 'producer = "plane"', ["plane", "did you mean", "plain"]),
        ("events = 3", 'hazards = [{ kind = "fofo" }]', ["fofo", "fifo"]),
        ("events = 3", 'hazards = [{ kind = "fifo", amuont = 1 }]', ["amuont", "did you mean", "amount"]),
        ('"event.mapping"', '"event.maping"', ["event.maping", "did you mean", "event.mapping"]),
        ("title", "title = ", ["not TOML"]),
        ('handler = "A"', 'handler = "../A"', ["../A"]),
    ],
)
def test_bad_scenario_is_one_line_with_file_and_place(tmp_path: Path, old: str, new: str, told: list[str]) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(SCENARIO.replace(old, new))
    done = simulate("--scenario", str(path))
    assert done.returncode == 4
    assert str(path) in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert all(word in done.stderr for word in told), done.stderr


def test_a_scenario_file_of_ones_own_runs(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(SCENARIO)
    done = simulate("--scenario", str(tmp_path / "mine.toml"))
    assert done.returncode == 0, done.stderr
    assert "PASS" in done.stdout


def test_json_report_has_the_form_and_the_fates_add_up(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    done = simulate(
        "--scenario", "bad-keys", "--seed", "5", "--report", f"json={path}", "--report", f"ndjson={tmp_path / 'h'}"
    )
    assert done.returncode == 0, done.stderr
    report = json.loads(path.read_text())
    assert {"schema", "kit", "collector", "world", "seed", "exit", "summary", "clauses", "scenarios"} <= set(report)
    assert report["schema"] == 1
    assert report["summary"]["failed"] == 0 < report["summary"]["passed"]
    (scenario,) = report["scenarios"]
    assert sum(scenario["fates"].values()) == sum(e["written"] for e in scenario["extensions"].values()) > 0
    for entry in scenario["extensions"].values():
        assert sum(entry["fates"].values()) == entry["written"]
    lines = (tmp_path / "h").read_text().splitlines()
    assert json.loads(lines[0])["op"] == "run"
    assert json.loads(lines[-1])["op"] == "tree"
    assert sorted(os.listdir(tmp_path)) == ["h", "report.json"]


def test_a_report_to_standard_output_by_its_path_comes_out_there(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(SCENARIO)
    done = simulate("--scenario", str(tmp_path / "mine.toml"), "--report", "ndjson=/dev/stdout")
    assert done.returncode == 0, done.stderr
    assert '{"op"' in done.stdout.replace(" ", "") or '"op":"run"' in done.stdout.replace(" ", "")


def test_a_report_that_the_disk_does_not_take_is_one_line_and_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(SCENARIO)
    done = simulate("--scenario", str(tmp_path / "mine.toml"), "--report", "json=/dev/full")
    assert done.returncode == 4
    assert done.stderr == "simulate: --report json=/dev/full: cannot be written: No space left on device\n"


def test_a_broken_collector_exits_1_and_names_the_clause() -> None:
    done = simulate("--scenario", "quota-exact", "--collector", "mutant:quota-raised")
    assert done.returncode == 1
    assert "quota.per-extension" in done.stdout


HANGING = """
import os, time
class Collector:
    def collect(self):
        {}
def make(log_dir, agent_events_dir, sender, **settings):
    return Collector()
make.capabilities = {{}}
"""


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("while True: pass", "no end after"),
        ("os._exit(0)", "ended its process (exit code 0)"),
        ("os.kill(os.getpid(), 9)", "SIGKILL"),
        ("while True: time.sleep(1)", "time-up"),
        ("raise ValueError('x')", "raised ValueError"),
        ("print('noise ' * 1000)", ""),
    ],
)
def test_a_collector_that_hangs_or_dies_gives_a_verdict(tmp_path: Path, body: str, told: str) -> None:
    (tmp_path / "mycollector.py").write_text(HANGING.format(body))
    (tmp_path / "mine.toml").write_text(SCENARIO)
    done = simulate("--scenario", "mine.toml", "--collector", "py:mycollector:make", "--timeout", "2", cwd=tmp_path)
    assert done.returncode in {1, 3}, done.stderr
    assert told in " ".join(done.stdout.replace("│", " ").split())
    assert "noise" not in done.stdout.partition("said in pass")[0], "it stands where what was said is told"


def test_simulate_alone_prints_help_and_version_its_version() -> None:
    assert "Usage" in simulate().stdout
    assert simulate("--version").stdout.startswith("simulate, version ")


def test_list_shows_every_scenario_with_its_clauses() -> None:
    rows = json.loads(simulate("list", "--json").stdout)
    assert {"quota/flood", "field/everyday"} <= {row["scenario"] for row in rows}
    assert all(row["clauses"] for row in rows)


def test_an_absurd_amount_is_bad_input_and_no_hang(tmp_path: Path) -> None:
    text = SHIPPED.joinpath("quota/flood.toml").read_text(encoding="utf-8")
    path = tmp_path / "absurd.toml"
    path.write_text(re.sub(r'(?m)^events = .*$', "events = 1000000000", text), encoding="utf-8")
    done = simulate("--scenario", str(path))
    assert (done.returncode, done.stdout) == (4, "")
    assert "events, and a run holds 1,000,000 at most" in done.stderr
