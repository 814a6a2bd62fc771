"""The contract's data: complete, consistent, and refused with one clear line where it is not."""

from __future__ import annotations

import dataclasses
import re

import pytest

from etp_kit.simulator.base import KitBroke, picked
from etp_kit.simulator.contract.clauses import (
    CAPABILITIES,
    CLAUSES,
    FAMILIES,
    HARMS,
    LIMITS,
    Clause,
    ContractError,
    Limit,
    data,
    load,
)

MINIMAL = """
[families]
read = "from bytes to events"
[harms]
loss = "events never arrive"
[capabilities.hooks]
of = "world"
meaning = "calls pass the hook"
[[limit]]
name = "tries"
value = 3
unit = "reads"
clause = "read.torn"
reason = "writers need moments"
[[clause]]
slug = "read.torn"
level = "core"
statement = "a malformed file is tried 3 times"
harm = "loss"
cwe = ["CWE-400"]
requires = ["hooks"]
effect = "Events are lost."
"""

every_clause = pytest.mark.parametrize("clause", CLAUSES.values(), ids=lambda clause: clause.slug)


def test_clauses_are_keyed_by_their_slug() -> None:
    assert all(slug == clause.slug for slug, clause in CLAUSES.items())


def test_clauses_of_a_family_stand_together_in_the_order_of_the_families() -> None:
    order = list(dict.fromkeys(clause.family for clause in CLAUSES.values()))
    assert order == list(FAMILIES)
    positions = [order.index(clause.family) for clause in CLAUSES.values()]
    assert positions == sorted(positions)


def test_both_levels_are_used() -> None:
    assert {clause.level for clause in CLAUSES.values()} == {"core", "hardened"}


@every_clause
def test_effect_is_one_plain_sentence(clause: Clause) -> None:
    assert re.fullmatch(r"[A-Z][^.!?`]+\.", clause.effect)


@every_clause
def test_cwe_is_a_number_of_that_list(clause: Clause) -> None:
    assert all(re.fullmatch(r"CWE-[1-9][0-9]{1,3}", cwe) for cwe in clause.cwe)
    assert len(set(clause.cwe)) == len(clause.cwe)


@every_clause
def test_security_harms_name_a_weakness(clause: Clause) -> None:
    assert clause.cwe or clause.harm not in ("leak", "escape")


def test_no_two_clauses_share_a_statement() -> None:
    assert len({clause.statement for clause in CLAUSES.values()}) == len(CLAUSES)


def test_every_harm_and_capability_is_used() -> None:
    assert {clause.harm for clause in CLAUSES.values()} == set(HARMS)
    assert {name for clause in CLAUSES.values() for name in clause.requires} == set(CAPABILITIES)


@pytest.mark.parametrize(
    ("pattern", "capability"),
    [
        ("agent", "agent_events"),
        ("redact", "redaction"),
        ("event.pids", "integer_pids"),
        ("run.thread", "service"),
        ("report.ledger", "ledger"),
        ("report.drops", "notices"),
        ("quota.notice", "notices"),
        ("quota.per-extension", "quota"),
        ("deliver.at-least-once", "delivery:at-least-once"),
        ("read.torn", "waits"),
        ("discover.swap", "steps"),
        ("select.size-race", "hooks"),
        ("run.periods", "virtual_time"),
    ],
)
def test_what_cannot_be_judged_without_a_capability_requires_it(pattern: str, capability: str) -> None:
    assert all(capability in CLAUSES[slug].requires for slug in picked(CLAUSES, [pattern], "clause", ""))


def test_missing_and_unjudged_name_what_is_not_offered() -> None:
    clause = CLAUSES["deliver.at-least-once"]
    assert clause.missing({"hooks"}) == ("delivery:at-least-once",)
    assert clause.unjudged({"delivery:at-least-once"}) == ("hooks",)
    assert clause.missing(CAPABILITIES) == clause.unjudged(CAPABILITIES) == ()


