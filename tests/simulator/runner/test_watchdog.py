"""The watchdog: what hangs is told from what a busy machine holds up, by what a worker does."""

from __future__ import annotations

import pytest

from etp_kit.simulator.runner.watchdog import Progress, Sample, Watch

LIMIT = 40.0


def verdict_after(seconds: int, *, used: float, ready: bool, unit: int = 1) -> str:
    """What is said of a worker that goes on so for so many real seconds;
    ``used``: its share of the processor.
    """
    watch = Watch(LIMIT)
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
        ("waits for what never comes", 51, 0.0, False, "hang"),
        ("waits, not long yet", 50, 0.0, False, ""),
        ("wakes up now and then", 60, 0.01, False, "hang"),
        ("is starved for an hour", 3600, 0.008, True, ""),
        ("is starved for too long", 4001, 0.001, True, "inconclusive"),
    ],
)  # fmt: skip
def test_what_a_worker_does_decides(name: str, seconds: int, used: float, ready: bool, expected: str) -> None:
    assert verdict_after(seconds, used=used, ready=ready) == expected


def test_each_unit_has_a_budget_of_its_own() -> None:
    """574 variants in one worker, or the passes of a day, take what they take."""
    watch = Watch(LIMIT)
    samples = [Sample(float(second), float(second), True, second // 30) for second in range(1_000)]
    assert [watch.look(sample) for sample in samples] == [None] * 1_000


def test_a_busy_moment_does_not_set_standing_still_back() -> None:
    watch = Watch(LIMIT)
    verdicts = [watch.look(Sample(float(second), 0.0, second % 10 == 0, 1)) for second in range(80)]
    assert [verdict.kind for verdict in verdicts if verdict][:1] == ["hang"]


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
