"""The committed sweep: a thousand seeds of random scenarios in both worlds, and what they must
have come by.
"""

from __future__ import annotations

import os

import pytest

from etp_kit.simulator.sweep import LocalExecutor, Store, Summary, SweepPlan, departures, sing, summary_of, sweep

#: Probes that the thousand seeds do not reach. It may only shrink: one that was reached before
#: must be reached again.
NOT_REACHED = {
    "events-dir-is-link",
    "event-file-is-link",
    "listed-directory-gone",
    "unremovable-changed",
    "read-between-writes",
}
#: Clauses that apply to random scenarios, and that these give nothing to judge.
NOT_EXERCISED = {"event.verbatim"}
WORLDS = {"real": range(750), "fake": range(750, 1_000)}


@pytest.fixture(scope="module")
def swept() -> tuple[Summary, Store]:
    store = Store(None, "reference")
    executor = LocalExecutor(len(os.sched_getaffinity(0)))
    sing(executor, "real")
    for world, seeds in WORLDS.items():
        sweep(SweepPlan("reference", (world,), seeds[0], seeds[-1] + 1, workers=2, checked=0.02), executor, store)
    return summary_of(store.connection), store


@pytest.mark.slow
def test_the_reference_holds(swept: tuple[Summary, Store]) -> None:
    summary, _ = swept
    assert [(one.name, one.examples, one.reason) for one in summary.signatures] == []
    assert summary.verdicts == {"pass": sum(map(len, WORLDS.values()))}
    assert summary.worlds == {world: len(seeds) for world, seeds in WORLDS.items()}


@pytest.mark.slow
def test_no_probe_and_no_clause_is_missed_that_was_met_before(swept: tuple[Summary, Store]) -> None:
    summary, _ = swept
    assert set(summary.never_reached) == NOT_REACHED
    assert set(summary.never_judged) == NOT_EXERCISED


@pytest.mark.slow
def test_a_sample_gives_the_same_bytes_again(swept: tuple[Summary, Store]) -> None:
    _, store = swept
    assert len(store.sampled()) > 10
    assert departures("reference", store.sampled()) == []
