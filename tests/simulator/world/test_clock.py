"""Every way of asking for the time, in many zones: the frozen world answers what the bare
interpreter does at that instant.
"""

# ruff: noqa: DTZ001, DTZ002, DTZ005, DTZ006, DTZ007, DTZ011, DTZ012, DTZ901, PLW0108, UP017 - as
# collectors ask, whichever way; what is asked is looked up at the time of asking

from __future__ import annotations

import copy
import datetime
import email.utils
import logging
import os
import pickle
import sys
import time
import types
import uuid
import zoneinfo
from collections.abc import Callable
from typing import Any

import pytest

from etp_kit.simulator.base.units import EPOCH
from etp_kit.simulator.world import seam, zones
from etp_kit.simulator.world.clock import CLOCK, look_around
from etp_kit.simulator.world.fake import FakeKernel
from etp_kit.simulator.world.hooks import install_seam
from tests.simulator.world.child import in_child
from tests.simulator.world.worlds import Recorder

S = 1_000_000_000

#: Rules and names; both halves of the earth; half hours; a summer time of half an hour; one that
#: changed its offset for good (Apia, a whole day).
ZONES = [
    "UTC0",
    "NST3:30",
    "CET-1CEST,M3.5.0,M10.5.0/3",
    "Asia/Kolkata",
    "Europe/Berlin",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Chatham",
]
#: When the clocks change in Berlin, St John's, Lord Howe, Chatham and Chatham again.
EDGES = (1_774_746_000, 1_792_890_000, 1_772_955_000, 1_793_507_400, 1_775_314_800, 1_790_953_200, 1_775_311_200)

#: Instants, Unix seconds: the start of every run, the day that Apia had not, and each side of those
#: edges.
INSTANTS = [
    EPOCH // S,
    0,
    -86_401,
    951_782_400,
    1_325_239_199,
    1_325_239_200,
    4_102_444_799,
    *(edge + by for edge in EDGES for by in (-3_601, -1, 0, 1_799, 3_600)),
]

CHATHAM = zoneinfo.ZoneInfo("Pacific/Chatham")


def _told(value: Any) -> Any:
    """A value so that what two worlds show of it can be compared: its kind, its text, its zone and
    which of two equal hours it is.
    """
    if isinstance(value, time.struct_time):
        return tuple(value), value.tm_zone, value.tm_gmtoff
    if isinstance(value, datetime.datetime):
        return repr(value), str(value), value.fold, value.tzname(), value.isoformat(), type(value) is datetime.datetime
    if isinstance(value, datetime.date):
        return repr(value), type(value) is datetime.date
    return value


def _formatted(second: float) -> str:
    record = logging.makeLogRecord({"created": second, "msecs": 0.0})
    return logging.Formatter().formatTime(record)


#: Asked with an instant, which bare and frozen know alike.
GIVEN: dict[str, Callable[[float], Any]] = {
    "fromtimestamp": lambda t: datetime.datetime.fromtimestamp(t),
    "fromtimestamp of a fraction": lambda t: datetime.datetime.fromtimestamp(t + 0.123456),
    "fromtimestamp in UTC": lambda t: datetime.datetime.fromtimestamp(t, datetime.timezone.utc),
    "fromtimestamp in a zone": lambda t: datetime.datetime.fromtimestamp(t, zoneinfo.ZoneInfo("Australia/Lord_Howe")),
    "fromtimestamp and back": lambda t: datetime.datetime.fromtimestamp(t).timestamp(),
    "a date fromtimestamp": lambda t: datetime.date.fromtimestamp(t),
    "its date": lambda t: datetime.datetime.fromtimestamp(t).date(),
    "astimezone of the host": lambda t: datetime.datetime.fromtimestamp(t, datetime.timezone.utc).astimezone(),
    "astimezone of a naive one": lambda t: datetime.datetime.fromtimestamp(t).astimezone(datetime.timezone.utc),
    "astimezone of a named zone": lambda t: datetime.datetime.fromtimestamp(t).astimezone(
        zoneinfo.ZoneInfo("America/St_Johns")
    ),
    "a sum": lambda t: datetime.datetime.fromtimestamp(t) + datetime.timedelta(minutes=90),
    "a difference": lambda t: datetime.datetime.fromtimestamp(t) - datetime.datetime(1970, 1, 1),
    "strptime": lambda t: datetime.datetime.strptime(
        time.strftime("%Y-%m-%d %H:%M", time.localtime(t)), "%Y-%m-%d %H:%M"
    ),
    "replace": lambda t: datetime.datetime.fromtimestamp(t).replace(tzinfo=datetime.timezone.utc),
    "pickled": lambda t: pickle.loads(pickle.dumps(datetime.datetime.fromtimestamp(t))),
    "copied": lambda t: copy.deepcopy(datetime.datetime.fromtimestamp(t)),
    "its format": lambda t: datetime.datetime.fromtimestamp(t).strftime("%Y-%m-%dT%H:%M:%S.%f%z %Z %j"),
    "its text": lambda t: f"{datetime.datetime.fromtimestamp(t):%c}",
    "localtime": lambda t: time.localtime(t),
    "gmtime": lambda t: time.gmtime(t),
    "strftime": lambda t: time.strftime("%Y-%m-%dT%H:%M:%SZ %z %Z", time.localtime(t)),
    "mktime": lambda t: time.mktime(time.localtime(t)),
    "ctime": lambda t: time.ctime(t),
    "asctime": lambda t: time.asctime(time.localtime(t)),
    "a log record": _formatted,
    "a mail's date": lambda t: email.utils.formatdate(t, localtime=True),
}

