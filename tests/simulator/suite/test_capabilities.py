"""Capabilities: what is not declared is skipped with the reason,
and what is declared and does not hold fails with it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from etp_kit.simulator.base.errors import BadInput
from etp_kit.simulator.judging.verdict import ScenarioVerdict
from etp_kit.simulator.runner.spec import RunSpec
from etp_kit.simulator.scenario.library import load_scenario
from etp_kit.simulator.subjects.subject import capabilities_of
from etp_kit.simulator.suite.examination import supervised

#: The reference behind a collector that hands on no more than ``collect``;
#: each case changes one thing about it.
TOY = """
from etp_kit.collector import build as reference

class Toy:
    def __init__(self, inner):
        self.inner = inner

    def collect(self):
        return self.inner.collect()

class Dumb(Toy):
    def collect(self):
        self.inner.collect()

class Telling(Toy):
    def __init__(self, inner, change):
        super().__init__(inner)
        self.change = change

    def collect(self):
        report = self.inner.collect()
        return report._replace(notices=tuple(self.change(notice) for notice in report.notices))

class Idle(Toy):
    def service(self):
        return object()

def build(log_dir, agent_events_dir, sender, **settings):
    {body}

build.capabilities = {{**reference.capabilities, {declared}}}
"""
MADE = "reference(log_dir, agent_events_dir, sender, **settings)"


def examined(tmp_path: Path, scenario: str, body: str, declared: str = "", toy: str = TOY) -> ScenarioVerdict:
    (tmp_path / "__init__.py").write_text(toy.format(body=body, declared=declared))
    chosen = load_scenario(scenario)
    return supervised(RunSpec(chosen, 0, f"dir:{tmp_path}", chosen.worlds[0]))


def reasons(result: ScenarioVerdict, verdict: str) -> dict[str, str]:
    return {clause.slug: clause.reason for clause in result.clauses if clause.verdict == verdict}


@pytest.mark.parametrize(
    ("scenario", "body", "declared", "slug", "told"),
    [
        ("discarded-is-told", f"return Dumb({MADE})", "", "report.ledger", "the collector declares ledger, and collect() returned none"),
        ("quota-exact", f"return Dumb({MADE})", "", "quota.notice", "the collector declares notices, and what a pass returned has none"),
        ("quota-exact", f"return Telling({MADE}, lambda notice: notice._replace(kind='full'))", "", "quota.notice",
         "the collector declares notices, and one is of kind 'full', which is none of collected, drops, quota"),
        ("quota-exact", f"return Telling({MADE}, lambda notice: notice._replace(kind=None))", "", "quota.notice", "one is of kind None, which is none of"),
        ("read/malformed", f"return Telling({MADE}, lambda n: n._replace(text='Failed to process event file 1.json:NoneType: None'))", "", "read.malformed",
         "the collector declares notices, and one of kind failed tells of an error and names none"),
        ("agent/secrets", f"return Toy({MADE})", "", "agent.redact", "the collector declares agent_events, and has no collect_agent_events()"),
        ("run/an-afternoon", f"return Toy({MADE})", "", "run.thread", "the collector declares service, and has no service()"),
        ("run/an-afternoon", f"return Idle({MADE})", "", "run.thread", "the collector declares service, and what service() returned has no run()"),
        ("quota-exact", f"return {MADE}", "'quota': 500", "quota.per-extension", "360 events in pass 0 and the rest removed, the quota is 500"),
        ("quota-exact", f"return {MADE}", "'quota': 300", "quota.per-extension", "301 events in pass 0, the quota is 300"),
    ],
)  # fmt: skip
def test_what_is_declared_and_does_not_hold_fails(tmp_path: Path, scenario: str, body: str, declared: str, slug: str, told: str) -> None:
    result = examined(tmp_path, scenario, body, declared)
    assert told in reasons(result, "fail")[slug]
    assert result.verdict == "fail"
    assert not reasons(result, "error")


@pytest.mark.parametrize(
    ("scenario", "body", "declared", "told"),
    [
        ("small/at-least-once", f"assert settings['delivery'] != 'at-least-once', 'never'\n    return {MADE}", "",
         "the collector refuses delivery='at-least-once', which it declares: AssertionError: never"),
        ("discover/no-log-dir", f"__import__('os').listdir(log_dir)\n    return {MADE}", "", "the collector cannot be built here: FileNotFoundError"),
    ],
)  # fmt: skip
def test_a_collector_that_does_not_let_itself_be_built_so_fails(tmp_path: Path, scenario: str, body: str, declared: str, told: str) -> None:
    result = examined(tmp_path, scenario, body.replace("settings['delivery']", "settings.get('delivery')"), declared)
    assert (result.verdict, result.kind) == ("fail", "refused")
    assert set(reasons(result, "fail")) == set(load_scenario(scenario).clauses)
    assert result.detail.startswith(told)


PLAIN = """
from etp_kit.collector import build as reference

def build(log_dir, agent_events_dir, sender):
    {body}

build.capabilities = {{{declared}}}
"""


def test_a_collector_that_declares_no_settings_takes_all(tmp_path: Path) -> None:
    result = examined(tmp_path, "small/at-least-once", "return reference(log_dir, agent_events_dir, sender)", toy=PLAIN)
    assert "which it takes, as it declares no settings" in result.detail
    assert result.verdict == "fail"


@pytest.mark.parametrize("declared", ["'settings': []", "'settings': ['delivery'], 'delivery': ['at-most-once']", "'delivery': False"])
def test_a_setting_that_is_not_declared_skips_with_the_reason(tmp_path: Path, declared: str) -> None:
    result = examined(tmp_path, "small/at-least-once", "return reference(log_dir, agent_events_dir, sender)", declared, toy=PLAIN)
    assert result.verdict == "skip"
    assert "the collector offers no delivery" in result.detail


@pytest.mark.parametrize(
    ("scenario", "body", "declared", "slug"),
    [
        ("discarded-is-told", f"return Dumb({MADE})", "'ledger': False", "quota.discarded"),
        ("quota-exact", f"return Dumb({MADE})", "'notices': False", "quota.notice"),
        ("agent/secrets", f"return Toy({MADE})", "'agent_events': False", "agent.redact"),
        ("run/an-afternoon", f"return Toy({MADE})", "'service': False", "run.thread"),
    ],
)
def test_what_is_not_declared_skips_with_the_reason(tmp_path: Path, scenario: str, body: str, declared: str, slug: str) -> None:
    reason = reasons(examined(tmp_path, scenario, body, declared), "skip")[slug]
    assert declared.split("'")[1] in reason


def test_a_collector_that_can_never_be_built_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="could not be built: ValueError: no"):
        examined(tmp_path, "quota-exact", "raise ValueError('no')")


@pytest.mark.parametrize(
    ("declared", "told"),
    [(["quota"], "is a list, a mapping"), ({"quota": "360"}, "'quota' is '360', a number of events"), ({"settings": "quota"}, "a list of names is expected"),
     ({"delivery": 1.5}, "'delivery' is 1.5, a list of modes")],
)  # fmt: skip
def test_what_cannot_be_meant_as_a_capability_is_bad_input(declared: object, told: str) -> None:
    def factory(*_: object) -> None: ...

    factory.capabilities = declared
    with pytest.raises(BadInput, match=told):
        capabilities_of(factory)
