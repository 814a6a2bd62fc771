"""An old history before today's judges: the same verdict, nothing passed that one history does not
show, and whatever it says no more than one line."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from etp_kit.simulator.base.errors import BadInput
from etp_kit.simulator.core.history import History
from etp_kit.simulator.core.limits import Limits
from etp_kit.simulator.judging.judges import JUDGES
from etp_kit.simulator.judging.rejudged import NO_WORLD, recheck

from .tales import HANDLER, told

ACTOR = {"name": f"0:{HANDLER}", "handler": HANDLER, "role": "plain", "producer": "plain"}
SOUND = ["write 1.json", "begin", "look", "call open 1.json", "remove 1.json", "deliver 1.json", "end"]
LOST = [line for line in SOUND if not line.startswith("deliver")]


def history_of(lines: list[str], **run: object) -> History:
    return told(lines, actors=[ACTOR], limits=asdict(Limits()), **run)


def test_a_lost_event_fails() -> None:
    verdict = recheck(history_of(LOST), (), "old")
    failed = {clause.slug: clause for clause in verdict.clauses if clause.verdict == "fail"}
    assert verdict.verdict == "fail"
    assert "deliver.sound" in failed
    assert verdict.fates == {"vanished": 1}
    assert (verdict.world, verdict.records) == (NO_WORLD, len(verdict.lines))


def test_the_story_of_the_event_that_a_failure_names_is_told() -> None:
    verdict = recheck(history_of(["write 2.json", *LOST[:-1], "remove 2.json", "deliver 2.json", "end"]), (), "old")
    (failed,) = (clause for clause in verdict.clauses if clause.slug == "deliver.sound")
    assert "fate: vanished" in failed.story[-1]


def test_what_takes_a_second_run_is_skipped_and_says_so() -> None:
    verdict = recheck(history_of(SOUND, scenario="mine", seed=3), ("isolate.extension", "event.mapping"), "old")
    clauses = {clause.slug: clause for clause in verdict.clauses}
    assert clauses["isolate.extension"].verdict == "skip"
    assert "run the scenario again" in clauses["isolate.extension"].reason
    assert (verdict.id, verdict.seed) == ("mine", 3)


def test_what_takes_a_run_that_goes_on_is_skipped_where_faults_struck() -> None:
    faults = [*SOUND[:-1], "fault errno 2.json", "end"]
    for lines, expected in ((SOUND, "pass"), (faults, "skip")):
        verdict = recheck(history_of(lines), ("discover.layout",), "old")
        (clause,) = (clause for clause in verdict.clauses if clause.slug == "discover.layout")
        assert clause.verdict == expected


def test_a_bug_of_a_judge_is_no_contradiction(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object) -> list[str]:
        raise KeyError("a bug")

    monkeypatch.setitem(JUDGES, "event.mapping", broken)
    with pytest.raises(KeyError, match="a bug"):
        recheck(history_of(SOUND), ("event.mapping",), "old")


BROKEN = {
    "no limits": ("run", {"limits": {}}),
    "a label without a token": ("step", {"labels": [[]]}),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_history_that_contradicts_itself_is_bad_input(name: str) -> None:
    op, change = BROKEN[name]
    records = [r._replace(result={**r.result, **change}) if r.op == op else r for r in history_of(SOUND)]
    with pytest.raises(BadInput, match=r"^old: the history contradicts itself"):
        recheck(History(records), ("quota.per-extension", "event.mapping"), "old")
