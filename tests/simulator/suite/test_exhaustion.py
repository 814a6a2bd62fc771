"""Variants of a small run: which there are, how each is judged, what becomes of one unfinished."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from etp_kit.simulator.base.errors import BadInput, BuildRefused, KitBroke
from etp_kit.simulator.core import STARVED, History, Record
from etp_kit.simulator.core.history import COLLECTOR, KIT
from etp_kit.simulator.judging.ledger import Ledger
from etp_kit.simulator.judging.verdict import ClauseVerdict, ScenarioVerdict
from etp_kit.simulator.runner import PROGRESS, Died, Job, Run, RunSpec
from etp_kit.simulator.scenario.faults import ERRNOS
from etp_kit.simulator.scenario.library import scenario_from_data
from etp_kit.simulator.scenario.variants import KINDS, Crash, Errno, Interleave, Kind
from etp_kit.simulator.subjects import Broken
from etp_kit.simulator.subjects.program import hooks
from etp_kit.simulator.suite import exhaustion
from etp_kit.simulator.suite.exhaustion import SHARES, Explorer, Share, VariantFindings, exhaust, possible, summed_up
from etp_kit.simulator.suite.points import counted
from etp_kit.simulator.world.world import FakeWorld

#: It removes what it finds, in few calls. Once a call has failed it does no more than look.
PLAIN = """
import os

class Plain:
    def __init__(self, log_dir, sender):
        self.log_dir, self.sender, self.sulks = log_dir, sender, False

    def collect(self):
        try:
            self.take()
        except OSError:
            self.sulks = True

    def take(self):
        for handler in sorted(os.listdir(self.log_dir)):
            events = os.path.join(self.log_dir, handler, "events")
            for name in [] if not os.listdir(events) or self.sulks else os.listdir(events):
                os.remove(os.path.join(events, name))

def make(log_dir, agent_events_dir, sender):
    return Plain(log_dir, sender)
