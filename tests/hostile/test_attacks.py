"""Twenty attacks and more of hostile programs and of hostile collectors in Python, as root and as
an ordinary user: each ends as docs/cage.md says, and leaves no process, no file and no traceback.
"""

from __future__ import annotations

import ctypes
import json
import os
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from etp_kit.simulator.cage import held_layers
from etp_kit.simulator.runner.job import Job
from etp_kit.simulator.runner.spec import RunSpec
from etp_kit.simulator.runner.worker import result_of
from etp_kit.simulator.scenario.library import parse_scenario
from etp_kit.simulator.subjects.program import hooks
from etp_kit.simulator.suite.examination import supervised
from etp_kit.simulator.supervisor.start import unsupervisable

from ..simulator.subjects.program.programs import MARK, left_behind

HERE = Path(__file__).parent
SCENARIO = parse_scenario((HERE / "scenario.toml").read_text(encoding="utf-8"), "scenario.toml")
TABLE = tomllib.loads((HERE / "attacks.toml").read_text(encoding="utf-8"))
ATTACKS = [(kind, name) for kind, attacks in TABLE.items() for name in attacks]
ORDINARY = 12_345
USERS = ["mine", *(["ordinary"] if os.geteuid() == 0 else [])]
PLACES = (Path("/tmp"), Path("/var/tmp"), Path("/dev/shm"), Path.home())
OUTSIDE = [place / f"etp-hostile-{what}" for place in PLACES for what in ("file", "pickle")]
_SET_DUMPABLE = 4


@pytest.fixture(scope="module")
def layers() -> tuple[str, ...]:
    return tuple(result_of(Job("caged", lambda _: list(held_layers()), "real"))[0])


def spec_of(kind: str, name: str) -> str:
    if kind == "programs":
        return f"cmd:{sys.executable} {HERE / 'programs' / name}.py"
    return f"py:tests.hostile.collectors.{name}:make"


def attacked(spec: str, user: str) -> dict[str, Any]:
    """The verdict, made in a process that an attack could hurt; fails where that one does not
    live.
    """
    end, told = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.setsid()
            if user == "ordinary":
                os.setgroups([])
                os.setgid(ORDINARY)
                os.setuid(ORDINARY)
                ctypes.CDLL(None).prctl(_SET_DUMPABLE, 1, 0, 0, 0)  # as of any process of that user
            verdict = supervised(RunSpec(SCENARIO, 0, spec, "real"), timeout=20)
            clauses = {one.slug: one.reason for one in verdict.clauses if one.verdict == "fail"}
            line = json.dumps({"verdict": verdict.verdict, "detail": verdict.detail, "clauses": clauses})
        except BaseException as error:
            line = json.dumps({"verdict": f"{type(error).__name__}: {error}", "detail": "", "clauses": {}})
        os.write(told, line.encode()[:60_000])
        os._exit(0)
    os.close(told)
    with open(end, "rb") as file:
        data = file.read()
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code == 0, f"the kit was ended by {code}"
    return json.loads(data)


def test_there_are_as_many_attacks_as_are_promised() -> None:
    for kind, attacks in TABLE.items():
        files = {path.stem for path in (HERE / kind).glob("*.py")} - {"__init__", "answering"}
        assert files == set(attacks)
        assert len(attacks) >= 20


@pytest.mark.parametrize("user", USERS)
@pytest.mark.parametrize(("kind", "name"), ATTACKS, ids=lambda value: value)
def test_an_attack_ends_in_a_verdict(
    kind: str, name: str, user: str, layers: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    due = TABLE[kind][name]
    if missing := set(due.get("needs", ())) - set(layers):
        pytest.skip(f"this machine has no {', '.join(missing)}: the attack would reach it")
    if kind == "programs" and "left its world" in due.get("told", "") and unsupervisable():
        pytest.skip("a program's calls are not heard here")
    mark = f"{kind}-{name}-{user}-{os.getpid()}"
    monkeypatch.setenv(MARK, mark)
    monkeypatch.syspath_prepend(str(HERE.parent.parent))
    monkeypatch.setattr(hooks, "_asked", "try")
    before = {path for path in OUTSIDE if path.exists()}
    told = attacked(spec_of(kind, name), user)
    assert told["verdict"] == "fail", told
    assert re.search(due.get("told", ""), json.dumps(told)), told
    assert "the kit broke" not in json.dumps(told)
    assert {path for path in OUTSIDE if path.exists()} == before
    assert left_behind(mark) == []

