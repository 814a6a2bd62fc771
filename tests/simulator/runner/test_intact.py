"""Whether the kit's own code is what it was."""

from __future__ import annotations

import pytest

from etp_kit.simulator import judging, suite
from etp_kit.simulator.judging.ledger import Ledger
from etp_kit.simulator.judging.verdict import JUDGES
from etp_kit.simulator.runner.intact import Intact


def test_what_nobody_touched_is_as_it_was() -> None:
    assert Intact().changed() == ""


def test_what_tests_and_runs_hold_beside_code_may_change(monkeypatch: pytest.MonkeyPatch) -> None:
    intact = Intact()
    monkeypatch.setattr(suite, "a_new_name", 1, raising=False)
    assert intact.changed() == ""


def test_a_function_in_the_place_of_another_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    intact = Intact()
    monkeypatch.setattr(judging, "overall", lambda _: "pass")
    assert intact.changed() == "simulator.judging.overall"


def test_a_method_of_a_judge_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    intact = Intact()
    monkeypatch.setattr(Ledger, "fates", lambda _: {})
    assert intact.changed() == "simulator.judging.ledger.Ledger.fates"


def test_an_entry_of_a_table_of_functions_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    intact = Intact()
    name = next(iter(JUDGES))
    monkeypatch.setitem(JUDGES, name, lambda _: ())
    assert intact.changed().endswith("JUDGES")


def test_an_entry_that_is_taken_out_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    intact = Intact()
    monkeypatch.delitem(JUDGES, next(iter(JUDGES)))
    assert intact.changed().endswith("JUDGES")