"""


def spec(subject: str = "py:plain_collector:make", **keys: Any) -> RunSpec:
    small = {"schema": 1, "title": "t", "about": "a", "clauses": ["event.mapping"], "passes": 2, "exhaust": [*KINDS]}
    actors = [{"handler": name, "events": 1, "passes": [0]} for name in ("A", "B")]
    return RunSpec(scenario_from_data({**small, "actor": actors, **keys}, "small.toml"), 0, subject, "fake")


@pytest.fixture
def explorer(place: FakeWorld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Explorer:
    (tmp_path / "plain_collector.py").write_text(PLAIN)
    monkeypatch.syspath_prepend(str(tmp_path))
    return Explorer(spec(), place)


def everything(explorer: Explorer, kind: Kind) -> VariantFindings:
    found = VariantFindings(kind)
    for number in range(SHARES):
        found.join(explorer.explore(Share(kind, number)))
    return found


class TestVariants:
    def test_there_is_an_errno_of_each_at_each_call_and_what_then_waits_for_ever_is_told(
        self, explorer: Explorer
    ) -> None:
        calls, _ = counted(explorer._base_history)
        found = everything(explorer, "errno")
        assert found.tried == len(ERRNOS) * calls
        assert 0 < found.failed <= found.tried
        assert found.broken[exhaustion.LIVENESS]
        assert max(Counter(one.slug for one in found.kept).values()) <= SHARES * exhaustion._MOST_KEPT

    def test_there_is_a_crash_before_and_after_each_point(self, explorer: Explorer) -> None:
        _, points = counted(explorer._base_history)
        assert everything(explorer, "crash").tried == 2 * points

    def test_a_program_that_is_not_heard_is_killed_after_a_point_alone(
        self, explorer: Explorer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(exhaustion, "is_program", lambda _: True)
        explorer._spec = replace(explorer._spec, hooks="off")
        _, points = counted(explorer._base_history)
        assert everything(explorer, "crash").tried == points

    def test_each_step_comes_before_each_call_until_the_pass_has_no_more(self, explorer: Explorer) -> None:
        found = everything(explorer, "interleave")
        assert found.tried == sum(found.met.values()) > len(explorer._steps())
        assert {"listdir", "unlink"} <= set(found.met)

    def test_steps_that_want_to_fall_into_a_pass_are_known(self, explorer: Explorer) -> None:
        assert explorer.steps_during(0) == []

    def test_nothing_can_happen_at_the_calls_of_a_program_that_is_not_heard(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(hooks, "_asked", "off")
        assert (possible(KINDS, "reference"), possible(KINDS, "cmd:x")) == (tuple(KINDS), ("crash",))


class TestPlan:
    @pytest.mark.parametrize("kinds", [["crash"], ["errno"], [*KINDS]], ids=str)
    def test_at_most_so_many_are_planned_as_are_tried(
        self, explorer: Explorer, kinds: list[Kind], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        planned: list[int] = []
        monkeypatch.setattr(PROGRESS, "plan", planned.append)
        explorer.plan(kinds)
        assert planned[0] >= sum(everything(explorer, kind).tried for kind in kinds)

    def test_a_scenario_that_is_not_small_is_refused(self, explorer: Explorer, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(exhaustion, "MOST_CALLS", 1)
        with pytest.raises(BadInput, match="too many to try something at each; at most 1 can be exhausted"):
            explorer.plan(["errno"])


class TestOne:
    """What one variant breaks."""

    @pytest.mark.parametrize(
        ("error", "told"),
        [(Broken("crash", "gone"), "gone"), (BuildRefused("no"), "it is not built any more: no")],
        ids=["breaks", "is not built"],
    )
    def test_a_collector_that_does_not_survive(
        self, explorer: Explorer, monkeypatch: pytest.MonkeyPatch, error: Exception, told: str
    ) -> None:
        def fail(_: Run) -> None:
            raise error

        monkeypatch.setattr(Run, "execute", fail)
        assert explorer._tried(Crash(1, after=True)) == [(exhaustion.SURVIVAL, told)]

    def test_a_point_that_is_never_met_is_the_kits_failure(self, explorer: Explorer) -> None:
        with pytest.raises(KitBroke, match="was never met"):
            explorer._tried(Errno(9999, "EIO"))

    def test_a_clause_that_is_broken_already_is_not_told_again(
        self, explorer: Explorer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        left = ClauseVerdict(exhaustion.LIVENESS, "core", "fail", "left")
        monkeypatch.setattr(exhaustion, "judge", lambda *_: [left])
        history = explorer._base_history
        assert explorer._problems(history, Crash(1, after=True)) == [(exhaustion.LIVENESS, "left")]

    def test_others_whose_events_differ_are_harmed(self, explorer: Explorer, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(explorer._base, "timed_sequence", lambda handler: [handler])
        (told,) = explorer._harmed(Ledger(explorer._base_history), "A")
        assert told == "B: its events differ, or come in another pass, though only A was struck"

    def test_what_strikes_the_process_harms_nobody_in_particular(self, explorer: Explorer) -> None:
        assert list(explorer._harmed(Ledger(explorer._base_history), "")) == []

    def test_a_step_strikes_its_writers_extension(self, explorer: Explorer) -> None:
        ledger = Ledger(explorer._base_history)
        assert exhaustion._struck(explorer._base_history, Interleave(1, 0, 1), ledger) == "B"
        assert exhaustion._struck(explorer._base_history, Crash(1, after=True), ledger) == ""

    @pytest.mark.parametrize(
        ("after", "label"),
        [
            ([(COLLECTOR, "call", {"call": "open"})], "open"),
            ([(KIT, "call", {"call": "open"}), (COLLECTOR, "flush", None)], "flush"),
            ([], "end"),
        ],
    )
    def test_a_step_came_before_what_the_collector_did_next(
        self, after: list[tuple[str, str, Any]], label: str
    ) -> None:
        told = [(COLLECTOR, "call", {"call": "early"}), (KIT, "pass-begin", None), ("0:A", "step", None), *after]
        history = History([Record(0, 3, actor, op, "", result) for actor, op, result in told])
        assert exhaustion._next_label(history, 3) == label


class TestFully:
    def test_a_base_and_its_variants_are_one_verdict(self, explorer: Explorer, place: FakeWorld) -> None:
        found = exhaustion.examine_fully(spec(passes=1), place, ["crash"])
        assert (found.verdict, list(found.variants)) == ("fail", ["crash"])
        assert found.variants["crash"]["tried"] > 0

    def test_without_a_kind_it_is_the_base(self, explorer: Explorer, place: FakeWorld) -> None:
        assert exhaustion.examine_fully(spec(), place, []).variants == {}

    def test_what_was_skipped_has_no_variants(self, explorer: Explorer, place: FakeWorld) -> None:
        found = exhaustion.examine_fully(spec(service=True), place, ["crash"])
        assert (found.verdict, found.variants) == ("skip", {})


class TestShares:
    """In the parent: shares as they end."""

    BASE = ScenarioVerdict("small", 0, "fake", "pass")

    def ended(
        self, monkeypatch: pytest.MonkeyPatch, answer: Callable[[int], object], tick: Callable[[int, int], None]
    ) -> ScenarioVerdict:
        def results(jobs: list[Job[Any]], _: int) -> Iterator[tuple[Job[Any], Any, float]]:
            yield from ((job, answer(number), 0.0) for number, job in enumerate(jobs))

        monkeypatch.setattr(exhaustion, "results_of", results)
        return exhaust(spec(), self.BASE, ["crash"], tick=tick)

    def test_all_of_them_are_added_and_progress_is_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        ticks: list[tuple[int, int]] = []
        found = self.ended(monkeypatch, lambda _: VariantFindings("crash", tried=2), lambda *tick: ticks.append(tick))
        assert found.variants == {"crash": {"tried": 2 * SHARES, "failed": 0}}
        assert ticks == [(done, SHARES) for done in range(1, SHARES + 1)]

    @pytest.mark.parametrize(("kind", "verdict"), [("hang", "fail"), (STARVED, "skip")])
    def test_one_without_a_result_ends_it(self, monkeypatch: pytest.MonkeyPatch, kind: str, verdict: str) -> None:
        death = Died(kind, "no end", 9.0, "crash:3", planned=20, begun=5)
        answers = [VariantFindings("crash", tried=4), death]
        found = self.ended(monkeypatch, lambda number: answers[number], lambda *_: None)
        told = "exhausting (crash 1): no end; up to 11 of 20 variants were not run"
        assert (found.verdict, found.kind, found.detail, found.variant, found.unrun) == (
            verdict,
            kind,
            told,
            "crash:3",
            11,
        )

    def test_the_kits_own_failure_ends_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with pytest.raises(KitBroke, match="of ours"):
            self.ended(monkeypatch, lambda _: KitBroke("of ours"), lambda *_: None)

    def test_a_worker_does_its_share(self, explorer: Explorer, place: FakeWorld) -> None:
        found = exhaustion._work(spec(passes=1), Share("crash", 0), ["crash"])(place)
        assert (found.kind, found.tried > 0) == ("crash", True)


def test_the_first_failure_by_name_is_told_whichever_share_ended_first() -> None:
    first, other = VariantFindings("crash"), VariantFindings("crash")
    first.add(Crash(1, after=True), [("event.mapping", "one")])
    other.add(Crash(2, after=True), [("event.mapping", "two")])
    reasons = set()
    for order in ((first, other), (other, first)):
        found = VariantFindings("crash")
        for share in order:
            found.join(share)
        reasons.add(cast(str, summed_up(TestShares.BASE, {"crash": found}).clauses[0].reason))
    assert reasons == {f"2 of 2 variants (crash), such as {Crash(1, after=True)}: one"}
