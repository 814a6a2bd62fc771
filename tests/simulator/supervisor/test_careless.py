"""The same careless collector in several languages breaks the same clauses, and loses the same
events, as its sibling at the seam of `os`.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from etp_kit.simulator.judging.verdict import ScenarioVerdict
from etp_kit.simulator.runner.job import Job
from etp_kit.simulator.runner.spec import GUEST, RunSpec
from etp_kit.simulator.runner.worker import result_of
from etp_kit.simulator.scenario.library import load_scenario
from etp_kit.simulator.subjects.program import hooks
from etp_kit.simulator.suite.examination import supervised
from etp_kit.simulator.suite.exhaustion import Explorer, Share

from .heard import needs_kernel

pytestmark = needs_kernel

TOYS = Path(__file__).with_name("toys")
#: Links and FIFOs in place of files; an events dir that is a link; and a bad file beside good ones.
SCENARIOS = ("small/fifo", "small/link", "small/malformed", "discover/links")


@pytest.fixture(autouse=True)
def _heard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hooks, "_asked", "try")
    monkeypatch.syspath_prepend(str(TOYS))
    monkeypatch.setenv("PYTHONPATH", str(TOYS))


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler here")
    path = tmp_path_factory.mktemp("toys") / "toy"
    subprocess.run([compiler, "-O1", "-o", str(path), str(TOYS / "toy.c")], check=True)
    return path


@pytest.fixture(params=["python", "perl", "node", "c"])
def collector(request: pytest.FixtureRequest) -> str:
    if request.param == "c":
        return f"cmd:{request.getfixturevalue('compiled')}"
    if request.param == "python":
        return f"cmd:{sys.executable} -S {TOYS / 'toy.py'}"
    program = shutil.which(request.param)
    if program is None:
        pytest.skip(f"no {request.param} here")
    return f"cmd:{program} {TOYS / ('toy.pl' if request.param == 'perl' else 'toy.js')}"


def shown(result: ScenarioVerdict) -> dict[str, object]:
    """What became of it: the clauses, why, and every event's fate.

    Of the process around the collector an object alone can be judged.
    """
    return {
        "kind": result.kind,
        "clauses": {c.slug: (c.verdict, c.reason) for c in result.clauses if c.slug != GUEST},
        "fates": result.fates,
        "extensions": result.extensions,
    }


@cache
def _of_object(name: str) -> dict[str, object]:
    return shown(supervised(RunSpec(load_scenario(name), 7, "py:toy:make", "real")))


@pytest.mark.parametrize("name", SCENARIOS)
def test_what_the_object_does_wrong_its_siblings_do_wrong(collector: str, name: str) -> None:
    assert shown(supervised(RunSpec(load_scenario(name), 7, collector, "real"))) == _of_object(name)


def broken(collector: str, kind: str, shares: int) -> set[str]:
    """The clauses that some variants of a kind break."""
    spec = RunSpec(load_scenario("small/two-handlers"), 7, collector, "real")

    def work(place: object) -> set[str]:
        explorer = Explorer(spec, place)
        found = [explorer.explore(Share(kind, number)) for number in range(shares)]
        return {slug for findings in found for slug in findings.broken}

    return result_of(Job("exhaust", work, "real"))[0]


@pytest.mark.parametrize("kind", ["crash", "errno", "interleave"])
def test_what_breaks_the_object_at_one_call_breaks_the_program_in_c(compiled: Path, kind: str) -> None:
    found = broken(f"cmd:{compiled}", kind, 1)
    assert found == broken("py:toy:make", kind, 1)
    assert kind != "errno" or "isolate.extension" in found
