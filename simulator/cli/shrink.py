"""``simulate shrink``: any failing scenario made small."""

from __future__ import annotations

import click

from ..base import BadInput, Exit
from ..scenario import load_scenario
from ..subjects import check_spec, world_for
from ..sweep import keep, shrink_scenario
from . import options
from .failure_text import failure_text


@click.command("shrink")
@click.argument("scenario", metavar="NAME|FILE")
@options.seed
@options.collector
@options.hooks
@options.cage
@click.option("--world", type=click.Choice(["auto", "fake", "real"]), default="auto", show_default=True)
@click.option("--clause", default="", metavar="CLAUSE", help="Which failure; default: the first of its clauses.")
@click.pass_context
def shrink_command(ctx: click.Context, /, scenario: str, seed: int, collector: str, world: str, clause: str) -> None:
    """Make a failing scenario small: fewer extensions, hazards, faults, steps and passes that fail
    in the same way.

    \b
    simulate shrink my-scenario.toml --collector dir:.
    simulate shrink quota/flood --collector mutant:quota-raised --clause quota.per-extension
    """
    check_spec(collector)
    asked = world_for(collector, world)
    worlds = load_scenario(scenario).worlds
    chosen = worlds[-1] if asked == "auto" else asked
    if chosen not in worlds:
        raise BadInput(f"the scenario does not declare the {chosen} world", where="--world")
    found = shrink_scenario(scenario, seed, collector, chosen, clause)
    if found is None:
        click.echo("it does not fail: there is nothing to make small")
        ctx.exit(Exit.INCONCLUSIVE)
    click.echo(failure_text(found, keep(found)))
    ctx.exit(Exit.NOT_CONFORMANT)
