"""``python -m tests.hostile.attacked COLLECTOR``: its verdict as a line of JSON, from a process of
its own that an attack could hurt.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from etp_kit.simulator.runner.spec import RunSpec
from etp_kit.simulator.scenario.library import parse_scenario
from etp_kit.simulator.suite.examination import supervised

if __name__ == "__main__":
    text = Path(__file__).with_name("scenario.toml").read_text(encoding="utf-8")
    verdict = supervised(RunSpec(parse_scenario(text, "scenario.toml"), 0, sys.argv[1], "real"), timeout=20)
    clauses = {one.slug: one.reason for one in verdict.clauses if one.verdict == "fail"}
    print(json.dumps({"verdict": verdict.verdict, "detail": verdict.detail, "clauses": clauses}))
