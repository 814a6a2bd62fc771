"""``simulate why``: the cause of a failure and not its symptom."""

from __future__ import annotations

from pathlib import Path

import click

from ..base import BadInput, Exit
from ..judging import UNIVERSAL
from ..safe import safe
from ..scenario import load_scenario
from ..subjects import check_spec, world_for
from ..sweep import Cause, data_of, find, why
from . import options

_LONGEST = 240


@click.command("why")
@click.argument("name", metavar="SCENARIO|ID")
@options.seed
@click.option("--collector", default="", metavar="SPEC", help="Whose failure; default: the reference, or that of ID.")
@click.option("--against", default="reference", show_default=True, metavar="SPEC", help="The twin that should pass.")
@click.option("--world", type=click.Choice(["auto", "fake", "real"]), default="auto", show_default=True)
@click.option("--clause", default="", metavar="CLAUSE", help="Which failure; default: the first.")
@click.pass_context
def why_command(
    ctx: click.Context, /, name: str, seed: int, collector: str, against: str, world: str, clause: str
) -> None:
    """Tell the first decision in which a failing run differs from its nearest passing twin, and
    what makes the difference.

    \b
    simulate why clean.residue-4-1f0c2a9b
    simulate why quota/flood --collector mutant:quota-raised
    """
    cause = _of_scenario(name, seed, collector or "reference", against, world, clause)
    if cause is None:
        click.echo("it does not fail: there is nothing to explain")
        ctx.exit(Exit.INCONCLUSIVE)
    for line in cause.lines():
        click.echo(safe(line, _LONGEST))
    ctx.exit(Exit.NOT_CONFORMANT)


def _of_scenario(name: str, seed: int, collector: str, against: str, world: str, clause: str) -> Cause | None:
    kept = _kept(name)
    if kept is not None:
        recorded, path = kept
        spec = recorded[0] if collector == "reference" else collector
        slug = clause or recorded[1].partition("/")[0]
        data = data_of(path, load_scenario(path))
        return why(data, recorded[2], recorded[3], _checked(spec), _checked(against), [slug])
    scenario = load_scenario(name)
    asked = world_for(_checked(collector), world)
    chosen = scenario.worlds[0] if asked == "auto" else asked
    if chosen not in scenario.worlds:
        raise BadInput(f"the scenario does not declare the {chosen} world", where="--world")
    clauses = [clause] if clause else [*dict.fromkeys((*scenario.clauses, *UNIVERSAL))]
    return why(data_of(name, scenario), seed, chosen, collector, _checked(against), clauses)


def _kept(name: str) -> tuple[tuple[str, str, int, str], str] | None:
    """(collector, signature, seed, world) and the scenario's file of a kept failure; None where
    the name is a scenario's.
    """
    home = Path(".simulate") / "failures" / name
    path = home / "scenario.toml" if home.is_dir() else Path(name)
    if not (path.parent / "failure.json").is_file() or path.name != "scenario.toml":
        return None
    recorded = find(str(path)).recorded
    return (recorded.collector, recorded.signature, recorded.seed, recorded.world), str(path)


def _checked(spec: str) -> str:
    check_spec(spec)
    return spec
