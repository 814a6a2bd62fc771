"""Bringing up a new collector: small scenarios in the order in which one implements, up to the
first that does not come.

Rules: the steps are data (``smoke.toml``). They are run and judged as any scenario is, so that a
conformance run will say the same. A step that needs what the collector does not declare is skipped
with the reason. The first that is missing ends it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from ..core import STARVED, Said
from ..judging import FAILING, ScenarioVerdict
from ..runner import Died, Job, RunSpec, cage_for, result_of
from ..scenario import Scenario, scenario_from_data
from ..subjects import Broken, is_program, resolve
from .examination import supervised

_FILE = Path(__file__).with_name("smoke.toml")


class SmokeStep(BaseModel):
    """One step: what it must show, and what to do where it does not."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    title: str
    expects: str
    next: str
    scenario: dict[str, Any] = Field(default_factory=dict)

    def as_scenario(self) -> Scenario:
        """The scenario, its file's head added."""
        head = {"schema": 1, "title": self.title, "about": self.expects}
        return scenario_from_data({**head, **self.scenario}, f"{_FILE.name}: {self.name}").model_copy(
            update={"id": f"smoke/{self.name}"}
        )


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    step: list[SmokeStep]


HELLO = SmokeStep(
    name="hello",
    title="starts and says what it can do",
    expects="a program answers `hello` by a line with the protocol's version and its capabilities; a factory has `capabilities`, a mapping, beside it",
    next='read a line of JSON from stdin, and answer {"type":"hello","protocol":1,"capabilities":{}} and a line feed, '
    "flushed at once (see `simulate schema protocol-response`)",
)


def steps() -> list[SmokeStep]:
    """All steps in their order, hello first."""
    return [HELLO, *_File.model_validate(tomllib.loads(_FILE.read_text(encoding="utf-8"))).step]


@dataclass(frozen=True, slots=True)
class SmokeFinding:
    """A step and what came: ``verdict`` is pass, fail, skip, error, or STARVED."""

    step: SmokeStep
    verdict: str
    came: str
    said: Said = field(default_factory=Said)


def bring_up(
    collector: str, timeout: float, begin: Callable[[SmokeStep], None] = lambda _: None
) -> Iterator[SmokeFinding]:
    """Findings step by step, up to the first that is missing. Raises BadInput or KitBroke."""
    for step in steps():
        begin(step)
        finding = _hello(collector, timeout) if step.name == HELLO.name else _scenario(step, collector, timeout)
        yield finding
        if finding.verdict in {*FAILING, STARVED}:
            return


def _hello(collector: str, timeout: float) -> SmokeFinding:
    def greet(_: object) -> tuple[str, str]:
        try:
            return "pass", _declared(dict(resolve(collector).capabilities))
        except Broken as broken:
            return "fail", broken.detail

    try:
        job = Job("hello", greet, "real", timeout, form=tuple[str, str], cage=cage_for(collector))
        (verdict, came), _ = result_of(job)
    except Died as death:
        verdict, came = STARVED if death.kind == STARVED else "fail", death.detail
    return SmokeFinding(HELLO, verdict, came)


def _declared(capabilities: dict[str, Any]) -> str:
    told = [
        name if value is True else f"{name} {value}"
        for name, value in capabilities.items()
        if value and name not in {"settings", "protocol"}
    ]
    return f"declares {', '.join(told)}" if told else "declares nothing, so that little can be judged"


def _scenario(step: SmokeStep, collector: str, timeout: float) -> SmokeFinding:
    world = "real" if is_program(collector) else "fake"
    scenario = step.as_scenario()
    result = supervised(RunSpec(scenario, 0, collector, world), timeout=timeout)
    named = [clause for clause in result.clauses if clause.slug in scenario.clauses]
    if result.verdict == "pass" and all(clause.verdict == "skip" for clause in named):
        return SmokeFinding(step, "skip", named[0].reason)
    verdict = STARVED if result.kind == STARVED else result.verdict
    return SmokeFinding(step, verdict, came(result), result.said)


def came(result: ScenarioVerdict) -> str:
    """What a run showed, in a sentence: what went wrong, and what became of the events."""
    if result.kind or result.verdict == "skip":
        return result.detail or "; ".join(clause.reason for clause in result.clauses)
    if result.verdict == "pass":
        return ""
    wrong = [f"{clause.slug}: {clause.reason}" for clause in result.clauses if clause.verdict == "fail"]
    fates = ", ".join(f"{count} {fate}" for fate, count in result.fates.items())
    written = sum(result.fates.values())
    return "; ".join([*wrong, f"of {written} events written: {fates}" if written else "no event was written"])
