"""How many functions of the kit a judged run calls, in a worker that has made one before.

Counted are calls of functions written in Python, of the kit alone: neither the collector's, nor the
standard library's, so that no version of Python moves the number. Comprehensions and generators are
left out, as some versions call them and others do not. That the reference is not loaded for each
run is tests/simulator/subjects/test_imprint.py's to hold.
"""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any

import etp_kit.simulator
from etp_kit.simulator.runner import Job, RunSpec, result_of
from etp_kit.simulator.scenario import load_scenario
from etp_kit.simulator.suite.examination import examine
from etp_kit.simulator.world import FakeWorld, RealWorld

#: Where the kit lies.
KIT = etp_kit.simulator.__path__[0] + "/"
#: Two extensions with three files each.
SCENARIO = "small/two-handlers"
_UNNAMED = {"<listcomp>", "<dictcomp>", "<setcomp>", "<genexpr>"}


def judged(world: str) -> int:
    """The calls of one run and of what judges it, in this world."""
    scenario = load_scenario(SCENARIO).model_copy(update={"passes": 1})
    spec = RunSpec(scenario, 0, "reference", world)

    def work(place: FakeWorld | RealWorld) -> int:
        examine(spec, place)
        examine(spec, place)
        count = 0

        def called(frame: FrameType, event: str, _: Any) -> None:
            nonlocal count
            code = frame.f_code
            count += event == "call" and code.co_filename.startswith(KIT) and code.co_name not in _UNNAMED

        sys.setprofile(called)
        try:
            verdict = examine(spec, place).verdict
        finally:
            sys.setprofile(None)
        if verdict != "pass":
            raise AssertionError(f"the run ended with {verdict}")
        return count

    return result_of(Job("judged run", work, world))[0]


def measured() -> dict[str, int]:
    return {world: judged(world) for world in ("real", "fake")}
