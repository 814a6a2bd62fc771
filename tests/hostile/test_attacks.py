"""Twenty attacks and more of hostile programs and of hostile collectors in Python, as root and as
an ordinary user: each ends as docs/cage.md says, and leaves no process, no file and no traceback.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from etp_kit.simulator.cage import held_layers
from etp_kit.simulator.runner.job import Job
from etp_kit.simulator.runner.worker import result_of
from etp_kit.simulator.supervisor.start import unsupervisable

from ..simulator.subjects.program.programs import MARK, left_behind

HERE = Path(__file__).parent
TABLE = tomllib.loads((HERE / "attacks.toml").read_text(encoding="utf-8"))
ATTACKS = [(kind, name) for kind, attacks in TABLE.items() for name in attacks]
ORDINARY = 12_345
USERS = ["mine", *(["ordinary"] if os.geteuid() == 0 else [])]
PLACES = (Path("/tmp"), Path("/var/tmp"), Path("/dev/shm"), Path.home())
OUTSIDE = [place / f"etp-hostile-{what}" for place in PLACES for what in ("file", "pickle")]


@pytest.fixture(scope="module")
def layers() -> tuple[str, ...]:
    return tuple(result_of(Job("caged", lambda _: list(held_layers()), "real"))[0])


def spec_of(kind: str, name: str) -> str:
    if kind == "programs":
        return f"cmd:{sys.executable} {HERE / 'programs' / name}.py"
    return f"py:tests.hostile.collectors.{name}:make"


def attacked(spec: str, user: str) -> dict[str, Any]:
    """The verdict; fails where the kit does not live to tell it."""
    who: dict[str, Any] = {"user": ORDINARY, "group": ORDINARY, "extra_groups": []} if user == "ordinary" else {}
    words = [sys.executable, "-m", "tests.hostile.attacked", spec]
    options = {"capture_output": True, "text": True, "start_new_session": True, **who}
    try:
        ended = subprocess.run(words, check=False, cwd=HERE.parent.parent, **options)
    except PermissionError:
        pytest.skip("an ordinary user cannot run this interpreter")
    assert ended.returncode == 0, f"the kit ended with {ended.returncode}: {ended.stderr[-500:]}"
    assert "Traceback" not in ended.stderr
    return json.loads(ended.stdout)


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
    before = {path for path in OUTSIDE if path.exists()}
    told = attacked(spec_of(kind, name), user)
    assert told["verdict"] == "fail", told
    assert re.search(due.get("told", ""), json.dumps(told)), told
    assert "the kit broke" not in json.dumps(told)
    assert {path for path in OUTSIDE if path.exists()} == before
    assert left_behind(mark) == []

