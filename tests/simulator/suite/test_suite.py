"""One pair of a selection: what of it is exhausted, and its verdict however its job ends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from etp_kit.simulator.judging.verdict import ScenarioVerdict
from etp_kit.simulator.runner import Died, Job
from etp_kit.simulator.scenario.library import scenario_from_data
from etp_kit.simulator.subjects.program import hooks
from etp_kit.simulator.suite import suite as module
from etp_kit.simulator.suite.selection import Selection
from etp_kit.simulator.suite.suite import Kept, Suite
from etp_kit.simulator.world.world import FakeWorld

SMALL = {
    "schema": 1,
    "title": "t",
    "about": "a",
    "clauses": ["event.mapping"],
    "passes": 1,
    "exhaust": ["crash", "errno"],
}
LIBRARY = {"small": scenario_from_data({**SMALL, "actor": [{"handler": "Ext", "events": 1}]}, "small.toml")}
BOTH = (("small", "fake"), ("small", "real"))


def suite(collector: str = "reference", **selection: Any) -> Suite:
    return Suite(LIBRARY, Selection(("event.mapping",), selection.pop("pairs", BOTH), **selection), collector)


@pytest.mark.parametrize(
    ("of", "fake", "real"),
    [
        (suite(), [], ["crash", "errno"]),
        (suite(pairs=BOTH[:1]), ["crash", "errno"], []),
        (suite(level="core"), [], []),
        (suite(quick=True), [], []),
    ],
    ids=["last world", "only world", "core", "quick"],
)
def test_a_small_scenario_is_exhausted_once_in_the_last_of_its_worlds(
    of: Suite, fake: list[str], real: list[str]
) -> None:
    assert [of.kinds(name, world) for name, world in BOTH] == [fake, real]


NOT_ASKED = "the collector's process gave a verdict of something else than was asked"


def test_a_program_that_is_not_heard_is_only_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hooks, "_asked", "off")
    assert suite("cmd:x").kinds(*BOTH[1]) == ["crash"]


def test_a_job_examines_its_pair(place: FakeWorld) -> None:
    job = suite(level="core").job("small", "fake")
    found = job.work(place)
    assert (job.name, job.world, found.id, found.verdict) == ("small", "fake", LIBRARY["small"].id, "pass")


@pytest.mark.parametrize(
    ("collector", "kept", "has_lines"),
    [
        ("reference", "none", False),
        ("reference", "failed", False),
        ("reference", "all", True),
        ("mutant:clean-up-skipped", "none", False),
        ("mutant:clean-up-skipped", "failed", True),
    ],
)
def test_a_job_brings_the_history_that_somebody_reads(
    place: FakeWorld, collector: str, kept: Kept, has_lines: bool
) -> None:
    found = suite(collector, level="core").job("small", "fake", keep_lines=kept).work(place)
    assert found.verdict == ("pass" if collector == "reference" else "fail")
    assert bool(found.lines) == has_lines


@pytest.mark.parametrize(
    ("outcome", "told"),
    [
        (ScenarioVerdict(LIBRARY["small"].id, 0, "real", "pass"), ("pass", "", 1.5)),
        (ScenarioVerdict(LIBRARY["small"].id, 1, "real", "pass"), ("fail", NOT_ASKED, 1.5)),
        (Died("hang", "no end", 9.0), ("fail", "no end; none of its variants was run", 1.5)),
    ],
    ids=["ends", "is of another seed", "dies"],
)
def test_however_it_ends_it_is_one_verdict(
    monkeypatch: pytest.MonkeyPatch, outcome: Any, told: tuple[str, str, float]
) -> None:
    def results(jobs: list[Job[Any]], _: int) -> Iterator[tuple[Job[Any], Any, float]]:
        yield from ((job, outcome, 1.5) for job in jobs)

    monkeypatch.setattr(module, "results_of", results)
    found = suite().run("small", "real")
    assert (found.verdict, found.detail, found.wall_seconds) == told
