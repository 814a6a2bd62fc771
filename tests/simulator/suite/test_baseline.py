"""Known-failing lists that the command writes:
what stays, what goes, what comes, and that the file says just that.
"""

from __future__ import annotations

import datetime
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from etp_kit.simulator.base.errors import BadInput
from etp_kit.simulator.cli.command import cli
from etp_kit.simulator.contract.clauses import CLAUSES
from etp_kit.simulator.contract.profiles import PROFILES
from etp_kit.simulator.judging.verdict import ClauseVerdict, ScenarioVerdict
from etp_kit.simulator.shipped import shipped_scenarios
from etp_kit.simulator.suite import known_failures as known
from etp_kit.simulator.suite.baselines import baseline
from etp_kit.simulator.suite.expectations import Expectations, marked
from etp_kit.simulator.suite.known_failures import Known

TODAY = datetime.date(2026, 1, 5)
FLOOD, EXACT = "quota/flood", "quota/quota-exact"

_TEXT = st.text(st.characters(exclude_categories=["Cs"]))
_ENTRIES = st.builds(
    Known,
    clause=st.sampled_from(list(CLAUSES)),
    scenario=st.sampled_from(["", *shipped_scenarios()]),
    reason=_TEXT.filter(bool),
    issue=_TEXT,
    expires=st.none() | st.dates(),
)


def result(scenario: str, world: str = "fake", **verdicts: str) -> ScenarioVerdict:
    clauses = [ClauseVerdict(slug.replace("_", ".", 1).replace("_", "-"), "core", verdict, f"seen {verdict}") for slug, verdict in verdicts.items()]
    return ScenarioVerdict(scenario, 0, world, "fail", clauses=clauses)


def listed(*results: ScenarioVerdict, known: tuple[Known, ...] = (), profile: str = "") -> tuple[Known, ...]:
    expectations = Expectations(PROFILES[profile] if profile else None, known, TODAY)
    return baseline([marked(one, list(CLAUSES), expectations) for one in results], expectations).entries


@given(st.lists(_ENTRIES))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_written_list_reads_back_as_it_was(tmp_path: Path, entries: list[Known]) -> None:
    path = tmp_path / "known.toml"
    path.write_text(known.render_known(entries), encoding="utf-8")
    assert known.read_known(str(path), list(shipped_scenarios())) == tuple(entries)


@given(_TEXT.filter(bool))
def test_a_written_list_holds_nothing_that_acts_on_a_terminal(reason: str) -> None:
    text = known.render_known([Known(clause="read.torn", reason=reason)])
    assert all(character == "\n" or character.isprintable() or character.isspace() for character in text)
    assert "\x1b" not in text
    assert tomllib.loads(text)["known"][0]["reason"] == reason


def test_each_failure_gets_an_entry_for_its_clause_in_its_scenario() -> None:
    entries = listed(result(FLOOD, quota_notice="fail", run_errors="pass"), result(EXACT, quota_notice="fail"))
    assert [(entry.clause, entry.scenario, entry.reason) for entry in entries] == [
        ("quota.notice", FLOOD, "seen fail"),
        ("quota.notice", EXACT, "seen fail"),
    ]


def test_a_failure_in_both_worlds_is_one_entry() -> None:
    assert len(listed(result(FLOOD, quota_notice="fail"), result(FLOOD, "real", quota_notice="fail"))) == 1


def test_an_entry_that_still_holds_stays_as_it_is() -> None:
    entry = Known(clause="quota.notice", reason="notices come in 3.0", issue="AGENT-1", expires=datetime.date(2027, 1, 1))
    assert listed(result(FLOOD, quota_notice="fail"), known=(entry,)) == (entry,)


def test_an_entry_that_passes_goes() -> None:
    assert listed(result(FLOOD, quota_notice="pass"), known=(Known(clause="quota.notice", reason="x"),)) == ()


@pytest.mark.parametrize("verdict", ["skip", "error"])
def test_an_entry_about_which_nothing_was_learned_stays(verdict: str) -> None:
    entries = (Known(clause="read.torn", reason="not run"), Known(clause="quota.notice", reason="not judged"))
    assert listed(result(FLOOD, quota_notice=verdict), known=entries) == entries


def test_an_expired_entry_comes_back_without_its_date_and_with_its_issue() -> None:
    entry = Known(scenario=FLOOD, reason="x", issue="AGENT-1", expires=datetime.date(2020, 1, 1))
    (renewed,) = listed(result(FLOOD, quota_notice="fail", run_errors="pass"), known=(entry,))
    assert (renewed.clause, renewed.scenario, renewed.issue, renewed.expires) == ("quota.notice", FLOOD, "AGENT-1", None)


def test_what_a_profile_expects_needs_no_entry() -> None:
    assert listed(result(FLOOD, event_pids="fail"), profile="linux-agent-2.7") == ()


def test_a_reason_is_told_once_where_the_entry_says_what_was_found() -> None:
    found = result(FLOOD, quota_notice="fail")
    shown = marked(found, list(CLAUSES), Expectations(None, listed(found), TODAY))
    assert [(clause.kind, clause.reason) for clause in shown.clauses] == [("known", "seen fail")]


# --- the command ----------------------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def conform(*words: str) -> Result:
    return CliRunner().invoke(cli, ["conform", "--world", "fake", "--scenario", "quota-exact", *words])


def test_a_run_with_the_written_list_passes() -> None:
    written = conform("--collector", "mutant:quota-raised", "--write-known-failing", "known.toml")
    assert written.exit_code == 0, written.output
    assert "known.toml written: " in written.output
    assert "quota.per-extension" in Path("known.toml").read_text()
    assert not Path("known.toml.part").exists()
    assert conform("--collector", "mutant:quota-raised", "--known-failing", "known.toml").exit_code == 0


def test_the_list_shrinks_when_the_collector_is_mended() -> None:
    Path("known.toml").write_text('[[known]]\nscenario = "quota/quota-exact"\nreason = "x"\n[[known]]\nclause = "read.torn"\nreason = "y"\n')
    done = conform("--known-failing", "known.toml", "--write-known-failing", "known.toml")
    assert done.exit_code == 0
    assert "1 entry (0 new, 1 kept, 1 left out)" in done.output
    assert "quota-exact" not in Path("known.toml").read_text()


@pytest.mark.parametrize("words", [(), ("--known-failing", "other.toml")])
def test_a_file_that_exists_is_not_written_over(words: tuple[str, ...]) -> None:
    Path("other.toml").write_text("")
    Path("precious.toml").write_text("precious")
    done = conform("--write-known-failing", "precious.toml", *words)
    assert isinstance(done.exception, BadInput)
    assert "add --known-failing precious.toml" in str(done.exception)
    assert Path("precious.toml").read_text() == "precious"


def test_a_link_that_leads_nowhere_is_not_written_through() -> None:
    Path("link.toml").symlink_to("elsewhere.toml")
    assert isinstance(conform("--write-known-failing", "link.toml").exception, BadInput)
    assert not Path("elsewhere.toml").exists()


def test_a_list_of_the_first_failure_alone_is_refused() -> None:
    assert isinstance(conform("--write-known-failing", "known.toml", "--fail-fast").exception, BadInput)
    assert not list(Path().iterdir())


def test_a_place_that_cannot_be_written_costs_no_run() -> None:
    done = conform("--write-known-failing", "nowhere/known.toml")
    assert isinstance(done.exception, BadInput)
    assert "nowhere/known.toml: cannot be written" in str(done.exception)
