"""Events are known by where they stand:
equal ones are told apart, and what excuses one loss excuses no other.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

import pytest

from etp_kit.simulator.base.units import EPOCH
from etp_kit.simulator.core.history import COLLECTOR, KIT, History, Record
from etp_kit.simulator.core.parameters import PARAMETER_NAMES
from etp_kit.simulator.judging.case import Case
from etp_kit.simulator.judging.judges import JUDGES
from etp_kit.simulator.judging.judges.work import overparsed
from etp_kit.simulator.judging.ledger import Ledger

DIRECTORY = "log/Contoso.Agent/events"
LIMITS = {"quota": 5, "file_size": 4_194_304, "rejects": 10_000, "parse": 1_000, "spared": 1_000, "removals": 10_000, "period": 300 * 10**9}
#: EventName, CapabilityUsed, TaskName, Context1, Context2,
#: Context3, EventPid, EventTid, as labels have them.
SAID = ["Contoso.Agent-1.0", "Error", "beat", "alive", "now", "", "1", "1"]
_PLACES = ("EventName", "CapabilityUsed", "TaskName", "Context1", "Context2", "Context3", "EventPid", "EventTid")


class Story:
    """A history, told record by record."""

    def __init__(self, delivery: str = "at-most-once", **capabilities: Any) -> None:
        run = {"limits": LIMITS, "delivery": delivery, "capabilities": capabilities, "subject": "py:one",
               "actors": [{"name": "0:Contoso.Agent", "handler": "Contoso.Agent", "role": "bystander", "producer": "plain"}]}  # fmt: skip
        self.records = [Record(0, 0, KIT, "run", "", run)]
        self.number = 0
        self.there: dict[str, int] = {}

    def step(self, act: str, path: str, **result: Any) -> None:
        self.records.append(Record(0, self.number, "0:Contoso.Agent", "step", path, {"act": act, **result}))

    def write(self, name: str, events: int = 1, *, labels: list[Any] | None = None, size: int = 100) -> None:
        self.step("write", f"{DIRECTORY}/{name}", bytes=size, labels=[["", "collect", SAID]] * events if labels is None else labels)
        self.there[f"{DIRECTORY}/{name}"] = size

    def note(self, op: str, path: str = "", **result: Any) -> None:
        self.records.append(Record(0, self.number, COLLECTOR, op, path, result))

    def begin(self) -> None:
        self.records.append(Record(0, self.number, KIT, "pass-begin", "", {"kind": "extension"}))
        self.note("call", DIRECTORY, call="scandir")

    def remove(self, name: str) -> None:
        self.note("call", f"{DIRECTORY}/{name}", call="unlink")
        self.there.pop(f"{DIRECTORY}/{name}", None)

    def deliver(self, name: str, index: int = 0, *, handler: str = "Contoso.Agent", event_name: str = SAID[0], **more: Any) -> None:
        named = dict.fromkeys(PARAMETER_NAMES, "") | dict(zip(_PLACES, [event_name, *SAID[1:]], strict=True))
        named["OpcodeName"] = _time(EPOCH)
        self.note("deliver", key=[handler, name, index], values=list(named.values()), **more)

    def end(self) -> None:
        self.records.append(Record(0, self.number, KIT, "pass-end", "", {"kind": "extension", "end": "returned", "leaked": 0}))
        self.number += 1

    def case(self) -> Case:
        tree = [[path, "file", size] for path, size in self.there.items()]
        history = History([*self.records, Record(0, self.number, KIT, "tree", "", tree)])
        return Case(history, Ledger(history), None)

    def fates(self) -> list[tuple[str, int, str]]:
        return [(event.file, event.index, f"{event.fate} {event.why}".strip()) for event in self.case().ledger.events]


def _time(nanoseconds: int) -> str:
    return datetime.datetime.fromtimestamp(nanoseconds / 1e9, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def problems(story: Story, slug: str) -> list[str]:
    found = JUDGES[slug](story.case())
    assert found is not None, "nothing was judged"
    return found


def told(found: Iterable[str]) -> str:
    return "; ".join(found)


@pytest.mark.parametrize("lost", [0, 1, 2])
def test_of_equal_events_in_a_file_the_one_that_did_not_come_is_missed(lost: int) -> None:
    story = Story()
    story.write("1.json", 3)
    story.begin()
    story.remove("1.json")
    for index in {0, 1, 2} - {lost}:
        story.deliver("1.json", index)
    story.end()
    assert [place for _, place, fate in story.fates() if fate.startswith("vanished")] == [lost]
    assert "vanished" in told(problems(story, "deliver.equal-events"))


def test_of_equal_files_the_one_that_was_skipped_is_missed() -> None:
    story = Story()
    story.write("1.json")
    story.write("2.json")
    story.begin()
    story.remove("2.json")
    story.deliver("2.json")
    story.remove("1.json")
    story.end()
    assert story.fates() == [("1.json", 0, "vanished removed and never delivered"), ("2.json", 0, "delivered")]


def test_an_equal_event_under_a_name_that_comes_again_is_another_event() -> None:
    story = Story()
    for delivers in (True, False, True):
        story.write("1.json")
        story.begin()
        story.remove("1.json")
        if delivers:
            story.deliver("1.json")
        story.end()
    assert [fate for *_, fate in story.fates()] == ["delivered", "vanished removed and never delivered", "delivered"]


def test_a_name_that_comes_again_before_its_last_event_is_handed_over_takes_nothing_from_it() -> None:
    story = Story()
    story.write("1.json")
    story.begin()
    story.remove("1.json")
    story.write("1.json")
    story.deliver("1.json")
    story.end()
    story.begin()
    story.remove("1.json")
    story.deliver("1.json")
    story.end()
    assert [fate for *_, fate in story.fates()] == ["delivered", "delivered"]


def test_the_same_place_delivered_twice_is_a_duplicate_though_an_equal_event_exists() -> None:
    story = Story()
    story.write("1.json")
    story.write("2.json")
    story.begin()
    story.remove("2.json")
    story.deliver("2.json")
    story.deliver("2.json")
    story.remove("1.json")
    story.deliver("1.json")
    story.end()
    assert story.fates() == [("1.json", 0, "delivered"), ("2.json", 0, "duplicated 2 times")]


def test_a_temporary_file_that_is_renamed_into_place_is_the_same_event() -> None:
    story = Story()
    story.write("tmp1", labels=[["", "leave", ""]])
    story.step("rename", f"{DIRECTORY}/tmp1", to=f"{DIRECTORY}/1.json", labels=[["", "collect", SAID]])
    story.begin()
    story.remove("1.json")
    story.deliver("1.json")
    story.end()
    story.there = {}
    assert story.fates() == [("1.json", 0, "delivered")]


def test_an_event_without_a_key_is_any_of_those_that_say_the_same() -> None:
    """A collector counts the elements that it hands over, and the kit the place:
    the bad one between is nobody's.
    """
    story = Story()
    story.write("1.json", labels=[["", "collect", SAID], ["", "drop", "NotAnObjectError"], ["", "collect", SAID]])
    story.begin()
    story.remove("1.json")
    story.deliver("1.json", 0, keyless=True)
    story.deliver("1.json", 1, keyless=True)
    story.end()
    assert [fate for *_, fate in story.fates()] == ["delivered", "dropped NotAnObjectError", "delivered"]
    assert story.case().ledger.invented == []


@pytest.mark.parametrize(("delivery", "fate"), [("at-most-once", "discarded stop"), ("at-least-once", "vanished in a stop")])
def test_what_a_stop_may_cost_depends_on_what_was_promised(delivery: str, fate: str) -> None:
    story = Story(delivery)
    story.write("1.json", 2)
    story.begin()
    story.remove("1.json")
    story.deliver("1.json", 0)
    story.note("fault", kind="sender-stop", key=["Contoso.Agent", "1.json", 1])
    story.end()
    assert [found for *_, found in story.fates()][1] == fate


def test_a_refused_event_excuses_no_other_of_its_file() -> None:
    story = Story()
    story.write("1.json", 3)
    story.begin()
    story.remove("1.json")
    story.deliver("1.json", 0)
    story.note("fault", kind="sender-error", key=["Contoso.Agent", "1.json", 1])
    story.note("notice", kind="sender-error", extension="Contoso.Agent", reason="", count=1)
    story.end()
    assert [fate for *_, fate in story.fates()] == ["delivered", "dropped SenderError", "vanished removed and never delivered"]
    assert "vanished" in told(problems(story, "deliver.sender-error"))


def test_of_the_file_in_which_the_quota_is_reached_the_first_events_win() -> None:
    def story(taken: Iterable[int]) -> Story:
        made = Story()
        made.write("1.json", 7)
        made.begin()
        made.remove("1.json")
        for index in taken:
            made.deliver("1.json", index)
        made.end()
        return made

    assert problems(story(range(5)), "quota.newest-win") == []
    assert "element 0 of 1.json was discarded" in told(problems(story(range(2, 7)), "quota.newest-win"))


class TestRenamedHandler:
    NEW = "Contoso.Agent-2"

    def story(self, *, during: bool, handler: str, name: str) -> Story:
        made = Story()
        made.write("1.json")
        if during:
            made.begin()
        made.step("rename", "log/Contoso.Agent", to=f"log/{self.NEW}")
        if not during:
            made.begin()
        made.note("call", f"log/{handler}/events/1.json", call="unlink")
        made.deliver("1.json", handler=handler, event_name=name)
        made.end()
        made.there = {}
        return made

    def test_waiting_events_take_the_new_name(self) -> None:
        assert self.story(during=False, handler=self.NEW, name=f"{self.NEW}-1.0").fates() == [("1.json", 0, "delivered")]

    def test_the_old_name_is_wrong_once_there_is_a_new_one(self) -> None:
        assert "differs in EventName" in self.story(during=False, handler=self.NEW, name="Contoso.Agent-1.0").fates()[0][2]

    @pytest.mark.parametrize("handler", ["Contoso.Agent", NEW])
    def test_a_pass_that_is_at_work_may_use_either(self, handler: str) -> None:
        assert self.story(during=True, handler=handler, name=f"{handler}-1.0").fates() == [("1.json", 0, "delivered")]


class TestDropsOfAStop:
    """The sender stops at the good event of a file with a bad one behind it;
    another file's bad event came before.
    """

    MISSING = "MissingKeyError: taskname not found"

    def story(self, reported: int, delivery: str = "at-most-once") -> Story:
        made = Story(delivery, notices=True)
        made.write("2.json", labels=[["", "drop", self.MISSING]])
        made.write("1.json", labels=[["", "collect", SAID], ["", "drop", self.MISSING]])
        made.begin()
        made.remove("2.json")
        made.remove("1.json")
        made.note("fault", kind="sender-stop", key=["Contoso.Agent", "1.json", 0])
        if reported:
            made.note("notice", kind="drops", extension="Contoso.Agent", reason=self.MISSING, count=reported)
        made.end()
        return made

    @pytest.mark.parametrize("reported", [1, 2])
    def test_of_the_file_in_progress_it_is_open_how_far_it_was_read(self, reported: int) -> None:
        assert problems(self.story(reported), "report.drops") == []

    @pytest.mark.parametrize("reported", [0, 3])
    def test_what_was_dropped_before_is_told_and_no_more(self, reported: int) -> None:
        assert f"{reported} drops reported" in told(problems(self.story(reported), "report.drops"))

    def test_what_nobody_confirmed_may_be_dropped_again(self) -> None:
        assert problems(self.story(3, "at-least-once"), "report.drops") == []


def young(*staying: int) -> Story:
    """Four young leftovers of 20 MB, oldest first, of which these stay."""
    story = Story()
    for place in range(4):
        story.step("write", f"{DIRECTORY}/tmp{place}", bytes=20_000_000, mtime=place, labels=[])
    story.begin()
    story.end()
    story.there = {f"{DIRECTORY}/tmp{place}": 20_000_000 for place in staying}
    return story


@pytest.mark.parametrize(("staying", "problem"), [
    ((2, 3), ""), ((0, 1, 2, 3), "80000000 bytes are spared"), ((0, 1), "is young and gone"), ((0, 2, 3), "though a newer entry went"), ((3,), ""),
])  # fmt: skip
def test_as_many_bytes_of_leftovers_are_spared_as_may_be_the_newest_of_them(staying: tuple[int, ...], problem: str) -> None:
    """With equal sizes the last that fits may have had the time of one that does not."""
    found = told(problems(young(*staying), "clean.in-flight"))
    assert problem in found
    assert bool(found) == bool(problem)


class TestLayout:
    def story(self, *, listed: bool) -> Story:
        """Collected in the second pass, whatever the first did."""
        made = Story()
        made.write("1.json")
        made.begin()
        if not listed:
            made.records.pop()
        made.end()
        made.begin()
        made.remove("1.json")
        made.deliver("1.json")
        made.end()
        return made

    def test_a_pass_that_does_not_look_is_told_though_the_next_one_collects(self) -> None:
        assert "pass 0 did not look where 1.json was" in told(problems(self.story(listed=False), "discover.layout"))

    def test_a_disturbed_pass_is_excused(self) -> None:
        story = self.story(listed=False)
        story.records.insert(3, Record(0, 0, COLLECTOR, "fault", "", {"kind": "errno", "call": "open", "errno": "EIO"}))
        assert problems(story, "discover.layout") == []

    @pytest.mark.parametrize("call", ["listdir", "scandir"])
    def test_a_subdirectory_is_not_even_listed(self, call: str) -> None:
        story = self.story(listed=True)
        story.note("call", f"{DIRECTORY}/archive", call=call)
        assert f"{DIRECTORY}/archive, a subdirectory, was entered" in problems(story, "discover.layout")

    def test_to_look_at_a_subdirectory_is_to_find_that_it_is_one(self) -> None:
        story = self.story(listed=True)
        story.note("call", f"{DIRECTORY}/archive", call="lstat")
        assert problems(story, "discover.layout") == []


class TestWork:
    """A thousand bytes of an extension's files are parsed in a pass."""

    def told(self, sizes: list[int], *, notice: bool = False, quota: bool = False) -> str:
        story = Story()
        for place, size in enumerate(sizes):
            story.write(f"{place}.json", 5 if quota else 1, size=size)
        story.begin()
        for place in range(len(sizes)):
            story.remove(f"{place}.json")
            for index in range(5 if quota and place == len(sizes) - 1 else 1):
                story.deliver(f"{place}.json", index)
        if notice:
            story.note("notice", kind="work", extension="Contoso.Agent", reason="", count=1)
        story.end()
        return told(overparsed(story.case()))

    def test_files_up_to_the_limit_may_be_handed_over(self) -> None:
        assert self.told([500, 500]) == ""

    def test_what_lies_beyond_it_may_not(self) -> None:
        assert "1001 bytes of files were handed over" in self.told([500, 501])

    def test_the_file_in_which_the_quota_is_reached_is_not_parsed_to_its_end(self) -> None:
        assert self.told([500, 900], quota=True) == ""

    def test_who_had_less_did_not_reach_it(self) -> None:
        assert "pass 0 tells that 1000 bytes were parsed, and there were 200" in self.told([200], notice=True)

    def test_three_reads_of_what_is_half_written_count_each(self) -> None:
        assert self.told([400], notice=True) == ""
