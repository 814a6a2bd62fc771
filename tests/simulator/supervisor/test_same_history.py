"""The reference as a program has the history that it has as an object, but for what is named here.

Where writers write between two calls, the number of calls decides where: both have histories of
their own then.
"""

from __future__ import annotations

import sys
from typing import Any

import pytest

from etp_kit.simulator.core import COMMON_PARAMETERS, PARAMETER_NAMES, History
from etp_kit.simulator.runner.job import Job, cage_for
from etp_kit.simulator.runner.run import Run
from etp_kit.simulator.runner.spec import RunSpec
from etp_kit.simulator.runner.worker import result_of
from etp_kit.simulator.scenario.library import load_scenario
from etp_kit.simulator.subjects.program import hooks
from etp_kit.simulator.subjects.specs import REFERENCE, resolve
from etp_kit.simulator.supervisor.start import clock_is_had
from etp_kit.simulator.world import FakeWorld, RealWorld

from .heard import needs_kernel

pytestmark = [needs_kernel, pytest.mark.skipif(not clock_is_had(), reason="a program's clock cannot be taken here")]

PROGRAM = f"cmd:{sys.executable} -m etp_kit.collector --protocol"
#: How a directory is read: by an object in one call of `os`, by a program in several of the kernel.
_OF_DIRECTORIES = {"fstat", "readdir", "lseek", "close"}
#: An object is given the agent's common parameters, and somebody to tell notices to.
_HOSTED = {"run", "emit"}


def told(history: History) -> list[Any]:
    """What both have to agree in."""
    found: list[Any] = []
    for record in history:
        result: Any = record.result
        of_directory = record.op == "call" and not record.path.endswith((".json", ".tld"))
        if record.op in _HOSTED or (of_directory and result["call"] in _OF_DIRECTORIES):
            continue
        if record.op == "deliver":
            values = zip(result.get("names", PARAMETER_NAMES), result["values"], strict=True)
            result = {**result, "values": [value for name, value in values if name not in COMMON_PARAMETERS]}
        if record.op == "log":  # a line of stderr has no level
            result = {**result, "level": ""}
        found.append((record.t, record.pass_number, record.actor, record.op, record.path, result))
    return found


def history_of(name: str, collector: str) -> list[Any]:
    spec = RunSpec(load_scenario(name), 7, collector, "real")

    def work(place: FakeWorld | RealWorld) -> list[Any]:
        return told(Run(spec, resolve(collector), place).execute())

    return list(result_of(Job("history", work, "real", cage=cage_for(collector)))[0])


def test_the_life_of_a_thread_has_one_history(monkeypatch: pytest.MonkeyPatch) -> None:
    """The main thread and its own hand the interpreter over to each other, and both wait."""
    monkeypatch.setattr(hooks, "_asked", "try")
    monkeypatch.setenv("PYTHONPATH", str(REFERENCE.parent))
    first, *others = (history_of("run/clock-set-twice", PROGRAM) for _ in range(8))
    assert len(first) > 100
    assert all(other == first for other in others)


@pytest.mark.parametrize(
    "name", ["small/two-handlers", "read/malformed", "discover/links", "stop/masked-among-leftovers"]
)
def test_the_reference_has_one_history_either_way(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hooks, "_asked", "try")
    monkeypatch.setenv("PYTHONPATH", str(REFERENCE.parent))
    program, thing = history_of(name, PROGRAM), history_of(name, "reference")
    assert len(thing) > 50
    assert program == thing
