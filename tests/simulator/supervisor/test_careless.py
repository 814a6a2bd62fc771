"""The same careless collector in several languages breaks the same clauses, and loses the same
events, as its sibling at the seam of `os`.
"""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

import pytest

from etp_kit.simulator.judging.verdict import ScenarioVerdict
from etp_kit.simulator.runner.job import Job, cage_for
from etp_kit.simulator.runner.spec import GUEST, RunSpec
from etp_kit.simulator.runner.worker import result_of
from etp_kit.simulator.scenario.library import load_scenario
from etp_kit.simulator.subjects.program import hooks
from etp_kit.simulator.suite.examination import supervised
from etp_kit.simulator.suite.exhaustion import Explorer, Share

from .heard import needs_kernel

pytestmark = needs_kernel

TOYS = Path(__file__).with_name("toys")
#: Of eight shares of what can be tried: one in short, all on request.
IN_FULL = os.environ.get("ETP_CARELESS") == "all"
SHARES_TRIED = 8 if IN_FULL else 1
#: Links and FIFOs in place of files; an events dir that is a link; and a bad file beside good ones.
SCENARIOS = ("small/fifo", "small/link", "small/malformed", "discover/links")


@pytest.fixture(autouse=True)
def _heard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hooks, "_asked", "try")
    monkeypatch.syspath_prepend(str(TOYS))
    monkeypatch.setenv("PYTHONPATH", str(TOYS))


#: How each language's toy is made, or run: the program, and the words.
COMPILED = {
    "c": ("cc", "-O1 -o {out} {toy}.c"),
    "go": ("go", "build -o {out} {toy}.go"),
    "rust": ("rustc", "-O -o {out} {toy}.rs"),
}
RUN = {"python": (sys.executable, "-S {toy}.py"), "perl": ("perl", "{toy}.pl"), "node": ("node", "{toy}.js")}


@cache
def compiled(language: str) -> str:
    """The toy of a language, made once a process."""
    tool, words = COMPILED[language]
    program = shutil.which(tool)
    if program is None:
        pytest.skip(f"no {tool} here")
    out = Path(tempfile.mkdtemp(prefix="etp-toy-")) / language
    atexit.register(shutil.rmtree, out.parent, ignore_errors=True)
    environment = {**os.environ, "GO111MODULE": "off", "GOCACHE": str(out.parent / "cache")}
    subprocess.run(
        [program, *words.format(out=out, toy=TOYS / "toy").split()],
        check=True,
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    return f"cmd:{out}"


def collector_in(language: str) -> str:
    if language in COMPILED:
        return compiled(language)
    program, words = RUN[language]
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"no {program} here")
    return f"cmd:{found} {words.format(toy=TOYS / 'toy')}"


@pytest.fixture(params=[*RUN, *COMPILED])
def collector(request: pytest.FixtureRequest) -> str:
    return collector_in(request.param)


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

    return set(result_of(Job("exhaust", work, "real", form=set[str], cage=cage_for(collector)))[0])


@cache
def _broken_by_object(kind: str, shares: int) -> set[str]:
    return broken("py:toy:make", kind, shares)


#: What a language's own library breaks besides: that of Rust gives up where closedir(3) fails.
OWN = {("rust", "errno"): {"run.errors"}}


@pytest.mark.parametrize("kind", ["crash", "errno", "interleave"])
@pytest.mark.parametrize("language", [*RUN, *COMPILED] if IN_FULL else COMPILED)
def test_what_breaks_the_object_at_one_call_breaks_the_program(language: str, kind: str) -> None:
    found = broken(collector_in(language), kind, SHARES_TRIED)
    assert found == _broken_by_object(kind, SHARES_TRIED) | OWN.get((language, kind), set())
    assert kind != "errno" or "isolate.extension" in found
