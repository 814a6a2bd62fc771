"""A program of a user without rights is heard as one of root, and leaves as little behind."""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import pytest

from etp_kit.simulator.subjects.program import messages
from etp_kit.simulator.subjects.program.conversation import Program
from etp_kit.simulator.supervisor.start import clock_is_had, unsupervisable

from .heard import Recorder, needs_kernel

pytestmark = needs_kernel

TOY = Path(__file__).with_name("toys") / "toy.c"
NOBODY = 65534
_PR_SET_DUMPABLE = 4


def heard(toy: Path, root: Path) -> dict[str, Any]:
    """What a pass of the toy called and said; and what it left behind."""
    events = root / "log" / "A" / "events"
    events.mkdir(parents=True)
    for number in range(3):
        (events / f"{number}.json").write_text('{"Message":"x"}')
    listener = Recorder()
    program = Program([str(toy)], heard=True)
    program.hello()
    program.listened_by(listener, str(root))
    program.start(str(root / "log"), str(root), {})
    said = [answer.type for answer in program.collect("extension", messages.Script())]
    program.settle()
    program.stop()
    guard = program.guard
    program.close()
    return {"calls": listener.calls, "said": said, "guard": guard, "left": os.listdir(events), "clock": clock_is_had()}


def as_nobody(toy: Path, root: Path) -> dict[str, Any]:
    """The same in a process of that user's, to which a machine gives what it gives to any other."""
    reads, writes = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.setgroups([])
            os.setresgid(NOBODY, NOBODY, NOBODY)
            os.setresuid(NOBODY, NOBODY, NOBODY)
            ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 1, 0, 0, 0)
            unsupervisable.cache_clear()
            os.write(writes, json.dumps({"why": unsupervisable(), **heard(toy, root)}).encode())
        finally:
            os._exit(0)
    os.close(writes)
    with open(reads, "rb") as pipe:
        told = pipe.read()
    os.waitpid(child, 0)
    return dict(json.loads(told))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_what_root_hears_a_user_hears() -> None:
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler here")
    base = Path(tempfile.mkdtemp(prefix="etp-test-"))  # pytest's own are root's alone
    base.chmod(0o755)
    try:
        subprocess.run([compiler, "-O1", "-o", str(base / "toy"), str(TOY)], check=True)
        for name, owner in (("ours", 0), ("theirs", NOBODY)):
            (base / name).mkdir()
            os.chown(base / name, owner, owner)
        ours, theirs = heard(base / "toy", base / "ours"), as_nobody(base / "toy", base / "theirs")
    finally:
        shutil.rmtree(base)
    assert theirs.pop("why") == ""
    assert len(ours["calls"]) > 10
    assert theirs == json.loads(json.dumps({**ours, "guard": 0}))
