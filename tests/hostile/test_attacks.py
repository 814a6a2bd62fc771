"""Attacks of hostile programs and of hostile collectors in Python, as root and as an ordinary user.

Each ends as docs/cage.md says, and leaves no process, no file and no traceback.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from etp_kit.simulator.supervisor.start import unsupervisable

HERE = Path(__file__).parent
TABLE = tomllib.loads((HERE / "attacks.toml").read_text(encoding="utf-8"))
ATTACKS = [(kind, name) for kind, attacks in TABLE.items() for name in attacks]
USERS = ["mine", *(["ordinary"] if os.geteuid() == 0 else [])]
PLACES = (Path("/tmp"), Path("/var/tmp"), Path("/dev/shm"), Path.home())
OUTSIDE = [place / f"etp-hostile-{what}" for place in PLACES for what in ("file", "pickle")]


class Judge:
    """A process of one user that judges attacks, and what it said of the reference."""

    def __init__(self, user: str) -> None:
        words = [sys.executable, "-m", "tests.hostile.attacked", user]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self._process = subprocess.Popen(words, **pipes, text=True, cwd=HERE.parent.parent, start_new_session=True)
        self.of_reference = self._heard()

    def asked(self, collector: str) -> dict[str, Any]:
        assert self._process.stdin is not None
        print(collector, file=self._process.stdin, flush=True)
        return self._heard()

    def _heard(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, f"the judge of attacks ended with {self._process.wait()}"
        return json.loads(line)

    @property
    def is_there(self) -> bool:
        return self._process.poll() is None

    def end(self) -> None:
        with self._process:
            assert self._process.stdin is not None
            self._process.stdin.close()


@pytest.fixture(scope="module")
def judge() -> Iterator[Callable[[str], Judge]]:
    judges: dict[str, Judge] = {}

    def of(user: str) -> Judge:
        if user not in judges or (not judges[user].is_there and "refused" not in judges[user].of_reference):
            judges[user] = Judge(user)
        if refused := judges[user].of_reference.get("refused"):
            pytest.skip(f"an ordinary user cannot run the kit here: {refused}")
        return judges[user]

    yield of
    for one in judges.values():
        one.end()


def spec_of(kind: str, name: str) -> str:
    if kind == "programs":
        return f"cmd:{sys.executable} {HERE / 'programs' / name}.py"
    return f"py:tests.hostile.collectors.{name}:make"


def test_there_are_as_many_attacks_as_are_promised() -> None:
    for kind, attacks in TABLE.items():
        files = {path.stem for path in (HERE / kind).glob("*.py")} - {"__init__", "answering"}
        assert files == set(attacks)
        assert len(attacks) >= 20


@pytest.mark.parametrize("user", USERS)
def test_who_does_not_attack_passes(user: str, judge: Callable[[str], Judge]) -> None:
    assert judge(user).of_reference["verdict"] == "pass"
    assert "limits" in judge(user).of_reference["cage"]


@pytest.mark.parametrize("user", USERS)
@pytest.mark.parametrize(("kind", "name"), ATTACKS, ids=lambda value: value)
def test_an_attack_ends_in_a_verdict(kind: str, name: str, user: str, judge: Callable[[str], Judge]) -> None:
    due = TABLE[kind][name]
    if missing := set(due.get("needs", ())) - set(judge(user).of_reference["cage"]):
        pytest.skip(f"this machine has no {', '.join(missing)}: the attack would reach it")
    if kind == "programs" and "left its world" in due.get("told", "") and unsupervisable():
        pytest.skip("a program's calls are not heard here")
    before = {path for path in OUTSIDE if path.exists()}
    told = judge(user).asked(spec_of(kind, name))
    assert told["code"] == 0, f"the kit ended with {told['code']}: {told['stderr'][-500:]}"
    assert "Traceback" not in told["stderr"]
    assert told["verdict"] == "fail", told
    assert re.search(due.get("told", ""), json.dumps(told)), told
    assert "the kit broke" not in json.dumps(told)
    assert {path for path in OUTSIDE if path.exists()} == before
    assert told["left"] == 0
    assert (told["made"], told["dirs"]) == (2, [])
