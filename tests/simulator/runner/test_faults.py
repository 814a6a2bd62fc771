"""Faults at the seam: which call they strike, in which order, and what the history tells of it."""

from __future__ import annotations

import errno
from collections.abc import Callable
from typing import Any

import pytest

from etp_kit.simulator.runner.ear import Ear
from etp_kit.simulator.runner.faults import Faults
from etp_kit.simulator.runner.recorder import Recorder
from etp_kit.simulator.runner.sender import is_the_senders
from etp_kit.simulator.runner.sender_script import Scripts
from etp_kit.simulator.scenario.variants import Crash, Errno, Variant
from etp_kit.simulator.world.signals import Killed

from .staged import FILE, spec

EIO = {"kind": "errno", "call": "open"}
CRASH = {"kind": "crash"}
SHORT = {"kind": "short-read"}


class Struck:
    """Faults, and what they wrote down."""

    def __init__(self, *faults: dict[str, Any], variant: Variant | None = None) -> None:
        self.recorder = Recorder(Ear())
        self.faults = Faults(spec(faults=list(faults), variant=variant), self.recorder)

    def outcome(self, label: str = "open", path: str = FILE, when: str = "before") -> str:
        """What came of a call: the errno's name, ``Killed``, or "" where it was left alone."""
        try:
            self.faults.strike(label, path, when)
        except OSError as error:
            return errno.errorcode[error.errno or 0]
        except Killed:
            return "Killed"
        return ""

    def told(self) -> list[tuple[str, str, Any]]:
        return [(one.op, one.path, one.result) for one in self.recorder.history]


def test_an_errno_is_told_as_fault_and_as_the_call_that_failed() -> None:
    struck = Struck({**EIO, "errno": "EACCES"})
    assert struck.outcome() == "EACCES"
    assert struck.told() == [
        ("fault", FILE, {"kind": "errno", "call": "open", "errno": "EACCES"}),
        ("call", FILE, {"call": "open", "errno": "EACCES"}),
    ]


def test_a_crash_is_told_with_its_moment() -> None:
    struck = Struck({**CRASH, "call": "open"})
    assert struck.outcome() == "Killed"
    assert struck.told() == [("crash", FILE, {"call": "open", "when": "before"})]


@pytest.mark.parametrize(
    ("fault", "when", "outcome"),
    [
        (CRASH, "before", "Killed"),
        (CRASH, "after", ""),
        ({**CRASH, "when": "after"}, "before", ""),
        ({**CRASH, "when": "after"}, "after", "Killed"),
        (EIO, "before", "EIO"),
        (EIO, "after", ""),
    ],
)
def test_a_fault_strikes_at_its_moment(fault: dict[str, Any], when: str, outcome: str) -> None:
    assert Struck(fault).outcome(when=when) == outcome


def test_a_call_of_another_label_or_path_is_no_match_and_is_not_counted() -> None:
    struck = Struck({**EIO, "path": "log/Ext/*", "nth": 2})
    told = [struck.outcome(*call) for call in (("open", FILE), ("stat", FILE), ("open", "log/Other/1"), ("open", FILE))]
    assert told == ["", "", "", "EIO"]


def test_a_fault_strikes_as_often_as_it_says() -> None:
    struck = Struck({**EIO, "times": 2})
    assert [struck.outcome() for _ in range(3)] == ["EIO", "EIO", ""]


def test_a_fault_of_a_pass_strikes_in_that_pass() -> None:
    struck = Struck({**EIO, "in_pass": 1})
    before = struck.outcome()
    struck.recorder.enter(1)
    assert (before, struck.outcome()) == ("", "EIO")


@pytest.mark.parametrize(("wanted", "given"), [(10, 5), (3, 1), (1, 1), (0, 0)])
def test_a_short_read_gives_half_and_never_nothing_of_something(wanted: int, given: int) -> None:
    assert Struck(SHORT).faults.shorten(FILE, wanted) == given


def test_a_read_that_is_no_match_gives_all() -> None:
    assert Struck({**SHORT, "path": "log/Other/*"}).faults.shorten(FILE, 10) == 10


def test_a_short_read_is_no_trouble_of_a_call() -> None:
    assert Struck(SHORT).outcome("read") == ""


def test_an_error_at_reads_shortens_none() -> None:
    assert Struck({**EIO, "call": "read"}).faults.shorten(FILE, 10) == 10


