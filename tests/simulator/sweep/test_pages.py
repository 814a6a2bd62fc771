"""The pages of hunted mutants and of named causes: what they say is counted, and what is wrong is
no page.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from etp_kit.simulator.base import KitBroke
from etp_kit.simulator.shipped import mutants
from etp_kit.simulator.sweep import found_page, kept_hunts, named_page
from etp_kit.simulator.sweep.hunts import COUNT, Hunted, chosen, hunt
from etp_kit.simulator.sweep.naming import Named

MUTANT = mutants()["residue-kept"]
FOUND = Hunted(MUTANT, 5, "clean.residue", 2, 10, 3.2)
MISSED = Hunted(mutants()["rejects-unbounded"], 0, seconds=60.0)
WHY = {"rejects-unbounded": "its judge is left out"}


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(kept_hunts, "PLACE", tmp_path / ".etp-kit" / "hunts")
    return tmp_path


def test_the_chosen_are_of_every_family() -> None:
    names = [mutant.name for mutant in chosen()]
    assert (len(set(names)), names) == (COUNT, [mutant.name for mutant in chosen()])
    families = {mutant.clause.partition(".")[0] for mutant in mutants().values()}
    assert {mutant.clause.partition(".")[0] for mutant in chosen()} == families


def test_what_was_found_has_a_row_and_what_was_not_a_reason() -> None:
    page = found_page.document([FOUND, MISSED], WHY)
    assert "1 of 2 were found. Their scenarios have at most 2 steps and 10 lines." in page
    assert "| `residue-kept` | `clean.residue` | 5 | `clean.residue` | 2 | 10 | 3 |" in page
    assert "| `rejects-unbounded` | `quota.rejects` | its judge is left out | 60 |" in page


@pytest.mark.parametrize(
    ("hunted", "why", "wrong"),
    [
        (MISSED, {}, "rejects-unbounded passes without a reason"),
        (FOUND, {"residue-kept": "x"}, "residue-kept is found, and has a reason"),
        (replace(FOUND, steps=4), {}, "residue-kept is not small: 4 steps, 10 lines"),
        (replace(FOUND, lines=21), {}, "residue-kept is not small: 2 steps, 21 lines"),
        (replace(FOUND, steps=-1, lines=-1), {}, "residue-kept is not small: -1 steps, -1 lines"),
    ],
)
def test_what_breaks_a_claim_is_no_page(hunted: Hunted, why: dict[str, str], wrong: str) -> None:
    with pytest.raises(KitBroke, match=wrong):
        found_page.document([hunted], why)


def test_a_hunt_goes_on_where_it_was_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    first = hunt(MUTANT, 50)
    assert 0 < first.seeds <= 50
    assert 0 <= first.steps <= 3
    monkeypatch.setattr("etp_kit.simulator.sweep.hunts.LocalExecutor", None)
    assert hunt(MUTANT, 50) == first


def test_what_was_kept_of_something_else_counts_for_nothing(place: Path) -> None:
    kept_hunts.keep(MUTANT, "first", {"seed": 3})
    assert kept_hunts.kept(MUTANT, "first") == {"seed": 3}
    kept_hunts.keep(replace(MUTANT, new="        pass\n"), "first", {"seed": 4})
    assert kept_hunts.kept(MUTANT, "first") is None
    (place / ".etp-kit" / "hunts" / "residue-kept.first.json").write_text("[")
    assert kept_hunts.kept(MUTANT, "first") is None


def test_the_share_that_is_named_rightly_is_told() -> None:
    right = Named(MUTANT, "clean/residue", frozenset({"unlink", "leftover", "lstat"}), 0.5)
    wrong = Named(MUTANT, "clean/residue", frozenset({"unlink"}), 2.5)
    page = named_page.document([right, wrong])
    assert "1 of 2 are named rightly (50.0 %). 1 of them took less than 2 s of processor time." in page
    assert "| `residue-kept` | clean/residue | unlink leftover | yes |" in page
    assert "| `residue-kept` | clean/residue | unlink leftover | **no**: unlink |" in page


def test_a_mutant_that_tells_nothing_is_named_by_nothing() -> None:
    assert not Named(replace(MUTANT, shows=""), "clean/residue", frozenset({"unlink"}), 0.5).is_right


def test_every_mutant_tells_what_it_shows() -> None:
    assert [mutant.name for mutant in mutants().values() if not mutant.shows.split()] == []
