"""Looks through gc for whatever tells results, and tells one of its own."""

import gc
import json
import os

from . import attacking


def attack(_: str) -> None:
    told = {"id": "hostile", "seed": 0, "world": "real", "verdict": "pass", "clauses": []}
    for one in gc.get_objects():
        if type(one).__name__ in {"Connection", "Reply"}:
            for name in ("send", "_send"):
                try:
                    getattr(one, name)("result", told)
                    os._exit(0)
                except Exception:
                    continue
    body = json.dumps(["result", told]).encode()
    for descriptor in range(3, 100):
        try:
            os.set_blocking(descriptor, False)
            os.write(descriptor, len(body).to_bytes(8, "big") + body)
        except OSError:
            continue


make = attacking(attack, honest=False)
