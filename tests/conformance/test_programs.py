"""Collectors that are programs, through `cmd:`:
the reference and the example in Perl pass, and what is wrong is caught by its clause as well.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from etp_kit.simulator.contract.clauses import CLAUSES
from etp_kit.simulator.judging.verdict import ScenarioVerdict
from etp_kit.simulator.runner.job import Job
from etp_kit.simulator.runner.spec import RunSpec
from etp_kit.simulator.runner.watchdog import WATCHDOG
from etp_kit.simulator.runner.worker import result_of
from etp_kit.simulator.scenario.library import load_scenario
from etp_kit.simulator.shipped import mutants, shipped_scenarios
from etp_kit.simulator.subjects.program import hooks
from etp_kit.simulator.subjects.specs import REFERENCE
from etp_kit.simulator.suite.examination import supervised
from etp_kit.simulator.suite.exhaustion import examine_fully

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = f"cmd:{sys.executable} -m etp_kit.collector --protocol"
EXAMPLE = f"cmd:perl {ROOT / 'docs' / 'examples' / 'collector.pl'}"

#: One scenario of each kind of thing that only a program's run does.
#: `simulate conform` on the command line runs the rest.
FAST = (
    "agent/everyday", "agent/no-directory", "clean/in-flight", "clean/residue", "deliver/crash-at-most-once", "deliver/sender-errors", "deliver/unconfirmed",
    "discover/links", "discover/log-dir-is-a-link", "discover/no-log-dir", "discover/odd-names", "event/bad-keys", "event/odd-times",
    "quota/quota-exact", "read/concurrent-writes", "read/malformed", "report/many-reasons", "select/odd-objects", "stop/before", "stop/with-leftovers",
    "stop/masked-among-leftovers",
)  # fmt: skip
CORE = [name for name in shipped_scenarios() if any(CLAUSES[slug].level == "core" for slug in load_scenario(name).clauses)]


@pytest.fixture(autouse=True)
def _importable(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reference is found wherever the tests stand."""
    monkeypatch.setenv("PYTHONPATH", str(REFERENCE.parent))


#: Seconds of processor a pass of the example may take. Perl's JSON needs 45 s for the sixteen
#: mebibytes of read/sixteen-mebibytes on a fast machine, and three times as long on a slow one.
SLOW = 4 * WATCHDOG


def wrong(result: ScenarioVerdict, level: str = "hardened") -> list[object]:
    return [c for c in result.clauses if c.verdict in {"fail", "error"} and (level != "core" or c.level == "core")]


@pytest.mark.parametrize("name", FAST)
def test_the_reference_passes_as_a_program(name: str) -> None:
    result = supervised(RunSpec(load_scenario(name), 7, PROGRAM, "real"))
    assert result.verdict == "pass", (result.detail, wrong(result))
    for entry in result.extensions.values():
        assert sum(entry["fates"].values()) == entry["written"] > 0


@pytest.mark.parametrize("name", CORE)
def test_the_example_in_another_language_keeps_the_core_level(name: str) -> None:
    result = supervised(RunSpec(load_scenario(name), 7, EXAMPLE, "real"), timeout=SLOW)
    assert result.verdict in {"pass", "fail", "skip"}
    assert not result.kind, result.detail
    assert wrong(result, "core") == []


#: What pauses make judgeable, and a scenario of each.
PAUSED = {
    "read.torn": "read/concurrent-writes",
    "read.vanished": "read/concurrent-writes",
    "read.torn-budget": "read/torn-many",
    "discover.swap": "discover/swapped",
    "agent.torn": "agent/torn",
}


@pytest.mark.parametrize("clause", PAUSED)
def test_one_that_pauses_is_judged_where_its_calls_are_not_heard(
    clause: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hooks, "_asked", "off")
    result = supervised(RunSpec(load_scenario(PAUSED[clause]), 7, PROGRAM, "real"))
    assert [one.verdict for one in result.clauses if one.slug == clause] == ["pass"]
    assert wrong(result) == []


def changed_example(directory: Path, old: str, new: str) -> str:
    """The example with one line otherwise."""
    text = (ROOT / "docs" / "examples" / "collector.pl").read_text(encoding="utf-8")
    assert text.count(old) == 1
    path = directory / "collector.pl"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return f"cmd:perl {path}"


@pytest.mark.parametrize(
    ("old", "new", "scenario", "clause"),
    [
        ("pause($DELAY) if @torn;", "", "read/concurrent-writes", "read.torn"),
        ("pause($DELAY) if @torn;", "pause(5) if @torn;", "read/torn-many", "read.torn-budget"),
        ("or return 1;\n    my $sound", "or die;\n    my $sound", "read/vanishing", "read.vanished"),
    ],
    ids=["gives up at once", "waits too long", "dies of a file that vanished"],
)
def test_what_one_that_pauses_does_wrong_is_caught(
    tmp_path: Path, old: str, new: str, scenario: str, clause: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hooks, "_asked", "off")
    changed = changed_example(tmp_path, old, new)

    def failed(seed: int) -> list[str]:
        result = supervised(RunSpec(load_scenario(scenario), seed, changed, "real"))
        return [one.slug for one in result.clauses if one.verdict == "fail"]

    # The file system lists in its own order, so a step may fall where it shows nothing.
    assert any(clause in failed(seed) for seed in range(5))


