"""A collector that was imported before the world starts is hooked alike,
or refused with the reason.
"""

from __future__ import annotations

import importlib
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from etp_kit.simulator.base.errors import BadInput
from etp_kit.simulator.judging.verdict import ScenarioVerdict
from etp_kit.simulator.runner.spec import RunSpec
from etp_kit.simulator.scenario.library import load_scenario
from etp_kit.simulator.suite.examination import supervised
from etp_kit.simulator.testing.event_world import EventWorld

#: Holds functions of the system in every way in which a module can:
#: the collector itself, and a module that it leans on.
HELPER = """
from os import listdir, remove
from time import sleep

def names(path, _list=listdir):
    return sorted(_list(path))

class Remover:
    remove = staticmethod(remove)
    pause = staticmethod(sleep)
"""
MINE = """
from json import load
from os.path import join
from os import stat

import early_helper
from early_helper import Remover, names

OPEN = {"event": open}

class Collector:
    stat = staticmethod(stat)

    def __init__(self, log_dir, sender):
        self.log_dir, self.sender = log_dir, sender

    def collect(self, *, _open=open):
        for extension in names(self.log_dir):
            directory = join(self.log_dir, extension, "events")
            for name in early_helper.names(directory):
                with OPEN["event"](join(directory, name)) as file:
                    load(file)
                with _open(join(directory, name), "rb") as file:
                    file.read(1)
                self.stat(join(directory, name))
                Remover.pause(1)
                Remover.remove(join(directory, name))

def make(log_dir, agent_events_dir, sender, **settings):
    return Collector(log_dir, sender)
make.capabilities = {}
"""


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    (tmp_path / "early_helper.py").write_text(HELPER)
    (tmp_path / "early_mine.py").write_text(MINE)
    monkeypatch.syspath_prepend(tmp_path)
    yield
    for name in ("early_helper", "early_mine"):
        sys.modules.pop(name, None)


def examined(world: str) -> ScenarioVerdict:
    return supervised(RunSpec(load_scenario("small/two-handlers"), 0, "py:early_mine:make", world), keep_lines=True)


@pytest.mark.parametrize("world", ["fake", "real"])
@pytest.mark.parametrize("imported", [["early_helper"], ["early_helper", "early_mine"]])
def test_one_that_was_imported_before_has_the_history_of_one_that_was_not(mine: None, world: str, imported: list[str]) -> None:
    fresh = examined(world)
    for name in imported:
        importlib.import_module(name)
    early = examined(world)
    assert early.history_sha256 == fresh.history_sha256
    calls = Counter(record["result"]["call"] for record in map(json.loads, early.lines) if record["op"] == "call")
    assert calls["listdir"] > 0
    assert calls["unlink"] == calls["sleep"] == calls["stat"] == 6
    assert calls["open"] == 12
    assert not [line for line in early.lines if '"escape"' in line]


def test_both_worlds_show_one_history(mine: None) -> None:
    importlib.import_module("early_mine")
    assert examined("fake").history_sha256 == examined("real").history_sha256


def test_a_factory_that_is_handed_over_is_hooked_as_well(mine: None, tmp_path: Path) -> None:
    make = importlib.import_module("early_mine").make
    world = EventWorld(tmp_path / "world")
    written = world.write(events=2)
    calls = Counter(call.partition(" ")[0] for call in world.collect(make).calls)
    assert calls["unlink"] == calls["sleep"] == len(written) == 2
    assert not list((world.log_dir / "Contoso.Extension" / "events").iterdir())


def test_one_that_cannot_be_hooked_is_refused_with_the_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # The system's own, also where an earlier test has put the hooks in this process.
    (tmp_path / "early_mine.py").write_text(MINE.replace("OPEN = ", 'KEPT = frozenset([getattr(stat, "etp_real", stat)])\nOPEN = '))
    (tmp_path / "early_helper.py").write_text(HELPER)
    monkeypatch.syspath_prepend(tmp_path)
    make = importlib.import_module("early_mine").make
    with pytest.raises(BadInput, match=r"early_mine: early_mine.KEPT\{\} holds a function of the system"):
        EventWorld(tmp_path / "world").collect(make)
    for name in ("early_helper", "early_mine"):
        del sys.modules[name]
