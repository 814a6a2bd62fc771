"""The fates of a load: what is called lost is lost, and nothing else is called so."""

from __future__ import annotations

from typing import Any

import pytest

from etp_kit.simulator.core.labels import Label, token
from etp_kit.simulator.core.parameters import LABELLED_PARAMETERS
from etp_kit.simulator.load.accounting import Books
from etp_kit.simulator.load.accounts import Account
from etp_kit.simulator.load.explain import IN_FLIGHT, Told, fates_of
from etp_kit.simulator.load.sink import Delivery, Pass
from etp_kit.simulator.load.writer import Done

SECOND = 1_000_000_000
DIR = "log/A/events"


def label(number: int, due: str = "collect") -> Label:
    parameters = tuple(f"{name} {number}" for name in LABELLED_PARAMETERS)
    return Label(token(0, number), due, parameters if due == "collect" else (), "" if due == "collect" else "MalformedFileError")


class Desk:
    """Books of one extension, A."""

    def __init__(self) -> None:
        self.books = Books({"A": Account("bystander", "plain")}, {0: "A"})
        self.now = 0

    def done(self, act: str, name: str, *labels: Label, to: str = "", error: str = "", size: int = 10, told: bool = True) -> None:
        self.now += SECOND
        self.books.done(Done(act, f"{DIR}/{name}", f"{DIR}/{to}" if to else "", size, self.now, 0, error, labels if told else None))

    def write(self, name: str, *numbers: int) -> None:
        self.done("write", name, *map(label, numbers))

    def deliver(self, number: int, **altered: str) -> None:
        values = dict(zip(LABELLED_PARAMETERS, label(number).parameters, strict=True)) | altered
        self.books.deliver(Delivery(token(0, number), "A", values, self.now))

    def look(self, *there: str) -> None:
        """What stands, now."""
        since, self.now = self.now, self.now + SECOND
        self.books.looked(self.books.expected()[DIR], set(there), since, self.now)

    def fates(self, told: Told | None = None, sink: bool = True) -> dict[str, int]:
        self.books.settle()
        account = self.books.accounts["A"]
        found: dict[str, int] = dict(fates_of(self.books.missing.values(), told or Told(), sink=sink)["A"])
        found |= {name: getattr(account, name) for name in ("delivered", "duplicated", "altered", "undue")}
        return {name: count for name, count in found.items() if count and name != IN_FLIGHT}


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_what_arrives_is_delivered(desk: Desk) -> None:
    desk.write("1.json", 1, 2)
    desk.deliver(1)
    desk.deliver(2)
    desk.look()
    assert desk.fates() == {"delivered": 2}
    assert (desk.books.taken_files, desk.books.standing_files) == (1, 0)


def test_what_comes_twice_is_duplicated(desk: Desk) -> None:
    desk.write("1.json", 1)
    for _ in range(3):
        desk.deliver(1)
    assert desk.fates() == {"delivered": 1, "duplicated": 2}


def test_a_sink_may_be_faster_than_the_word_of_a_writer(desk: Desk) -> None:
    desk.deliver(1)
    desk.deliver(1)
    desk.write("1.json", 1)
    assert desk.fates() == {"delivered": 1, "duplicated": 1}


def test_what_was_changed_is_altered(desk: Desk) -> None:
    desk.write("1.json", 1)
    desk.deliver(1, TaskName="another")
    assert desk.fates() == {"altered": 1, "delivered": 1}


def test_what_nobody_wrote_is_invented(desk: Desk) -> None:
    desk.deliver(7)
    assert desk.fates() == {}
    assert desk.books.invented == 1


def test_what_carries_no_token_is_none_of_ours(desk: Desk) -> None:
    desk.books.deliver(Delivery("", "B", {}, 0))
    assert desk.fates() == {}
    assert (desk.books.invented, desk.books.foreign) == (0, 1)


def test_what_stands_is_waiting_not_lost(desk: Desk) -> None:
    desk.write("1.json", 1)
    desk.look("1.json")
    assert desk.fates() == {"waiting": 1}


def test_what_has_gone_without_reason_is_lost(desk: Desk) -> None:
    desk.write("1.json", 1, 2)
    desk.deliver(1)
    desk.look()
    assert desk.fates() == {"delivered": 1, "lost": 1}


def test_without_a_sink_nobody_knows(desk: Desk) -> None:
    desk.write("1.json", 1)
    desk.look()
    assert desk.fates(sink=False) == {"taken": 1}


def test_what_was_due_to_be_dropped_is_dropped(desk: Desk) -> None:
    desk.done("write", "1.json", label(1, "drop"))
    desk.look()
    assert desk.fates() == {"dropped": 1}


def test_what_was_due_to_be_dropped_and_came_is_undue(desk: Desk) -> None:
    desk.done("write", "1.json", label(1, "drop"))
    desk.deliver(1)
    assert desk.fates() == {"delivered": 1, "undue": 1}