def test_most_of_the_core_is_judged_on_the_example() -> None:
    results = [
        supervised(RunSpec(load_scenario(name), 7, EXAMPLE, "real"))
        for name in ("event/keys", "quota/quota-exact", "stop/during", "read/malformed")
    ]
    passed = {clause.slug for result in results for clause in result.clauses if clause.verdict == "pass"}
    assert {"event.keys", "quota.newest-win", "stop.during", "read.malformed", "clean.processed", "deliver.at-most-once"} <= passed


@pytest.mark.parametrize(("name", "points"), [("small/at-least-once", 6 + 2), ("small/two-handlers", 6)])
def test_one_that_is_not_heard_is_killed_at_every_delivery_and_flush(
    name: str, points: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hooks, "_asked", "off")
    spec = RunSpec(load_scenario(name), 7, PROGRAM, "real")
    kinds = ("crash", "errno", "interleave")
    job = Job(name, lambda place: examine_fully(spec, place, kinds), "real", form=ScenarioVerdict, cage="program")
    result, _ = result_of(job)
    assert result.verdict == "pass", wrong(result)
    assert result.variants == {"crash": {"tried": points, "failed": 0}}


#: Wrong collectors, with a scenario of the clause that each breaks:
#: of every way in which a program's run is looked at.
WRONG = {
    "quota-raised": "quota/quota-exact", "clean-up-skipped": "field/everyday", "residue-kept": "clean/residue", "young-removed": "clean/in-flight",
    "events-dir-made": "discover/no-events-dir", "links-followed": "discover/links", "stop-swallowed": "stop/during", "stop-not-asked": "stop/before",
    "oldest-first": "quota/quota-exact", "local-time": "event/odd-times", "drops-unreported": "event/bad-keys", "names-raw-in-logs": "discover/odd-names",
    "all-parameters-redacted": "agent/secrets", "rest-kept": "quota/flood", "any-error-is-a-stop": "deliver/sender-errors",
    "unanswered-is-running": "stop/masked", "listed-to-the-end": "discover/endless",
    "sockets-kept": "run/many-passes", "threads-kept": "run/many-passes",
    "twice-the-period": "run/an-hour", "started-again": "run/an-hour", "thread-unnamed": "run/an-hour",
    "wall-clock-schedule": "run/clock-set-twice", "feature-always-on": "run/feature-off",
    "sleeps-through-a-stop": "run/an-afternoon",
}  # fmt: skip


def copy_with(name: str, directory: Path) -> None:
    """The mutant as a package of its own, `wrong`."""
    shutil.copytree(REFERENCE, directory / "wrong", ignore=shutil.ignore_patterns("__pycache__"))
    edit = mutants()[name].edit
    path = directory / "wrong" / edit.file
    path.write_text(edit.apply(path.read_text(encoding="utf-8")), encoding="utf-8")


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_program_is_caught_by_the_clause_that_it_breaks(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy_with(name, tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    result = supervised(RunSpec(load_scenario(WRONG[name]), 0, f"cmd:{sys.executable} -m wrong --protocol", "real"))
    assert mutants()[name].clause in {clause.slug for clause in result.clauses if clause.verdict == "fail"}, result.clauses


BETWEEN_CALLS = ["read/concurrent-writes", "read/torn-many", "read/vanishing", "discover/swapped", "select/outgrown"]


@pytest.mark.parametrize("name", BETWEEN_CALLS)
def test_what_takes_a_step_between_two_calls_is_judged_of_the_reference(name: str) -> None:
    result = supervised(RunSpec(load_scenario(name), 7, PROGRAM, "real"))
    assert result.verdict == "pass", (result.detail, wrong(result))
    assert not [clause for clause in result.clauses if clause.verdict == "skip"]


SERVED = ["run/an-afternoon", "run/clock-set-twice", "run/feature-off-and-stopped"]


@pytest.mark.parametrize("name", SERVED)
def test_the_thread_of_a_program_lives_by_the_kits_clock(name: str) -> None:
    result = supervised(RunSpec(load_scenario(name), 7, PROGRAM, "real"))
    assert result.verdict == "pass", (result.detail, wrong(result))
    assert not [clause for clause in result.clauses if clause.verdict == "skip"]


def test_a_program_that_removes_before_it_writes_loses_events_when_it_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy_with("unconfirmed-removed", tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    collector = f"cmd:{sys.executable} -m wrong --protocol"
    spec = RunSpec(load_scenario("small/at-least-once"), 7, collector, "real")
    job = Job(
        "crash", lambda place: examine_fully(spec, place, ("crash",)), "real", form=ScenarioVerdict, cage="program"
    )
    result, _ = result_of(job)
    assert "deliver.at-least-once" in {clause.slug for clause in result.clauses if clause.verdict == "fail"}
    assert result.variants["crash"]["failed"] > 0
