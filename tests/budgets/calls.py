"""Which system calls a pass makes, as the kit's seam sees them: ``python calls.py PARENT`` prints a
JSON object.

In the fake world: what one file or extension more costs, and what is left of a pass over nothing.
"""

from __future__ import annotations

import importlib
import json
import logging
import os
import sys
from collections import Counter
from typing import Any

from etp_kit.simulator.world import files, hooks
from etp_kit.simulator.world import seam as seams
from etp_kit.simulator.world.fake import FakeKernel
from tests.budgets.functions import EVENT, Sender

ROOT = "/world"


class Heard(Counter[str]):
    """A listener that counts."""

    def before(self, label: str, path: str) -> None:
        pass

    def after(self, label: str, path: str, errno: int) -> None:
        self[label] += 1

    def order(self, names: list[Any]) -> list[Any]:
        return names

    def is_endless(self, label: str, path: str) -> bool:
        return False

    def shorten(self, path: str, wanted: int) -> int:
        return wanted


def calls(build: Any, extensions: int = 1, count: int = 1, **settings: Any) -> Counter[str]:
    kernel = FakeKernel()
    kernel.reset()
    mkdir, opened, write, close = (kernel.function(name) for name in ("mkdir", "open", "write", "close"))
    mkdir(ROOT)
    for extension in range(extensions):
        mkdir(f"{ROOT}/Extension{extension}")
        mkdir(f"{ROOT}/Extension{extension}/events")
        for number in range(count):
            fd = opened(f"{ROOT}/Extension{extension}/events/{1000 + number}.json", os.O_CREAT | os.O_WRONLY, 0o644)
            write(fd, json.dumps(EVENT).encode())
            close(fd)
    collector = build(ROOT, None, Sender(), **settings)
    heard = Heard()
    seams.enter_seam(seams.Seam(kernel, ROOT, heard))
    try:
        collector.collect()
    finally:
        seams.enter_seam(None)
    return heard


def measured(parent: str) -> dict[str, dict[str, int]]:
    hooks.install_seam()
    files.install_files()
    sys.path.insert(0, parent)
    build = importlib.import_module("collector").build
    logging.getLogger("collector").addHandler(logging.NullHandler())

    def more(one: Counter[str], other: Counter[str]) -> dict[str, int]:
        return {label: one[label] - other[label] for label in sorted(one) if one[label] != other[label]}

    return {
        "pass over nothing": dict(sorted(calls(build, 0).items())),
        "extension without files": more(calls(build, 4, 0), calls(build, 3, 0)),
        "file": more(calls(build, 1, 12), calls(build, 1, 11)),
        "discarded file": more(calls(build, 1, 13, quota=1), calls(build, 1, 12, quota=1)),
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measured(os.path.abspath(sys.argv[1]))))
