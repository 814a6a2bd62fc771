"""``simulate why``: the cause of a failure and not its symptom."""

from __future__ import annotations

from pathlib import Path

import click

from ..base import BadInput, Exit
from ..judging import UNIVERSAL
from ..safe import safe
from ..scenario import load_scenario
from ..subjects import check_spec, world_for
from ..sweep import DIRECTORY, REFERENCE_SPEC, Cause, Recorded, data_of, find, why
from . import options

_LONGEST = 240


@click.command("why")
@click.argument("name", metavar="SCENARIO|ID")
@options.seed
@options.another_collector
@options.trust
@options.cage
@click.option(
    "--against",
    default="reference",
    show_default=True,
    callback=options.looked_for,
    metavar="SPEC",
    help="The twin that should pass.",
)
@click.option("--world", type=click.Choice(["auto", "fake", "real"]), default="auto", show_default=True)
@click.option("--clause", default="", metavar="CLAUSE", help="Which failure; default: the first.")
@click.pass_context
def why_command(
    ctx: click.Context, /, name: str, seed: int, collector: str, against: str, world: str, clause: str, *, trust: bool
) -> None:
    """Tell the first decision in which a failing run differs from its nearest passing twin, and
    what makes the difference.

    \b
    simulate why clean.residue-4-1f0c2a9b
    simulate why quota/flood --collector mutant:quota-raised
    """
    check_spec(against)
    kept = _kept(name)
    if kept is None:
        cause = _of_scenario(name, seed, collector or REFERENCE_SPEC, against, world, clause)
    else:
        home, recorded = kept
        spec = options.named_or_kept(collector, recorded.collector, trusted=trust)
        cause = _of_failure(home, recorded, spec, against, clause)
    if cause is None:
        click.echo("it does not fail: there is nothing to explain")
        ctx.exit(Exit.INCONCLUSIVE)
    for line in cause.lines():
        click.echo(safe(line, _LONGEST))
    ctx.exit(Exit.NOT_CONFORMANT)


def _of_scenario(name: str, seed: int, collector: str, against: str, world: str, clause: str) -> Cause | None:
    check_spec(collector)
    scenario = load_scenario(name)
    asked = world_for(collector, world)
    chosen = scenario.worlds[0] if asked == "auto" else asked
    if chosen not in scenario.worlds:
        raise BadInput(f"the scenario does not declare the {chosen} world", where="--world")
    clauses = [clause] if clause else [*dict.fromkeys((*scenario.clauses, *UNIVERSAL))]
    return why(data_of(name, scenario), seed, chosen, collector, against, clauses)


def _of_failure(path: str, recorded: Recorded, collector: str, against: str, clause: str) -> Cause | None:
    slug = clause or recorded.signature.partition("/")[0]
    data = data_of(path, load_scenario(path))
    return why(data, recorded.seed, recorded.world, collector, against, [slug])


def _kept(name: str) -> tuple[str, Recorded] | None:
    """The scenario's file of a kept failure and what is recorded of it; None where the name is a
    scenario's.
    """
    home = DIRECTORY / name
    path = home / "scenario.toml" if home.is_dir() else Path(name)
    if not (path.parent / "failure.json").is_file() or path.name != "scenario.toml":
        return None
    return str(path), find(str(path)).recorded
