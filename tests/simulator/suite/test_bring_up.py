"""Step by step, up to the first that is missing: what each end of a run says of its step."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from etp_kit.simulator.contract.clauses import CLAUSES
from etp_kit.simulator.core import STARVED
from etp_kit.simulator.judging.verdict import ClauseVerdict, ScenarioVerdict
from etp_kit.simulator.runner import Died, RunSpec
from etp_kit.simulator.subjects import Broken
from etp_kit.simulator.suite import smoke
from etp_kit.simulator.suite.smoke import bring_up, came, steps

SLUG = steps()[2].as_scenario().clauses[0]


def verdict(said: str, kind: str = "", reason: str = "", **keys: Any) -> ScenarioVerdict:
    clauses = [ClauseVerdict(SLUG, CLAUSES[SLUG].level, said, reason, kind)]
    return ScenarioVerdict("smoke/x", 0, "fake", keys.pop("whole", said), kind, clauses, **keys)


def brought(monkeypatch: pytest.MonkeyPatch, hello: object, *runs: ScenarioVerdict) -> list[tuple[str, str]]:
    """(verdict, what came) of each step. ``hello``: what it declares, or how it ends."""
    left = iter(runs)

    def resolve(_: str) -> Any:
        if isinstance(hello, Broken):
            raise hello
        return type("Subject", (), {"capabilities": hello})

    def result_of(job: Any) -> Any:
        if isinstance(hello, Died):
            raise hello
        return job.work(None), 0.0

    def supervised(spec: RunSpec, timeout: float) -> ScenarioVerdict:
        run = next(left)
        return replace(run, clauses=[replace(clause, slug=spec.scenario.clauses[0]) for clause in run.clauses])

    monkeypatch.setattr(smoke, "resolve", resolve)
    monkeypatch.setattr(smoke, "result_of", result_of)
    monkeypatch.setattr(smoke, "supervised", supervised)
    begun: list[str] = []
    found = list(bring_up("cmd:x", 9.0, lambda step: begun.append(step.name)))
    assert begun == [finding.step.name for finding in found]
    return [(finding.verdict, finding.came) for finding in found]


PASS = verdict("pass")


@pytest.mark.parametrize(
    ("declared", "told"),
    [
        ({}, "declares nothing, so that little can be judged"),
        ({"flush": True, "quota": 7, "settings": ["x"], "protocol": 1, "stop": False}, "declares flush, quota 7"),
    ],
)
def test_what_is_declared_is_told(monkeypatch: pytest.MonkeyPatch, declared: dict[str, Any], told: str) -> None:
    every = brought(monkeypatch, declared, *[PASS] * (len(steps()) - 1))
    assert every == [("pass", told), *[("pass", "")] * (len(steps()) - 1)]


@pytest.mark.parametrize(
    ("hello", "ended"),
    [
        (Broken("protocol", "no JSON"), ("fail", "no JSON")),
        (Died("hang", "no end", 9.0), ("fail", "no end")),
        (Died(STARVED, "next to nothing", 9.0), (STARVED, "next to nothing")),
    ],
)
def test_without_a_hello_nothing_is_tried(
    monkeypatch: pytest.MonkeyPatch, hello: object, ended: tuple[str, str]
) -> None:
    assert brought(monkeypatch, hello) == [ended]


@pytest.mark.parametrize(
    ("run", "ended"),
    [
        (verdict("fail", reason="lost"), ("fail", f"{SLUG}: lost; no event was written")),
        (verdict("error", detail="of ours"), ("error", "no event was written")),
        (verdict("skip", STARVED, detail="next to nothing"), (STARVED, "next to nothing")),
    ],
    ids=["fails", "the kit broke", "starved"],
)
def test_the_first_that_is_missing_ends_it(
    monkeypatch: pytest.MonkeyPatch, run: ScenarioVerdict, ended: tuple[str, str]
) -> None:
    assert brought(monkeypatch, {}, PASS, run)[1:] == [("pass", ""), ended]


def test_a_step_of_which_nothing_is_declared_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    skipped = verdict("skip", reason="the collector declares no quota", whole="pass")
    rest = [PASS] * (len(steps()) - 2)
    assert brought(monkeypatch, {}, skipped, *rest)[1] == ("skip", "the collector declares no quota")


@pytest.mark.parametrize(
    ("result", "told"),
    [
        (PASS, ""),
        (verdict("skip", reason="not declared"), "not declared"),
        (verdict("fail", "hang", detail="no end"), "no end"),
        (verdict("fail", reason="lost", fates={"delivered": 2, "vanished": 1}),
         f"{SLUG}: lost; of 3 events written: 2 delivered, 1 vanished"),
    ],
)  # fmt: skip
def test_what_came_is_told_in_a_sentence(result: ScenarioVerdict, told: str) -> None:
    assert came(result) == told


@pytest.mark.parametrize(("collector", "world"), [("cmd:x", "real"), ("reference", "fake")])
def test_a_program_is_run_in_the_real_world(monkeypatch: pytest.MonkeyPatch, collector: str, world: str) -> None:
    asked: list[RunSpec] = []

    def supervised(spec: RunSpec, timeout: float) -> ScenarioVerdict:
        asked.append(spec)
        return PASS

    monkeypatch.setattr(smoke, "supervised", supervised)
    smoke._scenario(steps()[2], collector, 9.0)
    assert [spec.world for spec in asked] == [world]
