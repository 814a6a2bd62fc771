"""Each rule of the ledger, by small histories: what becomes of an event, and why.

Every row of the table of rules is broken here in turn: taken away, or held to apply always.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from etp_kit.simulator.judging import fates
from etp_kit.simulator.judging.fates import SECTIONS, Rule, Section
from etp_kit.simulator.judging.ledger import Ledger

from .tales import told

TALES = tomllib.loads(Path(__file__).with_name("fates.toml").read_text(encoding="utf-8"))["tale"]
#: An event is due to be left, or to be dropped.
NEVER_WITH_THE_NEXT = {"removed by the collector 1"}
#: An event is gone by its writer or by the collector.
NEVER_AFTER = {"removed by its writer"}
ROWS = [(section, row) for section, one in enumerate(SECTIONS) for row in range(len(one.rules))]


def ledger(tale: dict[str, Any]) -> Ledger:
    return Ledger(told(tale["history"], **tale.get("run", {})))


def became(tale: dict[str, Any]) -> list[str]:
    return [f"{event.fate}: {event.why}" if event.why else event.fate for event in ledger(tale).events]


def name_of(section: int, row: int) -> str:
    return f"{SECTIONS[section].name} {row + 1}"


@pytest.mark.parametrize("tale", TALES, ids=lambda tale: tale["name"])
class TestTale:
    def test_events_become_what_the_table_says(self, tale: dict[str, Any]) -> None:
        assert became(tale) == tale["fates"]

    def test_it_is_overdue_where_that_is_why_it_waits(self, tale: dict[str, Any]) -> None:
        assert [event.overdue for event in ledger(tale).events] == [
            fate == "waiting: overdue" for fate in tale["fates"]
        ]

    def test_what_was_never_written_is_invented(self, tale: dict[str, Any]) -> None:
        assert len(ledger(tale).invented) == tale.get("invented", 0)

    def test_the_sum_counts_each_event_once(self, tale: dict[str, Any]) -> None:
        found = ledger(tale)
        extensions = found.by_extension()
        assert sum(found.fates().values()) == len(found.events)
        assert sum(map(len, extensions.values())) == len(found.events)
        assert sum(sum(found.fates(name).values()) for name in extensions) == len(found.events)

    def test_each_reason_for_which_an_event_is_given_up_is_counted(self, tale: dict[str, Any]) -> None:
        given_up = [fate.partition(": ")[2] for fate in tale["fates"] if fate.startswith(("dropped", "discarded"))]
        assert ledger(tale).reasons() == {why: given_up.count(why) for why in sorted(given_up)}

    def test_what_the_sender_got_stands_in_order(self, tale: dict[str, Any]) -> None:
        found = ledger(tale)
        handed = [
            line for line in tale["history"] if (line if isinstance(line, str) else line["op"]).startswith("deliver")
        ]
        assert len(found.deliveries) == len(handed)
        for name in {delivered.extension for delivered in found.deliveries}:
            own = [delivered for delivered in found.deliveries if delivered.extension == name]
            assert found.sequence(name) == [delivered.values for delivered in own]
            assert found.timed_sequence(name) == [(delivered.pass_number, delivered.values) for delivered in own]


@pytest.mark.parametrize("tale", [tale for tale in TALES if "differs" in tale], ids=lambda tale: tale["name"])
def test_an_altered_event_differs_in_just_that(tale: dict[str, Any]) -> None:
    assert [list(event.differs) for event in ledger(tale).events] == tale["differs"]


def test_each_row_has_a_tale() -> None:
    assert {name_of(*row) for row in ROWS} <= {tale.get("rule") for tale in TALES}


@pytest.mark.parametrize(("section", "row"), ROWS, ids=[name_of(*row) for row in ROWS])
class TestBrokenRule:
    """A tale turns red when its rule is broken."""

    def break_it(self, patch: pytest.MonkeyPatch, section: int, rules: list[Rule]) -> list[str]:
        broken = [
            Section(one.name, one.applies, tuple(rules)) if n == section else one for n, one in enumerate(SECTIONS)
        ]
        patch.setattr(fates, "SECTIONS", tuple(broken))
        return [tale["name"] for tale in TALES if became(tale) != tale["fates"]]

    def test_another_fate(self, section: int, row: int, monkeypatch: pytest.MonkeyPatch) -> None:
        rules = list(SECTIONS[section].rules)
        rules[row] = rules[row]._replace(fate="broken")
        assert self.break_it(monkeypatch, section, rules)

    def test_another_reason(self, section: int, row: int, monkeypatch: pytest.MonkeyPatch) -> None:
        rules = list(SECTIONS[section].rules)
        rules[row] = rules[row]._replace(why="broken")
        assert self.break_it(monkeypatch, section, rules)

    def test_a_rule_that_never_holds(self, section: int, row: int, monkeypatch: pytest.MonkeyPatch) -> None:
        rules = list(SECTIONS[section].rules)
        rules[row] = rules[row]._replace(holds=lambda _: False)
        rules.append(Rule(lambda _: True, "none"))
        assert self.break_it(monkeypatch, section, rules)

    def test_a_rule_that_always_holds(self, section: int, row: int, monkeypatch: pytest.MonkeyPatch) -> None:
        rules = list(SECTIONS[section].rules)
        if row == len(rules) - 1:
            pytest.skip("the last one always holds")
        rules[row] = rules[row]._replace(holds=lambda _: True)
        assert self.break_it(monkeypatch, section, rules)

    def test_a_rule_after_the_next(self, section: int, row: int, monkeypatch: pytest.MonkeyPatch) -> None:
        rules = list(SECTIONS[section].rules)
        if row == len(rules) - 1 or name_of(section, row) in NEVER_WITH_THE_NEXT:
            pytest.skip("there is none, or the two never hold of one event")
        rules[row : row + 2] = reversed(rules[row : row + 2])
        assert self.break_it(monkeypatch, section, rules)


@pytest.mark.parametrize("section", range(len(SECTIONS)), ids=[one.name for one in SECTIONS])
def test_a_section_that_never_applies(section: int, monkeypatch: pytest.MonkeyPatch) -> None:
    none = Section("none", lambda _: True, (Rule(lambda _: True, "none"),))
    rest = [one for n, one in enumerate(SECTIONS) if n != section]
    monkeypatch.setattr(fates, "SECTIONS", (*rest, none))
    assert any(became(tale) != tale["fates"] for tale in TALES)


@pytest.mark.parametrize("section", range(len(SECTIONS) - 1), ids=[one.name for one in SECTIONS[:-1]])
def test_a_section_after_the_next(section: int, monkeypatch: pytest.MonkeyPatch) -> None:
    if SECTIONS[section].name in NEVER_AFTER:
        pytest.skip("the two never apply to one event")
    order = list(SECTIONS)
    order[section : section + 2] = reversed(order[section : section + 2])
    monkeypatch.setattr(fates, "SECTIONS", tuple(order))
    assert any(became(tale) != tale["fates"] for tale in TALES)


FULL = ["write 2.json collect collect collect", "begin", "look", *(f"deliver 2.json {n}" for n in range(3))]


@pytest.mark.parametrize(
    ("history", "is_thrown_away"),
    [
        (["write 1.json", *FULL, "remove 1.json EPERM", "end"], True),
        (["write 1.json", *FULL, "end"], False),
        (["write 1.json", "begin", "look", "remove 1.json EPERM", "end"], False),
        (["write 1.json", "begin", "look", "remove 1.json EPERM", "fault sender-stop 1.json", "end"], True),
        (["write 1.json", "begin", "look", "fault sender-stop 1.json", "end"], False),
        (["write 1.json", "begin", "look", "remove 1.json EPERM", "fault sender-stop 2.json", "end"], False),
    ],
)
def test_what_waits_beyond_a_limit_or_a_stop_and_cannot_be_removed_is_thrown_away(
    history: list[str], is_thrown_away: bool
) -> None:
    assert ledger({"history": history}).events[0].thrown_away == is_thrown_away


def test_a_stop_throws_nothing_away_where_removal_waits_for_the_sender() -> None:
    history = ["write 1.json", "begin", "look", "remove 1.json EPERM", "fault sender-stop 1.json", "end"]
    assert not ledger({"history": history, "run": {"delivery": "at-least-once"}}).events[0].thrown_away
