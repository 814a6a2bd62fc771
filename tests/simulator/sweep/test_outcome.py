"""Outcomes cross processes as JSON: whatever stands there, what is read is data."""

from __future__ import annotations

import pickle
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etp_kit.simulator.sweep.batch import Journal
from etp_kit.simulator.sweep.judged import Failure
from etp_kit.simulator.sweep.outcome import Found, Outcome, read, written

TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
COUNTS = st.dictionaries(TEXT, st.integers(0, 1 << 40), max_size=3)
OUTCOMES = st.builds(
    Outcome, seed=st.integers(0, 1 << 53), world=TEXT, scenario=TEXT, verdict=TEXT,
    failures=st.lists(st.builds(Failure, TEXT, TEXT, TEXT), max_size=2), judged=st.lists(TEXT, max_size=2),
    fates=COUNTS, probes=COUNTS, seconds=st.tuples(st.floats(0, 9), st.floats(0, 9)), history_sha256=TEXT,
    history=st.binary(max_size=50), detail=TEXT,
)  # fmt: skip
DATA = {"actor": [{"events": 1}]}
FOUND = Found("run.errors/hang", 7, 8, "real", "reference", DATA, {}, "why", 3, 2, "hash", ("a", "b"))


@given(OUTCOMES)
def test_an_outcome_is_read_as_it_was_written(one: Outcome) -> None:
    assert read(written(one)) == one


def test_so_is_a_failure_that_was_made_small() -> None:
    assert read(written(FOUND)) == FOUND


@pytest.mark.parametrize(
    ("clauses", "leading"),
    [
        ([("clean.processed", ""), ("read.torn", "")], "clean.processed"),
        ([("clean.processed", ""), ("run.errors", "hang")], "run.errors/hang"),
    ],
    ids=["the first", "the collector's own error"],
)
def test_one_signature_of_a_failure_leads(clauses: list[tuple[str, str]], leading: str) -> None:
    failures = [Failure(clause, kind, "why") for clause, kind in clauses]
    assert Outcome(1, "real", "h", "fail", failures).leading == leading


def test_half_a_surrogate_becomes_a_question_mark() -> None:
    told = read(written(Outcome(1, "real", "h", "fail", detail="a\ud800")))
    assert told == Outcome(1, "real", "h", "fail", detail="a?")


@pytest.mark.parametrize("data", [b"", b"{}", b"null", b"[" * 100_000, pickle.dumps(FOUND), b'{"seed": 1}'])
def test_what_is_none_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="validation error"):
        read(data)


@pytest.mark.parametrize("used", [1 << 20, (1 << 64) - 1], ids=["more than is there", "more than there can be"])
def test_a_journal_that_the_collector_wrote_into_ends_where_it_is_whole(used: int) -> None:
    journal = Journal()
    journal.begin()
    whole = Outcome(1, "real", "h", "pass")
    journal.add(whole)
    struct.pack_into("=QQ", journal._memory, 0, 1, used)
    assert journal.outcomes() == [whole]
    journal.close()
