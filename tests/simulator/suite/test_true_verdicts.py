"""Verdicts that are true: a collector that uses a freedom of the contract passes, and one that
breaks a clause is told of that clause.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from etp_kit.simulator.core.parameters import PARAMETER_NAMES
from etp_kit.simulator.judging.agreement import ADDED, agent_alterations
from etp_kit.simulator.judging.verdict import UNSEEN, ClauseVerdict, ScenarioVerdict, overall
from etp_kit.simulator.judging.written import Delivered
from etp_kit.simulator.runner.job import Job
from etp_kit.simulator.runner.spec import RunSpec
from etp_kit.simulator.runner.worker import result_of
from etp_kit.simulator.scenario.library import load_scenario
from etp_kit.simulator.scenario.model import Scenario
from etp_kit.simulator.suite.examination import examine, supervised

#: The reference with one of its freedoms used otherwise. Each case says what it does before and
#: after a pass.
FREE = """
import logging
from etp_kit.collector import build as reference
from collections import namedtuple

Notice = namedtuple("Notice", "kind extension reason count text")

class Free:
    def __init__(self, inner):
        self.inner = inner

    def collect(self):
        return self.told(self.inner.collect())

    def collect_agent_events(self):
        return self.told(self.inner.collect_agent_events())

    def told(self, report):
        {told}

def build(log_dir, agent_events_dir, sender, **settings):
    return Free(reference(log_dir, agent_events_dir, sender, **settings))

build.capabilities = {{**reference.capabilities, "service": False, "settings": [s for s in reference.capabilities["settings"] if s not in {unheard}]}}
"""
TALKS = """
        logging.getLogger("free").info("a pass over everything has ended")
        own = Notice("x-passes", None, None, 1, "one pass more")
        return report._replace(notices=(*report.notices, own))"""
TALKS_INSTEAD = """
        own = Notice("x-passes", None, None, 1, "one pass more")
        return report._replace(notices=tuple(own if notice.kind == {kind!r} else notice for notice in report.notices))"""
TELLS_TWICE = "return report._replace(notices=tuple(n for notice in report.notices for n in [notice, *([notice] if notice.kind == {kind!r} else [])]))"
RENAMED = "return report._replace(notices=tuple(notice._replace(kind={new!r}) if notice.kind == {kind!r} else notice for notice in report.notices))"
#: One more bad file for each directory of the scenario; as one of the counts of what stays, or of
#: none.
DIRECTORIES_ARE_DROPS = """
        def more(notice):
            if notice.kind != "agent-drops" or notice.reason:
                return notice
            return notice._replace(count=notice.count + 2, text=notice.text.replace(f"Count: {notice.count}", f"Count: {notice.count + 2}"))
        return report._replace(notices=tuple(map(more, report.notices)))"""
DIRECTORIES_ARE = """
        ledger = dict(report.ledger)
        for name, count in ledger.items():
            if name == "Contoso.Leftovers":
                stay, bare = count.spared, count._replace(spared=0)
                ledger[name] = bare._replace(listed=count.listed - stay) if {place!r} == "unlisted" else bare._replace(**{{{place!r}: stay}})
        return report._replace(ledger=ledger)"""


def examined(tmp_path: Path, scenario: Scenario, told: str, unheard: tuple[str, ...] = ()) -> ScenarioVerdict:
    (tmp_path / "__init__.py").write_text(FREE.format(told=told, unheard=unheard))
    return of(scenario, f"dir:{tmp_path}")


def of(scenario: Scenario, collector: str) -> ScenarioVerdict:
    spec = RunSpec(scenario, 0, collector, scenario.worlds[0])
    result, _ = result_of(Job(scenario.id, lambda place: examine(spec, place), spec.world, form=ScenarioVerdict))
    return result


def failed(result: ScenarioVerdict) -> dict[str, str]:
    return {clause.slug: clause.reason for clause in result.clauses if clause.verdict in {"fail", "error"}}


class TestFreedoms:
    @pytest.mark.parametrize(
        "name", ["discover/no-log-dir", "discover/no-log-dir-yet", "agent/no-directory", "discover/events-is-a-fifo"]
    )
    def test_notices_and_records_of_ones_own_are_nobodys_business(self, tmp_path: Path, name: str) -> None:
        assert failed(examined(tmp_path, load_scenario(name), TALKS)) == {}

    @pytest.mark.parametrize(
        ("name", "kind", "slug"),
        [
            ("discover/no-log-dir", "log-dir", "discover.no-log-dir"),
            ("agent/no-directory", "agent-dir", "agent.no-dir"),
            ("discover/events-is-a-fifo", "not-a-directory", "discover.not-a-directory"),
        ],
    )
    def test_what_is_due_once_is_counted_by_its_kind(self, tmp_path: Path, name: str, kind: str, slug: str) -> None:
        assert slug in failed(examined(tmp_path, load_scenario(name), TELLS_TWICE.format(kind=kind)))
        assert slug in failed(examined(tmp_path, load_scenario(name), TALKS_INSTEAD.format(kind=kind)))

    def test_a_refused_agent_event_may_be_told_as_the_senders_error(self, tmp_path: Path) -> None:
        result = examined(
            tmp_path, load_scenario("agent/refused"), RENAMED.format(kind="agent-drops", new="sender-error")
        )
        assert failed(result) == {}

    @pytest.mark.parametrize("amount", [1, 3])
    def test_what_the_work_limit_discards_unread_is_no_drop(self, amount: int) -> None:
        chosen = load_scenario("agent/work-limit")
        actor = chosen.actor[0].model_copy(update={"hazards": [{**chosen.actor[0].hazards[0], "amount": amount}]})
        assert failed(of(chosen.model_copy(update={"actor": [actor, *chosen.actor[1:]]}), "reference")) == {}

    def test_a_directory_may_be_told_among_the_dropped_agent_events(self, tmp_path: Path) -> None:
        result = examined(
            tmp_path, load_scenario("agent/directories-among-bad-files"), DIRECTORIES_ARE_DROPS, ("emit",)
        )
        assert failed(result) == {}

    @pytest.mark.parametrize("place", ["spared", "kept", "unlisted"])
    def test_a_directory_under_an_event_files_name_has_a_place_in_the_report(self, tmp_path: Path, place: str) -> None:
        assert failed(examined(tmp_path, load_scenario("clean/residue"), DIRECTORIES_ARE.format(place=place))) == {}

    def test_a_legacy_event_of_an_agent_gets_the_common_parameters_wherever(self) -> None:
        own = [("Name", "WALinuxAgent"), ("Message", "etp-000000000000")]
        due = {
            "event_id": 1,
            "provider": "P",
            "form": "json",
            "kind": "legacy-agent",
            "parameters": [list(pair) for pair in own],
        }
        common = [(name, "x") for name in PARAMETER_NAMES[:19]]
        for pairs in (own + common, common + own, [*common[:5], own[0], *common[5:], own[1]]):
            assert list(agent_alterations(due, delivered(pairs), ())) == []
        (aspect, _), *more = agent_alterations(due, delivered(common[1:] + own), ())
        assert (aspect, more) == (ADDED, [])


def delivered(pairs: list[tuple[str, str]]) -> Delivered:
    names, values = zip(*pairs, strict=True)
    return Delivered(0, 0, "", "1.tld", 0, "", list(values), False, names=names, ids=[1, "P", "json"])


class TestRecordsThatNameNobody:
    @pytest.mark.parametrize(
        ("mutant", "scenario"),
        [("removals-logged-namelessly", "report/many-unremovable"), ("drops-logged-namelessly", "report/many-reasons")],
    )
    def test_they_count_for_the_extension_at_work(self, mutant: str, scenario: str) -> None:
        assert list(failed(of(load_scenario(scenario), f"mutant:{mutant}"))) == ["report.log-bound"]


class TestNothingCame:
    IDLE = """
