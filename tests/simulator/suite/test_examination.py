"""One scenario, examined: which runs are made for it, and what becomes of one that gives none."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from etp_kit.simulator.base.errors import BadInput, BuildRefused
from etp_kit.simulator.contract.clauses import CLAUSES
from etp_kit.simulator.contract.measured_clauses import MEASURED_CLAUSES
from etp_kit.simulator.judging.verdict import NOTHING_SHOWN, UNSEEN, ClauseVerdict, ScenarioVerdict
from etp_kit.simulator.runner import GROWTH, Died, Run, RunSpec
from etp_kit.simulator.scenario.library import scenario_from_data
from etp_kit.simulator.scenario.model import Scenario
from etp_kit.simulator.scenario.variants import parse_variant
from etp_kit.simulator.subjects import Broken, ProgramSubject
from etp_kit.simulator.suite import evidence, examination
from etp_kit.simulator.suite.examination import examine, supervised
from etp_kit.simulator.world.world import FakeWorld

MAPPING, QUOTA = "event.mapping", "quota.per-extension"
#: A collector that takes nothing up.
LAZY = """
class Lazy:
    def collect(self):
        pass

def make(log_dir, agent_events_dir, sender, **settings):
    return Lazy()

make.capabilities = {"settings": ["quota"], "quota": 360, "max_rejects": 4}
"""


def scenario(*clauses: str, **keys: Any) -> Scenario:
    small = {"schema": 1, "title": "t", "about": "a", "passes": 2, "actor": [{"handler": "Ext", "events": 1}]}
    return scenario_from_data({**small, "clauses": list(clauses or [MAPPING]), **keys}, "small.toml")


def spec(*clauses: str, subject: str = "reference", variant: str = "", **keys: Any) -> RunSpec:
    chosen = parse_variant(variant) if variant else None
    return RunSpec(scenario(*clauses, **keys), 0, subject, "fake", variant=chosen)


@pytest.fixture
def lazy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "lazy_collector.py").write_text(LAZY)
    monkeypatch.syspath_prepend(str(tmp_path))
    return "py:lazy_collector:make"


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[RunSpec]:
    """What each run that is made is of, in order."""
    found: list[RunSpec] = []
    execute = Run.execute

    def noted(run: Run) -> Any:
        found.append(run._stage.spec)
        return execute(run)

    monkeypatch.setattr(Run, "execute", noted)
    return found


def verdicts(result: ScenarioVerdict) -> dict[str, str]:
    return {clause.slug: clause.verdict for clause in result.clauses}


def test_what_a_run_showed_is_told(place: FakeWorld, made: list[RunSpec]) -> None:
    found = examine(spec(), place)
    assert (found.verdict, verdicts(found)[MAPPING], found.fates, found.lines) == ("pass", "pass", {"delivered": 2}, [])
    assert found.extensions["Ext"] == {
        "role": "bystander",
        "producer": "plain",
        "files": 2,
        "bytes": found.extensions["Ext"]["bytes"],
        "written": 2,
        "fates": {"delivered": 2},
    }
    assert (found.declared["quota"], len(made)) == (360, 1)


def test_the_history_is_kept_where_it_is_asked_for(place: FakeWorld) -> None:
    assert examine(spec(), place, keep_lines=True).lines


def test_several_writers_in_one_directory_are_told_together(place: FakeWorld) -> None:
    actors = [{"handler": "Ext", "events": 1}, {"handler": "Ext", "events": 2, "producer": "custom-script"}]
    found = examine(spec(actor=actors), place).extensions
    assert (list(found), found["Ext"]["written"], found["Ext"]["files"]) == (["Ext"], 6, 6)
    assert found["Ext"]["producer"] == "plain, custom-script"


def test_with_attackers_it_runs_once_more_without_them(place: FakeWorld, made: list[RunSpec]) -> None:
    actors = [{"handler": "Bad", "role": "attacker", "events": 1}, {"handler": "Ext", "events": 1}]
    examine(spec("isolate.extension", actor=actors), place)
    assert [of.without_attackers for of in made] == [False, True]


def test_what_waits_after_faults_runs_once_more_until_it_has_healed(place: FakeWorld, made: list[RunSpec]) -> None:
    assert examine(spec(fault=[{"kind": "sender-down", "in_pass": 1}]), place).kind == ""
    assert [of.heals_at for of in made] == [None, 2]


def test_where_nothing_waits_it_runs_once(place: FakeWorld, made: list[RunSpec]) -> None:
    assert examine(spec(fault=[{"kind": "sender-error", "nth": 1}]), place).kind == ""
    assert [of.heals_at for of in made] == [None]


def test_a_backlog_that_is_never_taken_up_fails(place: FakeWorld, lazy: str) -> None:
    of = spec(subject=lazy, fault=[{"kind": "sender-error", "nth": 1}])
    told = {clause.slug: clause.reason for clause in examine(of, place).clauses if clause.verdict == "fail"}
    assert "waits for ever, though the faults are over" in told["discover.layout"]


def test_a_variant_is_compared_with_nothing_and_healed_from_nothing(place: FakeWorld, made: list[RunSpec]) -> None:
    found = examine(spec(variant="errno:1:EIO"), place)
    assert (found.kind, len(made)) == ("", 1)


def test_a_variant_of_a_place_that_the_run_does_not_have_is_refused(place: FakeWorld) -> None:
    with pytest.raises(BadInput, match="nothing is struck there"):
        examine(spec(variant="errno:99999:EIO"), place)


def test_the_world_is_left_as_the_judged_run_left_it(place: FakeWorld, made: list[RunSpec]) -> None:
    actors = [{"handler": "Bad", "role": "attacker", "events": 1}, {"handler": "Ext", "events": 1}]
    examine(spec("isolate.extension", actor=actors), place, keep_world=True)
    assert [of.without_attackers for of in made] == [False, True, False]


def test_what_is_judged_by_cost_is_measured_in_a_run_of_its_own(place: FakeWorld, made: list[RunSpec]) -> None:
    examine(spec(sorted(MEASURED_CLAUSES)[0]), place)
    assert [of.weighed for of in made] == [False, True]


def test_a_program_is_measured_in_the_judged_run(place: FakeWorld) -> None:
    judged, program = cast(Run, SimpleNamespace(costs=["a cost"])), object.__new__(ProgramSubject)
    assert evidence._costs(spec(sorted(MEASURED_CLAUSES)[0]), program, place, judged) == tuple(judged.costs)


def test_what_passes_leave_behind_is_counted_where_it_is_judged(
    place: FakeWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[RunSpec] = []
    monkeypatch.setattr(evidence, "held_of", lambda of, *_: asked.append(of))
    examine(spec(GROWTH), place)
    assert [of.scenario.clauses for of in asked] == [[GROWTH]]


def test_the_story_of_an_event_is_told_where_it_is_asked_for(place: FakeWorld) -> None:
    history = examine(spec(), place, keep_lines=True)
    token = next(line for line in history.lines if "etp-" in line).partition("etp-")[2][:12]
    story = examine(spec(), place, event=f"etp-{token}").story
    assert story[-1] == "fate: delivered"


def test_an_event_that_is_none_is_refused(place: FakeWorld) -> None:
    with pytest.raises(BadInput, match="no event of this run is 'etp-none'"):
        examine(spec(), place, event="etp-none")


def test_what_the_collector_cannot_run_is_skipped(place: FakeWorld, lazy: str) -> None:
    found = examine(spec(subject=lazy, service=True), place)
    assert (found.verdict, found.detail) == ("skip", "the collector offers no service")


def test_a_collector_that_is_not_built_is_refused(place: FakeWorld, lazy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Run) -> None:
        raise BuildRefused("it does not build")

    monkeypatch.setattr(Run, "execute", refuse)
    found = examine(spec(subject=lazy), place)
    assert (found.verdict, found.kind, found.detail) == ("fail", "refused", "it does not build")


def test_a_program_that_breaks_fails_every_clause(place: FakeWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Run) -> None:
        raise Broken("protocol", "no JSON")

    monkeypatch.setattr(Run, "execute", broken)
    found = examine(spec(), place)
    assert (found.verdict, found.kind, found.detail, verdicts(found)) == (
        "fail",
        "protocol",
        "no JSON",
        {MAPPING: "fail"},
    )


class TestNothingShown:
    """What would blame the kit is put to the reference."""

    def told(self, of: RunSpec, place: FakeWorld) -> tuple[str, str, str]:
        clause = ClauseVerdict(QUOTA, CLAUSES[QUOTA].level, "error", NOTHING_SHOWN)
        (found,) = examination._told_apart([clause], of, place)
        return found.verdict, found.kind, found.reason

    def of(self, subject: str, events: int = 2, **keys: Any) -> RunSpec:
        return spec(QUOTA, subject=subject, actor=[{"handler": "Ext", "events": events}], **keys)

    def test_where_the_reference_shows_it_the_collector_shows_nothing(self, place: FakeWorld, lazy: str) -> None:
        why = "nothing was seen of it, where the reference shows it"
        assert self.told(self.of(lazy, 400), place) == ("skip", UNSEEN, why)

    def test_a_limit_that_was_asked_for_is_not_kept(self, place: FakeWorld, lazy: str) -> None:
        why = "the collector takes quota=1 and shows nothing of it, where the reference does"
        assert self.told(self.of(lazy, collector={"quota": 1}), place) == ("fail", UNSEEN, why)

    def test_where_the_reference_shows_nothing_either_it_is_the_kits(self, place: FakeWorld, lazy: str) -> None:
        assert self.told(self.of(lazy, 0), place) == ("error", "", NOTHING_SHOWN)

    def test_the_reference_itself_is_put_to_nobody(self, place: FakeWorld) -> None:
        assert self.told(self.of("reference"), place) == ("error", "", NOTHING_SHOWN)


class TestSupervised:
    def test_a_result_has_the_seconds_of_its_worker(self, place: FakeWorld, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(examination, "result_of", lambda job, tick: (job.work(place), 1.5))
        found = supervised(spec())
        assert (found.verdict, found.wall_seconds) == ("pass", 1.5)

    def test_a_death_is_a_verdict(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def die(*_: object) -> None:
            raise Died("hang", "no end", 9.0)

        monkeypatch.setattr(examination, "result_of", die)
        found = supervised(spec())
        assert (found.verdict, found.kind, found.wall_seconds) == ("fail", "hang", 9.0)