@pytest.mark.parametrize("arrives", [True, False])
def test_a_torn_file_may_be_taken_or_given_up(desk: Desk, arrives: bool) -> None:
    desk.done("write", "1.json", label(1, "drop"))
    desk.done("append", "1.json", label(1))
    if arrives:
        desk.deliver(1)
    desk.look()
    assert desk.fates() == ({"delivered": 1} if arrives else {"withdrawn": 1})


@pytest.mark.parametrize("act", ["unlink", "write", "rename"])
def test_what_its_writer_took_away_is_no_loss(desk: Desk, act: str) -> None:
    desk.write("1.json", 1)
    if act == "unlink":
        desk.done("unlink", "1.json", told=False)
    elif act == "write":
        desk.write("1.json", 2)
        desk.deliver(2)
    else:
        desk.done("write", "tmp", told=False)
        desk.done("rename", "tmp", label(2), to="1.json", size=0)
        desk.deliver(2)
    desk.look()
    assert desk.fates().get("withdrawn") == 1
    assert "lost" not in desk.fates()


def test_a_file_that_was_renamed_into_place_is_one_file(desk: Desk) -> None:
    desk.done("write", "tmp1", Label(token(0, 1), "leave"))
    desk.done("rename", "tmp1", label(1), to="1.json", size=0)
    assert (desk.books.accounts["A"].files, desk.books.accounts["A"].events, desk.books.standing_bytes) == (1, 1, 10)
    desk.look()
    assert desk.fates() == {"lost": 1}


def test_a_step_that_failed_wrote_nothing(desk: Desk) -> None:
    desk.done("write", "1.json", label(1), error="ENOSPC")
    assert desk.fates() == {}
    assert desk.books.accounts["A"].errors == {"ENOSPC": 1}


def ledger(told: Told, files: dict[str, int], events: int) -> Told:
    told.take(Pass(0, 1, {"A": {"discarded": events, "files_discarded": files}}, ""), {}, 360)
    return told


@pytest.mark.parametrize(
    ("files", "events", "fates"),
    [
        ({"quota": 2}, 1, {"delivered": 1, "discarded": 5}),
        ({"quota": 1}, 1, {"delivered": 1, "discarded": 3, "lost": 2}),
        ({"quota": 2}, 0, {"delivered": 1, "discarded": 4, "lost": 1}),
        ({}, 0, {"delivered": 1, "lost": 5}),
        ({"MalformedFileError": 2, "residue": 9}, 1, {"delivered": 1, "discarded": 1, "lost": 4}),
    ],
)
def test_the_ledger_tells_the_discarded_from_the_lost(desk: Desk, files: dict[str, int], events: int, fates: dict[str, int]) -> None:
    for first in (0, 2, 4):
        desk.write(f"{first}.json", first, first + 1)
    desk.deliver(0)
    desk.look()
    assert desk.fates(ledger(Told(), files, events)) == fates


@pytest.mark.parametrize(("delivered", "fates"), [(360, {"discarded": 1}), (359, {"lost": 1})])
def test_a_pass_that_reached_the_quota_explains_what_went_in_it(desk: Desk, delivered: int, fates: dict[str, int]) -> None:
    desk.write("1.json", 1)
    told = Told()
    told.take(Pass(desk.now, desk.now + SECOND, None, ""), {"A": delivered}, 360)
    desk.look()
    assert desk.fates(told) == fates


def test_a_pass_that_reached_the_quota_explains_nothing_that_went_later(desk: Desk) -> None:
    desk.write("1.json", 1)
    told = Told()
    told.take(Pass(0, desk.now - 1, None, ""), {"A": 360}, 360)
    desk.look("1.json")
    desk.look()
    assert desk.fates(told) == {"lost": 1}


@pytest.mark.parametrize(("written", "count"), [(5, 0), (15, 1), (20, 1), (21, 0)])
def test_a_loss_in_flight_was_written_during_the_pass_in_which_its_file_went(desk: Desk, written: int, count: int) -> None:
    desk.now = (written - 1) * SECOND
    desk.write("1.json", 1)
    desk.now = 0
    told = Told()
    told.take(Pass(10 * SECOND, 20 * SECOND, None, ""), {}, 360)
    desk.books.looked([f"{DIR}/1.json"], set(), 0, 30 * SECOND)
    fates = fates_of(desk.books.missing.values(), told, sink=True)["A"]
    assert (fates["lost"], fates[IN_FLIGHT]) == (1, count)


@pytest.mark.parametrize("odd", [{"A": {"discarded": "9", "files_discarded": {"quota": -4}}}, {"A": {}}, {"B": {"files_discarded": [1]}}])
def test_a_ledger_that_makes_no_sense_explains_nothing(desk: Desk, odd: Any) -> None:
    desk.write("1.json", 1)
    desk.look()
    told = Told()
    told.take(Pass(0, 1, odd, ""), {}, 360)
    assert desk.fates(told) == {"lost": 1}


def test_a_directory_that_was_moved_takes_its_files_along(desk: Desk) -> None:
    desk.write("1.json", 1)
    desk.now += 1
    desk.books.done(Done("rename", DIR, "outside/x", 0, desk.now, 0, "", None))
    desk.look()
    assert desk.fates() == {"waiting": 1}
