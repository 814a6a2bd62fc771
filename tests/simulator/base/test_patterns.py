"""Patterns mean the same wherever names are picked:
clauses, scenarios, mutants, hostile objects, lists.
"""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner

from etp_kit.simulator.base import BadInput, picked
from etp_kit.simulator.base.patterns import matches
from etp_kit.simulator.cli.command import cli
from etp_kit.simulator.contract import CLAUSES
from etp_kit.simulator.shipped import mutants
from etp_kit.simulator.suite import Outcome

NAMES = ("quota.notice", "quota.per-extension", "quota/quota-exact", "isolate/flood")


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("quota.notice", ["quota.notice"]),
        ("quota.*", ["quota.notice", "quota.per-extension"]),
        ("quota", ["quota.notice", "quota.per-extension", "quota/quota-exact"]),
        ("flood", ["isolate/flood"]),
        ("isolate/*", ["isolate/flood"]),
        ("*", list(NAMES)),
    ],
)
def test_a_pattern_is_a_glob_a_family_a_folder_or_a_stem(pattern: str, found: list[str]) -> None:
    assert picked(NAMES, [pattern], "name", "--name") == found


def test_without_a_pattern_all_are_picked() -> None:
    assert picked(NAMES, [], "name", "--name") == list(NAMES)


def test_names_keep_their_order_whatever_that_of_the_patterns() -> None:
    assert picked(NAMES, ["flood", "quota.notice"], "name", "--name") == ["quota.notice", "isolate/flood"]


@pytest.mark.parametrize("pattern", ["", "quot", "QUOTA", "notice", "quota."])
def test_what_is_no_whole_part_of_a_name_picks_nothing(pattern: str) -> None:
    assert not any(matches(name, [pattern]) for name in NAMES)


@pytest.mark.parametrize(("pattern", "near"), [("quota.notise", "quota.notice"), ("isolat", "isolate"), ("flod", "flood")])
def test_a_pattern_that_picks_nothing_is_bad_input_of_one_line_with_what_is_near(pattern: str, near: str) -> None:
    with pytest.raises(BadInput, match=rf"--name: no name matches '{re.escape(pattern)}' \(did you mean .*'{re.escape(near)}'") as caught:
        picked(NAMES, ["flood", pattern], "name", "--name", hint="none")
    assert "\n" not in str(caught.value)


def test_the_mutants_of_a_family_are_those_of_its_clauses(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []

    def caught(chosen, _library, **_):
        for mutant in chosen:
            ran.append(mutant.name)
            yield Outcome(mutant, (mutant.clause,))

    monkeypatch.setattr("etp_kit.simulator.cli.mutants.outcomes", caught)
    done = CliRunner().invoke(cli, ["mutants", "--clause", "quota"])
    assert done.exit_code == 0, done.output
    assert set(ran) == {mutant.name for mutant in mutants().values() if CLAUSES[mutant.clause].family == "quota"} != set()


def test_a_folder_lists_its_scenarios() -> None:
    done = CliRunner().invoke(cli, ["list", "quota", "--json"])
    globbed = CliRunner().invoke(cli, ["list", "quota/*", "--json"])
    assert done.exit_code == 0
    assert done.output == globbed.output
