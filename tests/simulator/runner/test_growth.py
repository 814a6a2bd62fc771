"""Growth over passes: what counts as one, what does not, and what becomes of a collector that takes
all memory.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from etp_kit.simulator.core.cost import Held
from etp_kit.simulator.runner import child
from etp_kit.simulator.runner.spec import RunSpec
from etp_kit.simulator.scenario.library import parse_scenario
from etp_kit.simulator.suite.examination import supervised

SMALL = """
schema = 1
title = "t"
about = "a"
clauses = ["run.growth"]
passes = 16

[[actor]]
handler = "Contoso.Agent"
events = 3
"""

COLLECTOR = """
import os

from etp_kit.collector import build
from etp_kit.simulator.runner.spec import RunSpec

class Small:
    kept = []

    def __init__(self, log_dir, agent_events_dir, sender):
        self.log_dir = log_dir
        self.passes = 0
        self.sound = build(log_dir, agent_events_dir, sender)

    def collect(self):
        self.passes += 1
        for handler in os.listdir(self.log_dir):
            events = os.path.join(self.log_dir, handler, "events")
            for name in os.listdir(events):
                with open(os.path.join(events, name), "rb") as file:
                    text = file.read()
                self.keep(text)
        self.sound.collect()

    def keep(self, text):
        {keep}
"""


def judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keep: str, world: str = "real") -> tuple[str, str]:
    (tmp_path / "growing_collector.py").write_text(COLLECTOR.format(keep=keep))
    monkeypatch.syspath_prepend(str(tmp_path))
    result = supervised(RunSpec(parse_scenario(SMALL, "small.toml"), 0, "py:growing_collector:Small", world))
    return next((clause.verdict, clause.reason) for clause in result.clauses if clause.slug == "run.growth")


BOUNDED = [
    "Small.kept = [text]",
    "self.kept.append(text) if self.passes < 8 else None",
    "self.text = bytes(10**6 * (self.passes % 3))",
]


@pytest.mark.parametrize("keep", BOUNDED)
def test_what_is_replaced_or_bounded_does_not_grow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keep: str) -> None:
    assert judged(tmp_path, monkeypatch, keep) == ("pass", "")


@pytest.mark.parametrize("world", ["fake", "real"])
def test_one_that_keeps_nothing_does_not_grow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, world: str) -> None:
    assert judged(tmp_path, monkeypatch, "pass", world) == ("pass", "")


@pytest.mark.parametrize(
    ("keep", "what"),
    [
        ("self.kept.append(bytes(1_000))", "memory grows by"),
        ("self.kept.append(bytes(20 * 10**6)) if len(self.kept) < self.passes else None", "memory grows by 20,000"),
        ("self.kept.append(__import__('socket').socket())", "descriptors grow from"),
        (
            "threading = __import__('threading'); threading.Thread(target=threading.Event().wait, daemon=True).start()",
            "threads grow from",
        ),
    ],
)
def test_what_every_pass_adds_to_grows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keep: str, what: str) -> None:
    verdict, reason = judged(tmp_path, monkeypatch, keep)
    assert verdict == "fail"
    assert what in reason


def test_one_pass_decides_nothing() -> None:
    flat = (5,) * 24
    spike = (*(1_000,) * 23, 900_000)
    assert Held(spike, flat, flat).problems(2_048) == []
    assert Held(tuple(range(0, 24 * 5_000, 5_000)), flat, flat).problems(2_048) == [
        "memory grows by 5,000 bytes a pass, 2,048 are due"
    ]


def _data_size() -> int:
    """Bytes of memory that this process has now, and a child of it from its start."""
    (line,) = re.findall(r"^VmData:\s+(\d+) kB", Path("/proc/self/status").read_text(), re.M)
    return int(line) * 1024


def test_a_collector_that_takes_all_memory_failed_and_the_kit_did_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "MOST_MEMORY", _data_size() + (200 << 20))
    greedy = """
        try:
            while True:
                self.kept.append(bytearray(4096))
        except MemoryError:
            pass
        try:
            while True:
                self.kept.append([])
        except MemoryError:
            pass"""
    (tmp_path / "growing_collector.py").write_text(COLLECTOR.format(keep=greedy.strip()))
    monkeypatch.syspath_prepend(str(tmp_path))
    result = supervised(
        RunSpec(
            parse_scenario(SMALL.replace("run.growth", "run.errors"), "small.toml"),
            0,
            "py:growing_collector:Small",
            "fake",
        )
    )
    assert (result.verdict, result.kind) == ("fail", "crash")
    # Without any memory the interpreter itself may end before it can say so.
    assert "used up the memory" in result.detail or "SIGSEGV" in result.detail