#: Asked for the present, which only the frozen world fixes: there it must be what bare Python says
#: of that instant by the other way of asking.
PRESENT: dict[str, tuple[Callable[[], Any], Callable[[float], Any]]] = {
    "datetime.now": (lambda: datetime.datetime.now(), lambda t: datetime.datetime.fromtimestamp(t)),
    "datetime.now in UTC": (
        lambda: datetime.datetime.now(datetime.timezone.utc),
        lambda t: datetime.datetime.fromtimestamp(t, datetime.timezone.utc),
    ),
    "datetime.now in a zone": (
        lambda: datetime.datetime.now(CHATHAM),
        lambda t: datetime.datetime.fromtimestamp(t, CHATHAM),
    ),
    "datetime.now and on": (
        lambda: datetime.datetime.now().astimezone(),
        lambda t: datetime.datetime.fromtimestamp(t).astimezone(),
    ),
    "datetime.today": (lambda: datetime.datetime.today(), lambda t: datetime.datetime.fromtimestamp(t)),
    "date.today": (lambda: datetime.date.today(), lambda t: datetime.date.fromtimestamp(t)),
    "localtime": (lambda: time.localtime(), lambda t: time.localtime(t)),
    "localtime of None": (lambda: time.localtime(None), lambda t: time.localtime(t)),
    "gmtime": (lambda: time.gmtime(), lambda t: time.gmtime(t)),
    "strftime": (lambda: time.strftime("%c %z %Z"), lambda t: time.strftime("%c %z %Z", time.localtime(t))),
    "ctime": (lambda: time.ctime(), lambda t: time.ctime(t)),
    "asctime": (lambda: time.asctime(), lambda t: time.asctime(time.localtime(t))),
    "mktime": (lambda: time.mktime(time.localtime()), lambda t: time.mktime(time.localtime(t))),
    "time": (lambda: time.time(), float),
    "time_ns": (lambda: time.time_ns(), lambda t: int(t) * S),
    "a coarse clock": (lambda: time.clock_gettime_ns(5), lambda t: int(t) * S),
    "a mail's date": (
        lambda: email.utils.format_datetime(email.utils.localtime()),
        lambda t: email.utils.format_datetime(datetime.datetime.fromtimestamp(t).astimezone()),
    ),
}


def _in(zone: str) -> tuple[Any, ...]:
    os.environ["TZ"] = zone
    time.tzset()
    return time.tzname, time.timezone, time.altzone, time.daylight


def _asked(questions: dict[str, Callable[[float], Any]]) -> dict[Any, Any]:
    answers: dict[Any, Any] = {}
    for zone in ZONES:
        answers[zone] = _in(zone)
        answers |= {(zone, t, name): _told(ask(t)) for t in INSTANTS for name, ask in questions.items()}
    return answers


def _bare() -> tuple[dict[Any, Any], dict[Any, Any]]:
    return _asked(GIVEN), _asked({name: as_given for name, (_, as_given) in PRESENT.items()})


def _frozen() -> tuple[dict[Any, Any], dict[Any, Any]]:
    CLOCK.install()

    def at(ask: Callable[[], Any]) -> Callable[[float], Any]:
        def asked(t: float) -> Any:
            CLOCK.reset()
            CLOCK.step_wall(int(t) * S - EPOCH)
            return ask()

        return asked

    return _asked(GIVEN), _asked({name: at(ask) for name, (ask, _) in PRESENT.items()})


@pytest.fixture(scope="module")
def answers() -> tuple[Any, Any]:
    return in_child(_bare), in_child(_frozen)


def _differences(bare: dict[Any, Any], frozen: dict[Any, Any], name: str) -> list[Any]:
    assert bare.keys() == frozen.keys()
    return [(key, bare[key], frozen[key]) for key in bare if key[2:] == (name,) and bare[key] != frozen[key]]


@pytest.mark.parametrize("name", GIVEN)
def test_a_given_instant_is_told_as_by_the_system(answers: Any, name: str) -> None:
    (bare, _), (frozen, _) = answers
    assert _differences(bare, frozen, name) == []


@pytest.mark.parametrize("name", PRESENT)
def test_the_present_is_told_as_the_system_tells_that_instant(answers: Any, name: str) -> None:
    (_, bare), (_, frozen) = answers
    assert _differences(bare, frozen, name) == []


