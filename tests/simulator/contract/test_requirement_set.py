"""Frozen sets of clauses: what was promised under a version stays what it was."""

from __future__ import annotations

import tomllib
from dataclasses import replace

import pytest

from etp_kit.simulator.base import BadInput
from etp_kit.simulator.contract import CLAUSES, named_set, requirement_sets, today
from etp_kit.simulator.contract.freeze import freeze
from etp_kit.simulator.contract.requirement_set import Frozen, RequirementSet, frozen


def test_no_slug_of_a_frozen_set_is_gone_or_renamed() -> None:
    assert requirement_sets()
    for version, one in requirement_sets().items():
        assert set(one.clauses) <= set(CLAUSES), version
        assert {clause.level for clause in one.clauses.values()} <= {"core", "hardened"}


def test_what_it_does_not_have_is_newer() -> None:
    old = RequirementSet("1.0", {"quota.notice": frozen(CLAUSES["quota.notice"])})
    assert "quota.notice" not in old.newer
    assert len(old.newer) == len(CLAUSES) - 1
    assert today().newer == frozenset()


def test_another_wording_is_told() -> None:
    clause = CLAUSES["quota.notice"]
    other = frozen(replace(clause, statement=clause.statement + " again"))
    assert RequirementSet("1.0", {clause.slug: other}).reworded == (clause.slug,)
    assert RequirementSet("1.0", {clause.slug: frozen(clause)}).reworded == ()


def test_a_level_is_that_of_its_version() -> None:
    old = RequirementSet("1.0", {"quota.notice": Frozen("hardened", "")})
    assert (old.level_of("quota.notice"), old.level_of("event.size")) == ("hardened", "core")


def test_the_hash_is_of_all_that_it_holds() -> None:
    one = RequirementSet("1.0", {"a": Frozen("core", "1"), "b": Frozen("core", "2")})
    other = RequirementSet("2.0", {"b": Frozen("core", "2"), "a": Frozen("core", "1")})
    assert one.sha256 == other.sha256
    assert one.sha256 != RequirementSet("1.0", {"a": Frozen("core", "1"), "b": Frozen("core", "3")}).sha256


def test_a_version_is_added_behind_the_others_and_never_again() -> None:
    once = freeze("1.0", "")
    twice = freeze("1.1", once)
    assert twice.startswith(once.rstrip("\n"))
    assert list(tomllib.loads(twice)) == ["1.0", "1.1"]
    with pytest.raises(BadInput, match="is frozen"):
        freeze("1.0", twice)


@pytest.mark.parametrize("version", ["", "1", "1.0.0", "0.9", "x", "1.0\n"])
def test_what_is_no_version_is_refused(version: str) -> None:
    with pytest.raises(BadInput, match="is no version"):
        freeze(version, "")


def test_an_unknown_version_names_the_known_ones() -> None:
    with pytest.raises(BadInput, match=r"--contract: no version '0\.1'.*1\.0"):
        named_set("0.1", "--contract")
