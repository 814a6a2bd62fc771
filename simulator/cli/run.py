"""``simulate run``: one scenario against one collector."""

from __future__ import annotations

import time
from pathlib import Path

import click
from rich.console import Console

from ..base import BadInput, Exit, did_you_mean
from ..reports import open_destination, report_data, show
from ..runner import WATCHDOG
from ..safe import safe
from ..scenario import KINDS, Kind, Scenario, Variant, load_scenario, parse_variant, shipped_scenarios
from ..subjects import check_spec, unheard, world_for
from ..suite import exhaust as exhausted
from ..suite import possible, reproducing_line, supervised
from . import options, output

_EXITS = {"pass": Exit.CONFORMANT, "fail": Exit.NOT_CONFORMANT, "error": Exit.KIT_BROKE, "skip": Exit.INCONCLUSIVE}


def _names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:  # noqa: ARG001 - click's form
    return [name for name in shipped_scenarios() if incomplete in name]


def _variant(ctx: click.Context, param: click.Parameter, value: str | None) -> Variant | None:  # noqa: ARG001 - click's form
    return None if value is None else parse_variant(value)


def _kinds(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[Kind, ...]:  # noqa: ARG001 - click's form
    if value is None:
        return ()
    if value == "all":
        return KINDS
    names = value.split(",")
    for name in names:
        if name not in KINDS:
            hint = did_you_mean(name, KINDS) or f"any of {', '.join(KINDS)}, or all"
            raise BadInput(f"nothing to exhaust is named {safe(name)!r}", where="--exhaust", hint=hint)
    return tuple(kind for kind in KINDS if kind in names)


@click.command("run")
@click.option(
    "--scenario",
    required=True,
    metavar="NAME|FILE",
    shell_complete=_names,
    help="A scenario of `simulate list`, or a TOML file.",
)
@options.seed
@options.collector
@options.hooks
@click.option(
    "--world",
    type=click.Choice(["auto", "fake", "real"]),
    default="auto",
    show_default=True,
    help="auto: the first that the scenario declares.",
)
@click.option(
    "--keep",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Run in the real world in DIR (new or empty), and leave it to look at.",
)
@options.timeout(WATCHDOG)
@options.report
@click.option(
    "--exhaust",
    metavar="KINDS",
    callback=_kinds,
    help="Try crash, errno, interleave (or all): everything at every call. For small scenarios.",
)
@click.option(
    "--variant",
    metavar="VARIANT",
    callback=_variant,
    help="One of the runs of --exhaust again, as its report names it: crash:17:after.",
)
@options.jobs("--exhaust uses")
@click.pass_context
def run_command(
    ctx: click.Context,
    scenario: str,
    seed: int,
    collector: str,
    world: str,
    keep: Path | None,
    timeout: float,
    reports: tuple[str, ...],
    exhaust: tuple[Kind, ...],
    variant: Variant | None,
    jobs: int,
) -> None:
    """Run one scenario and judge it, clause by clause."""
    if exhaust and (variant or keep):
        raise BadInput("goes with neither --variant nor --keep: it makes many runs", where="--exhaust")
    loaded = load_scenario(scenario)
    check_spec(collector)
    chosen = _world(loaded, world, keep, collector)
    if exhaust and not (exhaust := possible(exhaust, collector)):
        raise BadInput(f"a program has no hooks ({unheard()}): of what can be exhausted, only crash can happen to it", where="--exhaust")
    destinations = []
    try:
        destinations = [open_destination(option) for option in reports]
        to_stdout = any(destination.path == "-" for destination in destinations)
        progress = Console(emoji=False, stderr=True)
        with progress.status(f"running {loaded.id}") as status:
            result = supervised(
                loaded, seed, collector, chosen, timeout=timeout, keep=keep,
                keep_lines=any(destination.format == "ndjson" for destination in destinations), variant=variant,
                tick=lambda seconds: status.update(f"running {loaded.id}, {seconds:.0f} s"),
            )  # fmt: skip
            if exhaust and not result.kind and result.verdict != "skip":
                begin = time.monotonic()
                result = exhausted(
                    loaded, seed, collector, chosen, result, exhaust, workers=jobs, timeout=timeout,
                    tick=lambda done, of: status.update(f"exhausting {loaded.id}, {done} of {of} shares"),
                )  # fmt: skip
                result.wall_seconds += time.monotonic() - begin
        more = ["--variant", str(variant)] if variant else ["--exhaust", ",".join(exhaust)] if exhaust else []
        result.reproduce = reproducing_line(result, collector, loaded.worlds[0], *more)
        code = _EXITS[result.verdict]
        show(output.console(stderr=to_stdout), result, loaded.title)
        report = report_data(collector, seed, [result], code)
        for destination in destinations:
            destination.write(report, [result])
    finally:
        for destination in destinations:
            destination.abandon()
    ctx.exit(code)


def _world(scenario: Scenario, asked: str, keep: Path | None, collector: str) -> str:
    """The world to run in. Raises BadInput for one that the scenario does not declare, that keeps no directory, or holds no program."""
    asked = world_for(collector, asked)
    if keep is not None and asked == "fake":
        raise BadInput("the fake world has no directory to keep", where="--keep", hint="leave --world out")
    chosen = "real" if keep is not None else scenario.worlds[0] if asked == "auto" else asked
    if chosen not in scenario.worlds:
        where = "--world" if keep is None else "--keep"
        raise BadInput(f"scenario {scenario.id} declares only the {scenario.world} world", where=where)
    return chosen