def test_the_zones_are_what_the_system_says(answers: Any) -> None:
    (bare, _), (frozen, _) = answers
    assert {zone: bare[zone] for zone in ZONES} == {zone: frozen[zone] for zone in ZONES}
    assert len({bare[zone][1] for zone in ZONES}) >= 6, (
        "zones that this machine does not know would be UTC, and prove nothing"
    )


def test_both_of_two_equal_hours_were_asked_for(answers: Any) -> None:
    (bare, _), _ = answers
    assert {told[2] for key, told in bare.items() if key[1:] and key[2] == "fromtimestamp"} == {0, 1}


def _fraction() -> Any:
    CLOCK.install()
    CLOCK.advance(1_234_567_891)
    now = datetime.datetime.now()
    return time.time_ns() - EPOCH, now.microsecond, datetime.datetime.now(datetime.timezone.utc).microsecond


def test_a_fraction_of_a_second_is_told_to_the_last_digit() -> None:
    assert in_child(_fraction) == (1_234_567_891, 234_567, 234_567)


class Mine(datetime.datetime):
    """As a collector may derive one."""


def _kinds() -> Any:
    before = datetime.datetime(2026, 1, 5)
    of_mine = Mine(2026, 1, 5)
    CLOCK.install()

    class Late(datetime.datetime):
        pass

    now = datetime.datetime.now()
    return [
        isinstance(now, datetime.datetime),
        isinstance(now, datetime.date),
        isinstance(before, datetime.datetime),
        isinstance(of_mine, datetime.datetime),
        isinstance(now.date(), datetime.date),
        issubclass(datetime.datetime, datetime.date),
        isinstance(Late.now(), Late),
        not isinstance(now, Late),
        not isinstance(now.date(), datetime.datetime),
        not isinstance(now, Mine),
        pickle.loads(pickle.dumps(before)) == before,
        copy.copy(before) == before,
        Late.now() == now,
        type(datetime.datetime.min) is datetime.datetime,
        repr(Late(2026, 1, 5)) == "Late(2026, 1, 5, 0, 0)",
    ]


def test_kinds_of_values_are_what_they_are_without_the_freeze() -> None:
    assert all(in_child(_kinds))


def _behind_the_seam() -> Any:
    install_seam()
    zones.install()
    CLOCK.install()
    listener = Recorder()
    seam.enter_seam(seam.Seam(FakeKernel(), "/world", listener))
    try:
        offset = datetime.datetime.now(zoneinfo.ZoneInfo("Asia/Kolkata")).utcoffset()
        known = "Asia/Kolkata" in zoneinfo.available_timezones()
        with pytest.raises(zoneinfo.ZoneInfoNotFoundError):
            zoneinfo.ZoneInfo("Asia/Nowhere")
        return offset, known, listener.trace
    finally:
        seam.enter_seam(None)


def test_the_fake_world_has_the_systems_zones_and_looking_for_them_is_no_call_of_the_collector() -> None:
    assert in_child(_behind_the_seam) == (datetime.timedelta(hours=5, minutes=30), True, [])


def _of_modules() -> Any:
    """What the clocks of modules tell, loaded before and after a look around."""
    early, changed, late = (types.ModuleType(name) for name in ("early", "changed", "late"))
    exec("from time import time; from datetime import datetime as moment, time as of_day", vars(early))
    sys.modules |= {"early": early, "changed": changed}
    look_around()
    exec("from time import time as asked", vars(changed))
    exec("from time import time", vars(late))
    sys.modules["late"] = late
    CLOCK.install()
    told = [early.time(), changed.asked(), late.time(), early.moment.now().timestamp()]  # type: ignore[attr-defined]
    return told, early.of_day(1, 2).minute, uuid.uuid1().time  # type: ignore[attr-defined]


def test_a_clock_that_a_module_bound_is_ours_whenever_it_was_loaded() -> None:
    told, minute, since_1582 = in_child(_of_modules)
    assert set(told) == {EPOCH / S}
    assert minute == 2
    assert since_1582 // 10**7 - 12_219_292_800 == EPOCH // S


def _frozen_by_another() -> Any:
    """A user's tests may freeze the process from which a worker is forked."""
    look_around()
    module = types.ModuleType("theirs")
    time.time = lambda: 1.0
    exec("from time import time", vars(module))
    sys.modules["theirs"] = module
    CLOCK.install()
    return module.time(), time.time()  # type: ignore[attr-defined]


def _after_a_real_id() -> int:
    """What forks a worker may have made ids before, by the real clock."""
    uuid.uuid1(node=1)
    CLOCK.install()
    return uuid.uuid1().time


def test_an_id_tells_our_time_though_the_one_before_it_told_the_real_one() -> None:
    assert in_child(_after_a_real_id) // 10**7 - 12_219_292_800 == EPOCH // S


def test_a_clock_that_another_put_in_place_is_ours_too() -> None:
    assert in_child(_frozen_by_another) == (EPOCH / S, EPOCH / S)
