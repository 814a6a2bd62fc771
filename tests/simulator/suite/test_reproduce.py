"""The line that shows a run again: what stands for itself is left out, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from etp_kit.simulator.judging import ScenarioVerdict
from etp_kit.simulator.subjects.program import hooks
from etp_kit.simulator.suite.reproduce import reproducing_line

SHIPPED = "read/malformed"
TRIED = {"crash": {"tried": 3, "failed": 1}, "errno": {"tried": 2, "failed": 0}}


@pytest.mark.parametrize(
    ("verdict", "collector", "more", "line"),
    [
        ({}, "reference", (), f"simulate --scenario {SHIPPED} --seed 4"),
        ({"id": "my own"}, "reference", (), "simulate --scenario 'my own.toml' --seed 4"),
        ({}, "a;b", (), f"simulate --scenario {SHIPPED} --seed 4 --collector 'a;b'"),
        ({"world": "real"}, "reference", (), f"simulate --scenario {SHIPPED} --seed 4 --world real"),
        (
            {"variant": "crash:1:after"},
            "reference",
            (),
            f"simulate --scenario {SHIPPED} --seed 4 --variant crash:1:after",
        ),
        ({"variants": TRIED}, "reference", (), f"simulate --scenario {SHIPPED} --seed 4 --exhaust crash"),
        (
            {"variants": TRIED},
            "reference",
            ("--variant", "errno:1:EIO"),
            f"simulate --scenario {SHIPPED} --seed 4 --variant errno:1:EIO",
        ),
        ({}, "reference", ("--strict",), f"simulate --scenario {SHIPPED} --seed 4 --strict"),
    ],
)
def test_the_line_shows_the_same_run(verdict: dict[str, Any], collector: str, more: tuple[str, ...], line: str) -> None:
    result = ScenarioVerdict(**{"id": SHIPPED, "seed": 4, "world": "fake", "verdict": "fail", **verdict})
    assert reproducing_line(result, collector, "fake", *more) == line


@pytest.mark.parametrize(("asked", "more"), [("off", " --hooks off"), ("try", "")])
def test_how_a_program_is_heard_is_part_of_it(monkeypatch: pytest.MonkeyPatch, asked: str, more: str) -> None:
    monkeypatch.setattr(hooks, "_asked", asked)
    result = ScenarioVerdict(id=SHIPPED, seed=4, world="real", verdict="fail")
    line = f"simulate --scenario {SHIPPED} --seed 4 --collector cmd:x{more}"
    assert reproducing_line(result, "cmd:x", "real") == line