import json, sys
for line in sys.stdin:
    kind = json.loads(line)["type"]
    answers = {"hello": {"type": "hello", "protocol": 1, "capabilities": {"quota": 360, "notices": True, "ledger": True, "agent_events": True,
        "redaction": True, "integer_pids": True, "sender": ["down", "stop", "raise"]}}, "start": {"type": "started"}, "collect": {"type": "done", "ledger": {}}}
    if kind == "stop":
        break
    print(json.dumps(answers[kind]), flush=True)
"""

    @pytest.mark.parametrize(
        "name",
        ["field/everyday", "select/hardlinks", "redact/slow-texts", "event/limits", "discover/dash", "stop/before"],
    )
    def test_a_program_that_answers_done_and_nothing_else_passes_nothing(self, tmp_path: Path, name: str) -> None:
        (tmp_path / "idle.py").write_text(self.IDLE)
        result = supervised(RunSpec(load_scenario(name), 0, f"cmd:{sys.executable} {tmp_path / 'idle.py'}", "real"))
        assert result.verdict == "fail"
        assert "deliver.sound" in failed(result)
        assert [clause.slug for clause in result.clauses if clause.verdict == "pass"] == []
        assert {
            clause.kind
            for clause in result.clauses
            if clause.verdict == "skip" and clause.slug in load_scenario(name).clauses
        } <= {"inconclusive"}

    def test_a_clause_that_shows_nothing_is_no_pass(self) -> None:
        clauses = [
            ClauseVerdict("run.errors", "core", "pass"),
            ClauseVerdict("read.torn", "core", "skip", "nothing was seen of it", UNSEEN),
        ]
        assert overall(clauses) == "skip"
        assert overall([clauses[0], replace(clauses[1], kind="")]) == "pass"


class TestWhoseFault:
    IGNORING = """
from etp_kit.collector import build as reference
def build(log_dir, agent_events_dir, sender, **settings):
    settings.pop("quota", None)
    return reference(log_dir, agent_events_dir, sender, **settings)
build.capabilities = reference.capabilities
"""

    def test_a_setting_that_is_ignored_is_the_collectors_failure_and_not_the_kits(self, tmp_path: Path) -> None:
        (tmp_path / "__init__.py").write_text(self.IGNORING)
        chosen = load_scenario("select/names-mixed").model_copy(update={"clauses": ["quota.newest-win", "select.name"]})
        result = of(chosen, f"dir:{tmp_path}")
        assert result.verdict == "fail"
        assert "takes quota=20 and shows nothing of it" in failed(result)["quota.newest-win"]

    @pytest.mark.parametrize(
        ("mutant", "scenario", "clauses"),
        [
            ("wrong-types-are-no-objects", "event/bad-keys", {"event.types"}),
            ("contexts-swapped", "event/odd-among-many", {"event.mapping"}),
            ("text-not-made-encodable", "event/odd-among-many", {"event.text"}),
            ("integer-pids-refused", "event/odd-among-many", {"event.pids"}),
            ("only-blanks-stripped", "event/odd-among-many", {"event.strip"}),
            ("keys-case-sensitive", "event/odd-among-many", {"event.keys", "event.keys-all"}),
            (
                "cleared-for-a-vanished-file",
                "stop/file-vanishes",
                {"stop.during", "deliver.at-most-once", "report.ledger"},
            ),
            ("some-forgotten", "field/everyday", {"deliver.sound"}),
        ],
    )
    def test_a_verdict_names_the_clause_that_is_broken(self, mutant: str, scenario: str, clauses: set[str]) -> None:
        assert set(failed(of(load_scenario(scenario), f"mutant:{mutant}"))) == clauses
