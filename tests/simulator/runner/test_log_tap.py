"""The tap for log records: all of them and no others reach the history, and logging is as it was
afterwards.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest

from etp_kit.simulator.runner.ear import Ear
from etp_kit.simulator.runner.log_tap import LogTap
from etp_kit.simulator.runner.recorder import Recorder

LOG = logging.getLogger("tapped")


class Tapped:
    """A tap with a history and an ear of its own."""

    def __init__(self, *, numbered: bool = False) -> None:
        self.ear = Ear()
        self.recorder = Recorder(self.ear)
        self.tap = LogTap(self.recorder, self.ear, ["Ext.A", "Ext.B"], numbered=numbered)

    def results(self) -> list[dict[str, Any]]:
        return [one.result for one in self.recorder.history]


@pytest.fixture
def root() -> Iterator[logging.Logger]:
    found = logging.getLogger()
    handlers, level = found.handlers[:], found.level
    yield found
    found.handlers[:] = handlers
    found.setLevel(level)


def test_a_record_is_told_by_what_is_judged_of_it() -> None:
    tapped = Tapped()
    with tapped.tap.tapped():
        LOG.warning("of Ext.B")
    (record,) = tapped.recorder.history
    assert (record.op, record.actor) == ("log", "collector")
    assert record.result == {"level": "WARNING", "unsafe": False, "secret": False, "extensions": ["Ext.B"]}


def test_records_of_all_levels_are_heard(root: logging.Logger) -> None:
    root.setLevel(logging.ERROR)
    tapped = Tapped()
    with tapped.tap.tapped():
        LOG.debug("quiet")
    assert [result["level"] for result in tapped.results()] == ["DEBUG"]


def test_the_text_is_the_ears_and_not_the_historys() -> None:
    tapped = Tapped()
    with tapped.tap.tapped():
        LOG.info("of %s", "nobody")
    assert [line.text for line in tapped.ear.said().lines] == ["INFO tapped: of nobody"]
    assert "nobody" not in repr(tapped.results())


def test_a_numbered_warning_tells_which_text_it_is_in_order_of_appearance() -> None:
    tapped = Tapped(numbered=True)
    with tapped.tap.tapped():
        for text in ("one", "two", "one"):
            LOG.warning(text)
        LOG.info("two")
    assert [result.get("text") for result in tapped.results()] == [0, 1, 0, None]


def test_without_numbers_no_text_is_told() -> None:
    tapped = Tapped()
    with tapped.tap.tapped():
        LOG.warning("one")
    assert "text" not in tapped.results()[0]


def test_handlers_of_others_hear_nothing_meanwhile(root: logging.Logger) -> None:
    heard: list[str] = []
    other = logging.Handler()
    other.emit = lambda record: heard.append(record.getMessage())
    root.addHandler(other)
    with Tapped().tap.tapped():
        LOG.warning("inside")
    LOG.warning("outside")
    assert heard == ["outside"]


@pytest.mark.parametrize("level", [logging.DEBUG, logging.ERROR])
def test_logging_is_as_it_was_also_after_an_error(root: logging.Logger, level: int) -> None:
    root.setLevel(level)
    before = root.handlers[:]
    with pytest.raises(KeyError), Tapped().tap.tapped():
        raise KeyError
    assert (root.handlers, root.level) == (before, level)
