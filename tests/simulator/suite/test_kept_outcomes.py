"""What was kept of a full matrix counts only for what it was made from."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from etp_kit.simulator.base import BadInput
from etp_kit.simulator.cli import mutants as command
from etp_kit.simulator.cli.command import cli
from etp_kit.simulator.shipped import mutants
from etp_kit.simulator.suite import kept_outcomes
from etp_kit.simulator.suite.kept_outcomes import PLACE, keep_outcome, kept_outcome
from etp_kit.simulator.suite.sensitivity import Outcome, outcomes

MUTANT = mutants()["quota-raised"]
OUTCOME = Outcome(MUTANT, {"quota.per-extension": "quota/flood: 361 events in pass 0"})


@pytest.fixture(autouse=True)
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_what_is_kept_is_found_again() -> None:
    assert kept_outcome(MUTANT) is None
    keep_outcome(OUTCOME)
    assert kept_outcome(MUTANT) == OUTCOME


@pytest.mark.parametrize("changes", [{"new": "another text"}, {"clause": "quota.notice"}, {"old": "no such text"}])
def test_it_is_of_no_other_mutant(changes: dict[str, str]) -> None:
    keep_outcome(OUTCOME)
    assert kept_outcome(replace(MUTANT, **changes)) is None


def test_it_is_of_no_other_kit_and_no_other_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    keep_outcome(OUTCOME)
    assert kept_outcome(MUTANT, seed=1) is None
    monkeypatch.setattr(kept_outcomes, "kit_sha256", lambda: "another kit")
    assert kept_outcome(MUTANT) is None


def test_of_trouble_nothing_is_kept() -> None:
    keep_outcome(replace(OUTCOME, trouble="the kit broke"))
    assert kept_outcome(MUTANT) is None


def test_where_nothing_can_be_written_nothing_is_kept() -> None:
    PLACE.parent.write_text("a file where the directory should be")
    keep_outcome(OUTCOME)
    assert kept_outcome(MUTANT) is None
    assert PLACE.parent.read_text() == "a file where the directory should be"


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"of": 1, "red": []}', "[" * 100_000, '{"red": {"a": "b"}}'])
def test_what_is_none_of_ours_counts_for_nothing(text: str) -> None:
    keep_outcome(OUTCOME)
    (PLACE / f"{MUTANT.name}.json").write_text(text)
    assert kept_outcome(MUTANT) is None


def test_a_matrix_that_was_stopped_goes_on_with_what_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its page is the one of a matrix that was not stopped, and nothing is run twice."""
    asked: list[list[str]] = []

    def few(chosen, library, *, full, workers):  # type: ignore[no-untyped-def]
        asked.append([mutant.name for mutant in chosen])
        own = {name: scenario for name, scenario in library.items() if name in {"quota/quota-exact", "quota/small"}}
        return outcomes(chosen, own, full=full, workers=workers)

    monkeypatch.setattr(command, "outcomes", few)
    words = ["mutants", "--full", "--clause", "quota.per-extension"]
    whole = CliRunner().invoke(cli, words)
    (PLACE / f"{MUTANT.name}.json").unlink()
    again = CliRunner().invoke(cli, [*words, "--resume"])
    assert (whole.exit_code, again.exit_code, again.stdout) == (0, 0, whole.stdout), again.output
    assert asked == [["quota-raised", "quota-lowered"], ["quota-raised"]]
    assert "1 of 2 mutants were kept, 1 are left" in again.stderr


def test_only_a_full_matrix_is_resumed() -> None:
    done = CliRunner().invoke(cli, ["mutants", "--resume"])
    assert isinstance(done.exception, BadInput)
