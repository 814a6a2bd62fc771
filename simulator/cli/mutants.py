"""``simulate mutants``: the kit proves that it can fail a collector."""

from __future__ import annotations

from datetime import UTC, datetime

import click
from rich.console import Console
from rich.table import Table

from ..base import BadInput, Exit, did_you_mean, picked
from ..scenario import load_scenario
from ..shipped import mutants, shipped_scenarios
from ..suite import Outcome, difference, document, outcomes
from . import options, output


def _names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:  # noqa: ARG001 - click's form
    return [name for name in mutants() if incomplete in name]


@click.command("mutants")
@click.option("--clause", "clauses", multiple=True, metavar="GLOB", help="Only the mutants of these clauses: a glob or a family. Repeatable.")
@click.option("--full", is_flag=True, help="Every scenario, and which clauses caught what, as a Markdown page (docs/sensitivity.md).")
@click.option("--show", metavar="NAME", shell_complete=_names, help="Print one mutant as a diff, and run nothing.")
@options.jobs("run mutants")
@click.pass_context
def mutants_command(ctx: click.Context, clauses: tuple[str, ...], full: bool, show: str | None, jobs: int) -> None:
    """Run deliberately wrong collectors: each must be caught by the clause that it breaks."""
    if show is not None:
        if show not in mutants():
            raise BadInput(f"no mutant is named {show!r}", where="--show", hint=did_you_mean(show, mutants()))
        click.echo(difference(mutants()[show]), nl=False)
        return
    broken = picked(dict.fromkeys(mutant.clause for mutant in mutants().values()), clauses, "clause of a mutant", "--clause")
    chosen = [mutant for mutant in mutants().values() if mutant.clause in broken]
    library = {name: load_scenario(name) for name in shipped_scenarios()}
    found: list[Outcome] = []
    with output.progress("mutants", len(chosen)) as advance:
        for outcome in outcomes(chosen, library, full=full, workers=jobs):
            found.append(outcome)
            advance()
    if full:
        click.echo(document(found, datetime.now(UTC).date().isoformat()), nl=False)
    survivors = [outcome for outcome in found if not outcome.caught or outcome.trouble]
    _show(output.console(stderr=full), found, survivors)
    ctx.exit(Exit.KIT_BROKE if survivors else Exit.CONFORMANT)


def _show(console: Console, found: list[Outcome], survivors: list[Outcome]) -> None:
    if survivors:
        table = Table(title="Not caught: the kit is broken", title_justify="left")
        for name in ("mutant", "its clause", "about", "trouble"):
            table.add_column(name, overflow="fold")
        for outcome in survivors:
            table.add_row(outcome.mutant.name, outcome.mutant.clause, outcome.mutant.about, outcome.trouble)
        console.print(table)
    console.print(f"{len(found) - len(survivors)} of {len(found)} mutants caught, each by its own clause", highlight=False)
