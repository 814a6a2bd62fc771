"""A program that removes what it has not handed over yet, and hands over what it has not removed.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time


def main() -> None:
    """Passes over all handlers until it is killed, or one."""
    parser = argparse.ArgumentParser()
    for name in ("log-dir", "delivery", "period"):
        parser.add_argument(f"--{name}")
    parser.add_argument("--once", action="store_true")
    given = parser.parse_args()
    while True:
        for handler in os.listdir(given.log_dir):
            directory = os.path.join(given.log_dir, handler, "events")
            names = [name for name in os.listdir(directory) if name.endswith(".json")]
            _pass(directory, names, removes_first=given.delivery == "at-least-once")
        if given.once:
            return


def _pass(directory: str, names: list[str], *, removes_first: bool) -> None:
    told = []
    for name in names:
        with open(os.path.join(directory, name), encoding="utf-8") as source:
            told += [{"parameters": [{"name": "Context1", "value": one["Message"]}]} for one in json.load(source)]
    for removes in (True, False) if removes_first else (False, True):
        for name in names if removes else ():
            os.unlink(os.path.join(directory, name))
        for one in told if not removes else ():
            print(json.dumps(one))
        sys.stdout.flush()
        time.sleep(0.005)


if __name__ == "__main__":
    main()
