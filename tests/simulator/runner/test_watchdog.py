"""The watchdog: what hangs is told from what a busy machine holds up, by what a worker does."""

from __future__ import annotations

import pytest

from etp_kit.simulator.core import STARVED
from etp_kit.simulator.runner.watchdog import _STILL, WATCHDOG, Progress, Sample, Watch

LIMIT = 40.0


def verdict_after(seconds: int, *, used: float, ready: bool, unit: int = 1) -> str:
    """What is said of a worker that goes on so for so many real seconds;
    ``used``: its share of the processor.
    """
    watch = Watch(LIMIT, lambda: 1.0)
    for second in range(seconds + 1):
        verdict = watch.look(Sample(float(second), second * used, ready, unit))
        if verdict:
            return verdict.kind
    return ""


@pytest.mark.parametrize(
    ("name", "seconds", "used", "ready", "expected"),
    [
        ("spins", 41, 1.0, True, "hang"),
        ("spins, and is nearly done", 40, 1.0, True, ""),
        ("spins on a busy machine", 400, 0.11, True, "hang"),
        ("waits for what never comes", 69, 0.0, False, "hang"),
        ("waits, not long yet", 68, 0.0, False, ""),
        ("wakes up now and then", 90, 0.01, False, "hang"),
        ("is starved for an hour and a half", 5400, 0.007, True, ""),
        ("is starved for too long", 6001, 0.001, True, STARVED),
    ],
)  # fmt: skip
def test_what_a_worker_does_decides(name: str, seconds: int, used: float, ready: bool, expected: str) -> None:
    assert verdict_after(seconds, used=used, ready=ready) == expected


@pytest.mark.parametrize(("slow", "due"), [(1.0, 41), (2.0, 81)])
def test_a_slower_processor_gets_more_of_itself(slow: float, due: int) -> None:
    watch = Watch(LIMIT, lambda: slow)
    told = [second for second in range(100) if watch.look(Sample(float(second), float(second), True, 1))]
    assert told[0] == due


def test_how_slow_the_processor_is_is_asked_at_the_limit_alone() -> None:
    """It costs time, and nearly every worker ends long before."""
    asked: list[int] = []
    watch = Watch(LIMIT, lambda: asked.append(1) or 1.0)  # type: ignore[func-returns-value]  # says that it was asked
    for second in range(41):
        watch.look(Sample(float(second), float(second), True, 1))
    assert asked == []


def test_each_unit_has_a_budget_of_its_own() -> None:
    """574 variants in one worker, or the passes of a day, take what they take."""
    watch = Watch(LIMIT, lambda: 1.0)
    samples = [Sample(float(second), float(second), True, second // 30) for second in range(1_000)]
    assert [watch.look(sample) for sample in samples] == [None] * 1_000


def test_a_busy_moment_does_not_set_standing_still_back() -> None:
    watch = Watch(LIMIT, lambda: 1.0)
    verdicts = [watch.look(Sample(float(second), 0.0, second % 10 == 0, 1)) for second in range(120)]
    assert [verdict.kind for verdict in verdicts if verdict][:1] == ["hang"]


def test_who_looks_seldom_knows_little_of_standing_still() -> None:
    """A watcher that was starved itself finds a blocked worker: for how long, nobody saw."""
    watch = Watch(LIMIT, lambda: 1.0)
    looks = [Sample(minute * 60.0, minute * 0.6, False, 1) for minute in range(8)]
    assert [watch.look(look) for look in looks] == [None] * len(looks)


def test_a_hang_is_told_within_a_minute() -> None:
    """With ten seconds left for starting, on a machine that is not busy."""
    assert max(WATCHDOG, WATCHDOG * _STILL) <= 51


def test_progress_counts_variants_and_what_is_planned_of_them() -> None:
    progress = Progress()
    progress.begin_run("")
    assert progress.variants == (0, 0)
    progress.plan(574)
    progress.begin_run("errno:12:EACCES")
    progress.begin_pass()
    assert (progress.variants, progress.name, progress.runs) == ((1, 574), "errno:12:EACCES", 2)


def test_progress_names_the_variant_and_counts_runs() -> None:
    progress = Progress()
    assert (progress.unit, progress.name) == (0, "")
    progress.begin_run("")
    progress.begin_run("errno:12:EACCES")
    assert (progress.unit, progress.runs, progress.name) == (2, 2, "errno:12:EACCES")
    progress.begin_pass()
    assert (progress.unit, progress.runs, progress.name) == (3, 2, "errno:12:EACCES")
    progress.begin_run("x" * 10_000)
    assert len(progress.name) <= 200
