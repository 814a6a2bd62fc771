"""Lint and a real pass over the same file say the same, element by element."""

from __future__ import annotations

import pytest

from tests.simulator.lint.agreement import agree, place
from tests.simulator.writers.disk import HANDLER

from ..bits import Bits


def check(data: bytes) -> None:
    bits = Bits(data)
    raw = bits.file() if bits.byte() & 1 else bits.rest()
    with place() as root, pytest.MonkeyPatch.context() as patch:
        events = root / "log" / HANDLER / "events"
        events.mkdir(parents=True)
        (events / "1736035200000.json").write_bytes(raw)
        agree(str(root), patch)
