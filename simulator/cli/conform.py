"""``simulate conform``: the whole suite against one collector."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Generator
from contextlib import ExitStack, closing
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any

import click

from ..base import BadInput, counted
from ..contract import MEASURED_CLAUSES as COSTLY
from ..judging import Conformance, ScenarioVerdict, needs_someone
from ..reports import (
    FORMATS,
    FROM_HISTORIES,
    OF_FAILURES,
    Origin,
    change_lines,
    report_data,
    show_conformance,
    write_report,
)
from ..runner import WATCHDOG, results_of
from ..safe import open_destinations, safe
from ..subjects import collector_files
from ..suite import (
    Baseline,
    ConformanceRequest,
    ConformanceRun,
    Kept,
    KnownFailuresFile,
    Suite,
    baseline,
    conclude,
    kit_sha256,
    narrowed,
    part_of,
    recall_failed,
    recall_times,
    remember_failed,
    remember_times,
    seconds_left,
)
from ..sweep import Shown, tell_causes
from . import options, output
from .against import Against, exit_of
from .origin import Beginning

#: Passes that make a scenario a long one.
_MANY = 100


def _shard(
    ctx: click.Context,  # noqa: ARG001 - click's form
    param: click.Parameter,  # noqa: ARG001 - click's form
    value: str | None,
) -> tuple[int, int] | None:
    if value is None:
        return None
    found = re.fullmatch("([0-9]{1,6})/([0-9]{1,6})", value, re.ASCII)
    if found is None or not 1 <= int(found[1]) <= int(found[2]):
        raise BadInput(f"{safe(value)!r} is no part", where="--shard", hint="expected I/N, such as 1/4 to 4/4")
    return int(found[1]), int(found[2])


@click.command("conform")
@options.collector
@options.hooks
@options.cage
@click.option("--level", type=click.Choice(["core", "hardened"]), help="core alone, or both levels (default).")
@click.option("--clause", "clauses", multiple=True, metavar="GLOB", help="Only these clauses. Repeatable.")
@click.option(
    "--scenario",
    "scenarios",
    multiple=True,
    metavar="GLOB",
    shell_complete=options.scenarios,
    help="Only these scenarios. Repeatable.",
)
@click.option(
    "--contract",
    metavar="VERSION",
    help="Judge by the clauses of this version; newer ones are listed, not scored. Default: all.",
)
@click.option("--profile", metavar="NAME", help="Whose differences by design are expected.")
@click.option(
    "--known-failing", metavar="FILE", help="Failures expected for a while, as --write-known-failing writes them."
)
@click.option(
    "--write-known-failing",
    metavar="FILE",
    help="Write today's failures as such a file; one that exists only if it is the one of --known-failing.",
)
@click.option(
    "--world",
    type=click.Choice(["auto", "fake", "real"]),
    default="auto",
    show_default=True,
    help="auto: each scenario in every world that it declares.",
)
@options.seed
@options.jobs("run scenarios")
@click.option("--fail-fast", is_flag=True, help="Stop at the first failure that nobody expects.")
@click.option("--quick", is_flag=True, help="One short scenario a clause: between two changes of a line.")
@click.option("--last-failed", is_flag=True, help="Only what failed last.")
@options.timeout(WATCHDOG)
@click.option("--shard", callback=_shard, metavar="I/N", help="The I-th of N equal parts: for so many machines.")
@click.option("--durations", type=click.IntRange(min=0), default=0, metavar="N", help="Tell the N slowest runs.")
@options.report
@options.baseline
@options.verbose
@options.quiet
@click.pass_context
def conform_command(
    ctx: click.Context,
    /,
    write_known_failing: str | None,
    jobs: int,
    fail_fast: bool,
    last_failed: bool,
    shard: tuple[int, int] | None,
    durations: int,
    reports: tuple[str, ...],
    verbose: bool,
    quiet: bool,
    **asked: Any,
) -> None:
    """Put a collector through every scenario, and judge every clause of the contract.

    \b
    simulate conform --collector py:myagent.collector:build
    simulate conform --clause 'quota.*' --report junit=conformance.xml
    simulate conform --collector py:myagent.collector:build --write-known-failing known.toml
    """
    began = Beginning()
    against = Against(asked.pop("baseline"), asked.pop("fail_on"))
    run = ConformanceRequest(**asked).settled()
    files = collector_files(run.suite.collector, Path.cwd())
    if last_failed:
        run = _only_failed(run)
    if shard is not None:
        run = replace(run, suite=replace(run.suite, selection=part_of(run.suite.selection, run.suite.library, *shard)))
    with ExitStack() as opened:
        target = _target(write_known_failing, asked["known_failing"], fail_fast)
        if target is not None:
            opened.callback(target.abandon)
        destinations = opened.enter_context(open_destinations(reports, FORMATS))
        formats = {destination.format for destination in destinations}
        keep_lines: Kept = "all" if formats & FROM_HISTORIES else "failed" if formats & OF_FAILURES else "none"
        results, stopped = _timed_results(run, jobs, fail_fast=fail_fast, keep_lines=keep_lines)
        listed = None
        if target is not None and results:
            listed = baseline([run.shown(result) for result in results], run.expectations)
            run = replace(run, expectations=replace(run.expectations, known=listed.entries))
        shown = _with_causes(run, results, jobs)
        conformance = conclude(run.suite.selection, shown, run.expectations, stopped=stopped)
        if not stopped:
            again = [*conformance.failures, *conformance.starved]
            remember_failed((result.id, result.world) for result in again)
        console = output.console(stderr=any(destination.path == "-" for destination in destinations))
        report = against.compared(_report(run, conformance, _origin(began, run, files, stopped=stopped, **asked)))
        written = [partial(write_report, destination, report, conformance.results) for destination in destinations]
        kept = [partial(target.commit, listed.entries)] if target is not None and listed is not None else []

        output.tell(
            lambda: show_conformance(
                console, conformance, run.suite.collector, stopped=stopped, verbose=verbose, quiet=quiet,
                slowest=durations, changes=change_lines(report),
            ), *written, *kept,
        )  # fmt: skip
    if target is not None:
        click.echo(_what_was_written(target, listed), err=True)
    ctx.exit(exit_of(report))


def _with_causes(run: ConformanceRun, results: list[ScenarioVerdict], jobs: int) -> list[ScenarioVerdict]:
    """The results as they are shown, with the causes of what nobody expects."""
    suite = run.suite
    shown = [run.shown(result) for result in results]
    failed = [Shown(one, suite.library[one.id], one.id) for one in shown if needs_someone(one)]
    with output.progress("causes", len(failed)) as advance:
        tell_causes(failed, suite.collector, jobs, advance)
    return shown


def _origin(began: Beginning, run: ConformanceRun, files: dict[str, str], *, stopped: bool, **asked: Any) -> Origin:
    """What the reports say of the command: what of its options the verdict rests on, by what it was
    judged, and the collector's files.
    """
    asked_for = {name: asked[name] or "" for name in ("profile", "level", "contract")}
    hashes = {"contract_sha256": run.contract.sha256, "kit_sha256": kit_sha256()}
    return began.origin("conform", **asked_for, **hashes, files=files, stopped=stopped)


def _report(run: ConformanceRun, conformance: Conformance, origin: Origin) -> dict[str, Any]:
    """The JSON report, with the rows as they were concluded."""
    rows = [asdict(row) for row in conformance.rows]
    return report_data(run.suite.collector, run.suite.seed, conformance.results, conformance.exit, rows, origin)


def _what_was_written(target: KnownFailuresFile, listed: Baseline | None) -> str:
    """What was written, and what one does with it."""
    if listed is None:
        return f"{safe(target.path)} was not written: nothing ran"
    parts = f"{listed.new} new, {listed.kept} kept, {listed.removed} left out"
    entries = counted(len(listed.entries), "entry", "entries")
    return f"{safe(target.path)} written: {entries} ({parts}); use it as --known-failing {safe(target.path)}"


def _target(path: str | None, known_failing: str | None, fail_fast: bool) -> KnownFailuresFile | None:
    """The known-failing file to write, open. Raises BadInput."""
    if path is None:
        return None
    if fail_fast:
        what = "goes with no --write-known-failing: a list of the first failure alone is no baseline"
        raise BadInput(what, where="--fail-fast")
    return KnownFailuresFile(path, known_failing)


def _only_failed(run: ConformanceRun) -> ConformanceRun:
    """Of the selection what failed last. Raises BadInput where nothing is known."""
    failed = recall_failed()
    if failed is None:
        raise BadInput("nothing is known to have failed here", where="--last-failed", hint="run without it first")
    suite = run.suite
    pairs = tuple(pair for pair in suite.selection.pairs if pair in failed)
    return replace(run, suite=replace(suite, selection=narrowed(suite.selection, suite.library, pairs)))


def _timed_results(
    run: ConformanceRun, jobs: int, *, fail_fast: bool, keep_lines: Kept
) -> tuple[list[ScenarioVerdict], bool]:
    """As ``_results``; says before it what runs, during it how long is left, by the last run's
    times, and keeps the times of this one."""
    suite = run.suite
    runs = {pair: (*pair, ",".join(suite.kinds(*pair))) for pair in _in_order(suite)}
    known = recall_times(suite.collector)
    found: dict[tuple[str, str], ScenarioVerdict] = {}
    begun: dict[tuple[str, str, str], float] = {}

    def left() -> str:
        waiting = [runs[pair] for pair in runs if pair not in found]
        now = time.monotonic()
        begun.update((one, now) for one in waiting[:jobs] if one not in begun)
        seconds = seconds_left(waiting, known, jobs, {one: now - begin for one, begin in begun.items()})
        return "" if seconds is None else f"about {_roughly(seconds)} left"

    click.echo(_announced(suite, len(runs), jobs, seconds_left(runs.values(), known, jobs)), err=True)
    told = output.progress(f"conform {safe(suite.collector)}", len(runs), left)
    with told as advance:
        stopped = _results(run, jobs, found, advance, fail_fast=fail_fast, keep_lines=keep_lines)
    remember_times(suite.collector, {runs[pair]: result.wall_seconds for pair, result in found.items()})
    return [found[pair] for pair in suite.selection.pairs if pair in found], stopped


def _announced(suite: Suite, runs: int, jobs: int, seconds: float | None) -> str:
    """What runs, in a line."""
    told = f"{counted(runs, 'run')} for {counted(len(suite.selection.named), 'clause')}, {jobs} at a time"
    return told if seconds is None else f"{told}: about {_roughly(seconds)}, by the last run"


def _roughly(seconds: float) -> str:
    return f"{max(1, round(seconds))} s" if seconds < 90 else f"{round(seconds / 60)} min"


def _results(
    run: ConformanceRun, jobs: int, found: dict[tuple[str, str], ScenarioVerdict], advance: Callable[[], None], *,
    fail_fast: bool, keep_lines: Kept,
) -> bool:  # fmt: skip
    """Find everything selected, as far as it gets: whether it stopped early."""
    with closing(_verdicts(run.suite, jobs, keep_lines=keep_lines)) as verdicts:
        for result in verdicts:
            found[result.id, result.world] = result
            advance()
            if fail_fast and needs_someone(run.shown(result)):
                return True
    return False


def _in_order(suite: Suite) -> list[tuple[str, str]]:
    """What is exhausted, weighed or repeated takes longest: begun first, so that no core waits for
    another in the end."""

    def is_short(pair: tuple[str, str]) -> bool:
        scenario = suite.library[pair[0]]
        return not (suite.kinds(*pair) or COSTLY.intersection(scenario.clauses) or scenario.pass_count >= _MANY)

    return sorted(suite.selection.pairs, key=is_short)


def _verdicts(suite: Suite, jobs: int, *, keep_lines: Kept) -> Generator[ScenarioVerdict, None, None]:
    work = [suite.job(*pair, keep_lines=keep_lines) for pair in _in_order(suite)]
    for job, outcome, seconds in results_of(work, jobs):
        yield suite.verdict(job, outcome, seconds)
