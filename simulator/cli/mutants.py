"""``simulate mutants``: the kit proves that it can fail a collector."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import click
from rich.console import Console
from rich.table import Table

from ..base import BadInput, Exit, did_you_mean, picked
from ..reports import Tried, mutation
from ..safe import open_destinations
from ..scenario import load_scenario
from ..shipped import Mutant, mutants, shipped_scenarios
from ..subjects import REFERENCE
from ..suite import Outcome, difference, document, keep_outcome, kept_outcome, outcomes
from . import options, output

_FORMATS = ("mutation",)


def _names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:  # noqa: ARG001 - click's form
    return [name for name in mutants() if incomplete in name]


@click.command("mutants")
@click.option("--clause", "clauses", multiple=True, metavar="GLOB", help="Only the mutants of these clauses: a glob or a family. Repeatable.")
@click.option("--full", is_flag=True, help="Every scenario, and which clauses caught what, as a Markdown page.")
@click.option("--resume", is_flag=True, help="With --full: go on where an earlier one of the same kit was stopped.")
@click.option("--show", metavar="NAME", shell_complete=_names, help="Print one mutant as a diff, and run nothing.")
@click.option(
    "--report", "reports", multiple=True, metavar="mutation=PATH",
    help="What became of each, as mutation-testing-elements reads it; `-` is standard output.",
)
@options.jobs("run mutants")
@click.pass_context
def mutants_command(
    ctx: click.Context, /, clauses: tuple[str, ...], reports: tuple[str, ...], show: str | None, jobs: int,
    *, full: bool, resume: bool,
) -> None:  # fmt: skip
    """Run deliberately wrong collectors: each must be caught by the clause that it breaks."""
    if show is not None:
        if reports:
            raise BadInput("goes with no --report: nothing runs", where="--show")
        if show not in mutants():
            raise BadInput(f"no mutant is named {show!r}", where="--show", hint=did_you_mean(show, mutants()))
        click.echo(difference(mutants()[show]), nl=False)
        return
    if resume and not full:
        raise BadInput("goes with --full alone: nothing else is kept", where="--resume")
    if full and any(report.endswith("=-") for report in reports):
        raise BadInput("standard output is the page of --full", where="--report")
    broken = picked(dict.fromkeys(mutant.clause for mutant in mutants().values()), clauses, "clause of a mutant", "--clause")
    chosen = [mutant for mutant in mutants().values() if mutant.clause in broken]
    with open_destinations(reports, _FORMATS) as destinations:
        found = _run(chosen, jobs, full=full, resume=resume)
        if full:
            left_out = sorted(mutants().keys() - {mutant.name for mutant in chosen})
            click.echo(document(found, datetime.now(UTC).date().isoformat(), left_out), nl=False)
        survivors = [outcome for outcome in found if not outcome.caught or outcome.trouble]
        _show(output.console(stderr=full or any(one.path == "-" for one in destinations)), found, survivors)
        tried = [Tried(outcome.mutant, outcome.red, outcome.trouble) for outcome in found]
        for destination in destinations:
            sources = {mutant.file: (REFERENCE / mutant.file).read_text(encoding="utf-8") for mutant in chosen}
            destination.write(mutation(tried, sources))
    ctx.exit(Exit.KIT_BROKE if survivors else Exit.CONFORMANT)


def _run(chosen: Sequence[Mutant], jobs: int, *, full: bool, resume: bool) -> list[Outcome]:
    """What became of each, and of those that an earlier run kept."""
    library = {name: load_scenario(name) for name in shipped_scenarios()}
    found = [outcome for mutant in chosen if (outcome := kept_outcome(mutant)) is not None] if resume else []
    known = {outcome.mutant.name for outcome in found}
    left = [mutant for mutant in chosen if mutant.name not in known]
    if resume:
        click.echo(f"{len(found)} of {len(chosen)} mutants were kept, {len(left)} are left", err=True)
    with output.progress("mutants", len(left), output.pace(len(left))) as advance:
        for outcome in outcomes(left, library, full=full, workers=jobs):
            found.append(outcome)
            if full:
                keep_outcome(outcome)
            advance()
    return found


def _show(console: Console, found: list[Outcome], survivors: list[Outcome]) -> None:
    if survivors:
        table = Table(title="Not caught: the kit is broken", title_justify="left")
        for name in ("mutant", "its clause", "about", "trouble"):
            table.add_column(name, overflow="fold")
        for outcome in survivors:
            table.add_row(outcome.mutant.name, outcome.mutant.clause, outcome.mutant.about, outcome.trouble)
        console.print(table)
    console.print(f"{len(found) - len(survivors)} of {len(found)} mutants caught, each by its own clause", highlight=False)
