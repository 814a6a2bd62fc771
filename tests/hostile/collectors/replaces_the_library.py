"""Replaces functions of the standard library for its whole process."""

import json
import time

from . import attacking


def attack(_: str) -> None:
    json.dumps = json.loads = lambda *args, **options: "pass"
    json.JSONEncoder.encode = lambda self, value: "pass"
    time.monotonic = lambda: 0.0


make = attacking(attack, honest=False)
