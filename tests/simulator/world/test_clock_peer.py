"""freezegun, in UTC, tells the same present as the frozen clock: two ways of freezing, apart.

In other zones freezegun answers in UTC (docs/adr/0015-time-zones.md); there the bare interpreter is
the judge, in test_clock.py.
"""

# ruff: noqa: DTZ002, DTZ005, DTZ011, PLW0108 - as collectors ask

from __future__ import annotations

import datetime
import os
import time
from collections.abc import Callable
from typing import Any

import freezegun
import pytest

from etp_kit.simulator.base.units import EPOCH, SECOND
from etp_kit.simulator.world.clock import CLOCK
from tests.simulator.world.child import in_child

INSTANTS = [EPOCH // SECOND, 0, 951_782_400, 1_774_746_000, 4_102_444_799]

PRESENT: dict[str, Callable[[], Any]] = {
    "datetime.now": lambda: datetime.datetime.now(),
    "datetime.now in UTC": lambda: datetime.datetime.now(datetime.UTC),
    "datetime.today": lambda: datetime.datetime.today(),
    "date.today": lambda: datetime.date.today(),
    # The peer leaves open whether it is summer time.
    "localtime": lambda: tuple(time.localtime())[:8],
    "gmtime": lambda: tuple(time.gmtime())[:8],
    "strftime": lambda: time.strftime("%Y-%m-%dT%H:%M:%SZ %j %a"),
    "time": lambda: time.time(),
    "time_ns": lambda: time.time_ns(),
}


def _in_utc() -> None:
    os.environ["TZ"] = "UTC0"
    time.tzset()


def _ours() -> dict[tuple[int, str], str]:
    _in_utc()
    CLOCK.install()
    told = {}
    for instant in INSTANTS:
        CLOCK.reset()
        CLOCK.step_wall(instant * SECOND - EPOCH)
        told |= {(instant, name): str(ask()) for name, ask in PRESENT.items()}
    return told


def _peers() -> dict[tuple[int, str], str]:
    _in_utc()
    freezegun.configure(default_ignore_list=[])  # multiprocessing, which a child stands on, is in it
    told = {}
    for instant in INSTANTS:
        with freezegun.freeze_time(datetime.datetime.fromtimestamp(instant, datetime.UTC)):
            told |= {(instant, name): str(ask()) for name, ask in PRESENT.items()}
    return told


@pytest.fixture(scope="module")
def answers() -> tuple[dict[tuple[int, str], str], dict[tuple[int, str], str]]:
    return in_child(_ours), in_child(_peers)


@pytest.mark.parametrize("name", PRESENT)
def test_the_peer_tells_the_same_present(answers: Any, name: str) -> None:
    ours, peers = ({key: text for key, text in each.items() if key[1] == name} for each in answers)
    assert len(ours) == len(INSTANTS)
    assert ours == peers
