"""``python -m tests.hostile.attacked mine|ordinary``: for each collector that standard input names,
a line of JSON with its verdict.

Why: an attack could hurt the process that judges it, so each has one of its own. They are forked
from this one, which has loaded the kit once.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import IO, Any

from etp_kit.simulator.runner import worker
from etp_kit.simulator.runner.spec import RunSpec
from etp_kit.simulator.scenario.library import parse_scenario
from etp_kit.simulator.subjects.program.guard import adopt, descendants, reaped
from etp_kit.simulator.suite.examination import supervised
from etp_kit.simulator.world import temporary_root

from .ordinary import become_ordinary, what_tests_need

HERE = Path(__file__).parent
SCENARIO = parse_scenario((HERE / "scenario.toml").read_text(encoding="utf-8"), "scenario.toml")
#: Real seconds in which what an attack started must be gone.
_PATIENCE = 10.0


def judged(collector: str) -> dict[str, Any]:
    """``dirs``: those of the worlds that are still there."""
    made: list[str] = []
    worker.temporary_root = lambda: made.append(temporary_root()) or made[-1]
    verdict = supervised(RunSpec(SCENARIO, 0, collector, "real"), timeout=20)
    clauses = {one.slug: one.reason for one in verdict.clauses if one.verdict == "fail"}
    dirs = list(filter(os.path.lexists, made))
    told = {"verdict": verdict.verdict, "detail": verdict.detail, "clauses": clauses, "cage": list(verdict.cage)}
    return {**told, "dirs": dirs, "made": len(made)}


def attacked(collector: str) -> dict[str, Any]:
    """Its verdict. ``code`` and ``stderr``: of the process that judged it. ``left``: how many are
    still below this process, which adopts whatever loses its parent.
    """
    with tempfile.TemporaryFile("w+") as told, tempfile.TemporaryFile("w+", errors="replace") as stderr:
        child = os.fork()
        if not child:
            _judge(collector, told, stderr)
        _, status = os.waitpid(child, 0)
        end = time.monotonic() + _PATIENCE
        while not reaped() and time.monotonic() < end:
            time.sleep(0.01)
        for file in (told, stderr):
            file.seek(0)
        code = os.waitstatus_to_exitcode(status)
        verdict = json.loads(told.read()) if code == 0 else {}
        return {"code": code, "stderr": stderr.read(), "left": len(descendants(os.getpid())), **verdict}


def _judge(collector: str, told: IO[str], stderr: IO[str]) -> None:
    code = 1
    try:
        os.dup2(stderr.fileno(), 2)
        told.write(json.dumps(judged(collector)))
        told.flush()
        code = 0
    except BaseException:
        os.write(stderr.fileno(), traceback.format_exc().encode())
    finally:
        os._exit(code)


def main(user: str) -> None:
    if user == "ordinary":
        try:
            become_ordinary(what_tests_need(HERE.parent.parent))
        except OSError as error:
            print(json.dumps({"refused": str(error)}), flush=True)
            return
    adopt()
    print(json.dumps(judged("reference")), flush=True)
    for line in sys.stdin:
        print(json.dumps(attacked(line.rstrip("\n"))), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
