"""The committed sweep: four thousand seeds of random scenarios in both worlds, and what they must
have come by.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing

import pytest

from etp_kit.simulator.sweep import LocalExecutor, Store, Summary, SweepPlan, departures, sing, summary_of, sweep

#: Probes that the seeds do not reach. It may only shrink: one that was reached before must be
#: reached again. The reference lists what it has opened, and what has gone is empty then.
NOT_REACHED = {"listed-directory-gone"}
#: Clauses that apply to random scenarios, and that these give nothing to judge.
NOT_EXERCISED: set[str] = set()
SEEDS = range(4_000)
WORLDS = ("real", "fake")


@pytest.fixture(scope="module")
def swept() -> Iterator[tuple[Summary, Store]]:
    workers = len(os.sched_getaffinity(0))
    executor = LocalExecutor(workers)
    sing(executor, "real")
    with closing(Store(None, "reference")) as store:
        plan = SweepPlan("reference", WORLDS, SEEDS.start, SEEDS.stop, workers=workers, checked=0.02)
        sweep(plan, executor, store)
        yield summary_of(store.connection), store


@pytest.mark.slow
def test_the_reference_holds(swept: tuple[Summary, Store]) -> None:
    summary, _ = swept
    assert [(one.name, one.examples, one.reason) for one in summary.signatures] == []
    assert summary.verdicts == {"pass": len(SEEDS) * len(WORLDS)}
    assert summary.worlds == dict.fromkeys(WORLDS, len(SEEDS))


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
