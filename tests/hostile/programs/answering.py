"""A program under test that answers as it should, and attacks in its first pass."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable


def answer(attack: Callable[[str], object]) -> None:
    """``attack`` is called with the log dir."""
    log_dir, is_due = "", True
    for line in iter(sys.stdin.readline, ""):
        asked = json.loads(line)
        kind = asked["type"]
        if kind == "stop":
            os._exit(0)
        if kind == "start":
            log_dir = asked["log_dir"]
        if kind == "collect" and is_due:
            is_due = False
            attack(log_dir)
        told = {"hello": {"type": "hello", "protocol": 1, "capabilities": {}}, "start": {"type": "started"}}
        print(json.dumps(told.get(kind, {"type": "done"})), flush=True)
