"""``simulate conform``: the whole suite against one collector."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Generator, Sequence
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass, replace
from typing import Any

import click

from ..base import BadInput, did_you_mean
from ..contract import MEASURED_CLAUSES as COSTLY
from ..contract import PROFILES
from ..judging import ScenarioVerdict, needs_someone
from ..reports import Destination, open_destination, report_data, show_conformance
from ..runner import WATCHDOG, results_of
from ..safe import safe
from ..scenario import Scenario, load_scenario, shipped_scenarios
from ..subjects import check_spec, world_for
from ..suite import (
    Baseline,
    Expectations,
    KnownFailuresFile,
    Selection,
    Suite,
    baseline,
    conclude,
    marked,
    read_known,
    recall_failed,
    remember_failed,
    reproducing_line,
    select,
)
from . import options, output


def _profile(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:  # noqa: ARG001 - click's form
    if value is not None and value not in PROFILES:
        hint = did_you_mean(value, PROFILES) or f"one of: {', '.join(PROFILES)}"
        raise BadInput(f"no profile is named {value!r}", where="--profile", hint=hint)
    return value


@click.command("conform")
@options.collector
@options.hooks
@click.option("--level", type=click.Choice(["core", "hardened"]), help="core alone, or both levels (default).")
@click.option("--clause", "clauses", multiple=True, metavar="GLOB", help="Only these clauses. Repeatable.")
@click.option("--scenario", "scenarios", multiple=True, metavar="GLOB", help="Only these scenarios. Repeatable.")
@click.option("--profile", callback=_profile, metavar="NAME", help="Whose differences by design are expected.")
@click.option("--known-failing", metavar="FILE", help="Failures that are expected for a while (docs/conformance.md).")
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
@click.option("--last-failed", is_flag=True, help="Only what failed last.")
@options.timeout(WATCHDOG)
@options.report
@click.pass_context
def conform_command(ctx: click.Context, /, **given: Any) -> None:
    """Put a collector through every scenario, and judge every clause of the contract.

    \b
    simulate conform --collector py:myagent.collector:build
    simulate conform --clause 'quota.*' --report junit=conformance.xml
    simulate conform --collector py:myagent.collector:build --write-known-failing known.toml
    """
    run = _Request(**given)
    check_spec(run.collector)
    library = {name: load_scenario(name) for name in shipped_scenarios()}
    expectations = run.expectations(library)
    selection = run.selection(library)
    with ExitStack() as opened:
        target = run.target()
        if target is not None:
            opened.callback(target.abandon)
        destinations: list[Destination] = []
        for option in run.reports:
            destinations.append(open_destination(option))
            opened.callback(destinations[-1].abandon)
        results, stopped = _run(run, library, selection, expectations, destinations)
        listed = None
        if target is not None and results:
            listed = baseline([marked(result, selection.clauses, expectations) for result in results], expectations)
            expectations = replace(expectations, known=listed.entries)
        shown = [_shown(result, run, library, selection, expectations) for result in results]
        conformance = conclude(selection, shown, expectations, stopped=stopped)
        rows = [asdict(row) for row in conformance.rows]
        report = report_data(run.collector, run.seed, conformance.results, conformance.exit, rows)
        for destination in destinations:
            destination.write(report, conformance.results)
        if target is not None and listed is not None:
            target.commit(listed.entries)
    if not stopped:
        remember_failed((result.id, result.world) for result in conformance.failures)
    to_stdout = any(destination.path == "-" for destination in destinations)
    show_conformance(output.console(stderr=to_stdout), conformance, run.collector, stopped=stopped)
    if target is not None:
        click.echo(_told(target, listed), err=True)
    ctx.exit(conformance.exit)


def _told(target: KnownFailuresFile, listed: Baseline | None) -> str:
    """What was written, and what one does with it."""
    if listed is None:
        return f"{safe(target.path)} was not written: nothing ran"
    parts = f"{listed.new} new, {listed.kept} kept, {listed.removed} left out"
    count = len(listed.entries)
    return f"{safe(target.path)} written: {count} {'entry' if count == 1 else 'entries'} ({parts}); use it as --known-failing {safe(target.path)}"


def _shown(
    result: ScenarioVerdict, run: _Request, library: dict[str, Scenario], selection: Selection, expectations: Expectations
) -> ScenarioVerdict:
    """The result as reports tell it: with the selected clauses, expected failures marked, and the line that shows it again."""
    shown = marked(result, selection.clauses, expectations)
    shown.reproduce = reproducing_line(shown, run.collector, library[result.id].worlds[0])
    return shown


@dataclass(frozen=True)
class _Request:
    """The options as they were given."""

    collector: str
    level: str | None
    clauses: tuple[str, ...]
    scenarios: tuple[str, ...]
    profile: str | None
    known_failing: str | None
    write_known_failing: str | None
    world: str
    seed: int
    jobs: int
    fail_fast: bool
    last_failed: bool
    timeout: float
    reports: tuple[str, ...]

    def expectations(self, library: dict[str, Scenario]) -> Expectations:
        return Expectations(
            profile=PROFILES[self.profile] if self.profile else None,
            known=read_known(self.known_failing, library) if self.known_failing else (),
            today=datetime.datetime.now(datetime.UTC).date(),
            python=sys.version_info[:2],
        )

    def target(self) -> KnownFailuresFile | None:
        """The known-failing file to write, open. Raises BadInput."""
        if self.write_known_failing is None:
            return None
        if self.fail_fast:
            raise BadInput("goes with no --write-known-failing: a list of the first failure alone is no baseline", where="--fail-fast")
        return KnownFailuresFile(self.write_known_failing, self.known_failing)

    def selection(self, library: dict[str, Scenario]) -> Selection:
        level = self.level or (PROFILES[self.profile].level if self.profile else "hardened")
        world = world_for(self.collector, self.world)
        chosen = select(library, level=level, clauses=self.clauses, scenarios=self.scenarios, world=world)
        if not self.last_failed:
            return chosen
        failed = recall_failed()
        if failed is None:
            raise BadInput("nothing is known to have failed here", where="--last-failed", hint="run without it first")
        pairs = tuple(pair for pair in chosen.pairs if pair in failed)
        judged = {slug for name, _ in pairs for slug in library[name].clauses}
        return Selection(tuple(slug for slug in chosen.clauses if slug in judged), pairs, level=chosen.level)


def _run(
    run: _Request,
    library: dict[str, Scenario],
    selection: Selection,
    expectations: Expectations,
    destinations: Sequence[Destination],
) -> tuple[list[ScenarioVerdict], bool]:
    """Everything selected, as far as it got: (results in the selection's order, whether it stopped early)."""
    keep_lines = any(destination.format == "ndjson" for destination in destinations)
    found: dict[tuple[str, str], ScenarioVerdict] = {}
    stopped = False
    told = output.progress(f"conform {safe(run.collector)}", len(selection.pairs))
    with told as advance, closing(_verdicts(run, library, selection, keep_lines=keep_lines)) as verdicts:
        for result in verdicts:
            found[result.id, result.world] = result
            advance()
            if run.fail_fast and needs_someone(marked(result, selection.clauses, expectations)):
                stopped = True
                break
    return [found[pair] for pair in selection.pairs if pair in found], stopped


def _verdicts(
    run: _Request, library: dict[str, Scenario], selection: Selection, *, keep_lines: bool
) -> Generator[ScenarioVerdict, None, None]:
    # What is exhausted or weighed takes longest: begun first, so that no core waits for another in the end.
    pairs = sorted(selection.pairs, key=lambda pair: not (library[pair[0]].exhaust or COSTLY.intersection(library[pair[0]].clauses)))
    suite = Suite(library, selection, run.collector, run.seed, run.timeout)
    jobs = [suite.job(name, world, keep_lines=keep_lines) for name, world in pairs]
    for job, outcome, seconds in results_of(jobs, run.jobs):
        yield suite.verdict(job, outcome, seconds)