def test_faults_of_the_sender_and_the_clock_strike_no_call() -> None:
    struck = Struck({"kind": "sender-stop"}, {"kind": "clock-step", "in_pass": 0, "seconds": 1})
    assert struck.faults.left == []


def test_the_variant_counts_a_call_that_a_fault_of_the_scenario_fails() -> None:
    struck = Struck(EIO, variant=Errno(2, "ESTALE"))
    assert [struck.outcome(), struck.outcome()] == ["EIO", "ESTALE"]


@pytest.mark.parametrize(("calls", "has_struck"), [(1, False), (2, True), (3, True)])
def test_a_variant_has_struck_once_its_call_was_met(calls: int, has_struck: bool) -> None:
    struck = Struck(variant=Errno(2, "EIO"))
    for _ in range(calls):
        struck.outcome()
    assert struck.faults.has_struck is has_struck


def test_a_fault_of_the_scenario_stands_for_no_variant() -> None:
    struck = Struck(EIO)
    struck.outcome()
    assert not struck.faults.has_struck


def test_healed_faults_strike_no_more() -> None:
    struck = Struck(EIO)
    struck.faults.heal()
    assert struck.outcome() == ""


@pytest.mark.parametrize(("faults", "kill"), [([EIO], False), ([EIO, CRASH], True), ([], False)])
def test_a_crash_among_them_is_known_beforehand(faults: list[dict[str, Any]], kill: bool) -> None:
    assert Struck(*faults).faults.kill is kill


def test_each_crash_counts_every_delivery() -> None:
    deliveries = {**CRASH, "call": "deliver"}
    struck = Struck(deliveries, {**deliveries, "nth": 2})
    assert [struck.faults.kills_at("deliver") for _ in range(3)] == [True, True, False]


def test_a_crash_at_a_call_kills_no_delivery() -> None:
    assert not Struck({**CRASH, "call": "open"}).faults.kills_at("deliver")


@pytest.mark.parametrize("variant", [Crash(1, after=False), Crash(1, after=True)], ids=str)
def test_a_crash_point_is_any_call_delivery_or_flush(variant: Crash) -> None:
    when = "after" if variant.after else "before"
    assert [Struck(variant=variant).outcome(label, when=when) for label in ("stat", "deliver", "flush")] == [
        "Killed"
    ] * 3


@pytest.mark.parametrize("fail", [lambda f: f.fail("open", FILE, "EPERM"), lambda f: f.fail("open", FILE, errno.EPERM)])
def test_a_refusal_of_the_kernels_is_a_call_and_no_fault(fail: Callable[[Faults], object]) -> None:
    struck = Struck()
    with pytest.raises(PermissionError) as caught:
        fail(struck.faults)
    assert caught.value.filename == FILE
    assert struck.told() == [("call", FILE, {"call": "open", "errno": "EPERM"})]


def test_a_sender_that_stops_at_a_call_is_told_and_the_call_goes_on() -> None:
    stopped: list[bool] = []
    recorder = Recorder(Ear())
    fault = {"kind": "sender-stop", "call": "readdir", "nth": 2}
    faults = Faults(spec(faults=[fault]), recorder, lambda: stopped.append(True))
    for _ in range(3):
        faults.strike("readdir", FILE, "before")
        faults.strike("readdir", FILE, "after")
    assert stopped == [True]
    assert [one.result for one in recorder.history] == [{"kind": "sender-stop", "call": "readdir"}]


def test_a_listing_without_end_is_told_where_it_is_asked_for() -> None:
    struck = Struck({"kind": "endless", "path": "log/*", "nth": 2})
    assert struck.outcome("scandir", "log/A/events") == ""
    answers = [struck.faults.is_endless("scandir", "log/A/events") for _ in range(3)]
    assert answers == [False, True, False]
    assert not struck.faults.is_endless("scandir", "lib/events")
    assert struck.told() == [("fault", "log/A/events", {"kind": "endless", "call": "scandir"})]


def test_a_sender_that_stops_at_a_call_is_nothing_of_its_deliveries() -> None:
    faults = spec(faults=[{"kind": "sender-stop", "call": "readdir"}, {"kind": "sender-stop"}]).scenario.fault
    assert [is_the_senders(fault) for fault in faults] == [False, True]
    assert Scripts(faults[:1]).of_pass(0, down=False).stop_at is None
    assert Scripts(faults[1:]).of_pass(0, down=False).stop_at == 1