def test_clauses_cannot_be_changed() -> None:
    clause = CLAUSES["read.torn"]
    with pytest.raises(dataclasses.FrozenInstanceError):
        clause.level = "hardened"
    with pytest.raises(TypeError):
        CLAUSES["read.torn"] = clause


# limits


@pytest.mark.parametrize("limit", LIMITS.values(), ids=lambda limit: limit.name)
def test_limit_stands_in_the_statement_of_its_clause(limit: Limit) -> None:
    in_words = {"error_interval": "once an hour", "max_listed_errors": "five"}
    spellings = (f"{limit.value:,}", f"{limit.value / 2**20:g} MiB", in_words.get(limit.name, "no words"))
    statement = CLAUSES[limit.clause].statement
    assert any(re.search(rf"(?<![0-9,]){re.escape(text)}(?!,?[0-9])", statement) for text in spellings)


# bad data


def test_minimal_data_is_accepted() -> None:
    assert [clause.slug for clause in load(MINIMAL).clause] == ["read.torn"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('harm = "loss"', 'harm = "los"', r"read\.torn: unknown harm 'los' \(did you mean 'loss'\?\)"),
        ('requires = ["hooks"]', 'requires = ["hook"]', r"read\.torn: unknown capability 'hook'.*'hooks'"),
        ('requires = ["hooks"]', 'requires = ["hooks", "hooks"]', "capability 'hooks' stands twice"),
        ('slug = "read.torn"', 'slug = "reed.torn"', r"reed\.torn: unknown family 'reed'.*'read'"),
        ('slug = "read.torn"', 'slug = "Read.Torn"', r"clause\.0\.slug: .*'Read\.Torn'"),
        ('clause = "read.torn"', 'clause = "read.tern"', r"limit tries: unknown clause 'read\.tern'"),
        ('level = "core"', 'level = "soft"', r"clause\.0\.level: .*'soft'"),
        ('level = "core"', 'levle = "core"', r"clause\.0\.level: "),
        ('effect = "Events are lost."', 'effect = ""', r"clause\.0\.effect: "),
        ('effect = "Events are lost."', 'effect = "a | b"', r"clause\.0\.effect: .*'a | b'"),
        ('cwe = ["CWE-400"]', 'cwe = ["400"]', r"clause\.0\.cwe\.0: .*'400'"),
        ('cwe = ["CWE-400"]', 'cwes = ["CWE-400"]', r"clause\.0\.cwes: "),
        ("value = 3", 'value = "3"', r"limit\.0\.value: .*'3'"),
        ("value = 3", "value = true", r"limit\.0\.value: .*True"),
        ("[harms]", "[harms", "not TOML"),
    ],
)
def test_bad_data_is_refused_with_one_line(old: str, new: str, message: str) -> None:
    assert MINIMAL.count(old) >= 1
    with pytest.raises(ContractError, match=message) as caught:
        load(MINIMAL.replace(old, new, 1), "data.toml")
    assert str(caught.value).startswith("data.toml: ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("table", "kind"), [("[[clause]]", "clause"), ("[[limit]]", "limit")])
def test_nothing_stands_twice(table: str, kind: str) -> None:
    entry = table + MINIMAL.partition(table)[2].partition("[[")[0]
    with pytest.raises(ContractError, match=f"{kind} '.*' stands twice"):
        load(MINIMAL + entry)


def test_a_contract_without_clauses_is_refused() -> None:
    with pytest.raises(ContractError, match="clause: "):
        load("limit = []\nclause = []\n" + MINIMAL.partition("[[limit]]")[0])


def test_bad_data_is_the_kits_own_failure() -> None:
    assert issubclass(ContractError, KitBroke)


def test_what_ships_is_what_a_checked_read_gives() -> None:
    """At a start nothing checks the texts: here they are checked, and a slip in them shows."""
    checked = load(data("clauses.toml"))
    assert {clause.slug: clause for clause in checked.clause} == CLAUSES
    assert {limit.name: limit for limit in checked.limit} == LIMITS
    assert (checked.families, checked.harms, checked.capabilities) == (FAMILIES, HARMS, CAPABILITIES)
