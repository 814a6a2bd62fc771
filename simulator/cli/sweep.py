"""``simulate sweep``: random scenarios, from one seed to a million."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import click

from ..base import BadInput, Exit, did_you_mean, worst
from ..contract import CLAUSES
from ..core import STARVED, duration
from ..safe import safe
from ..subjects import check_spec, world_for
from ..sweep import (
    ClusterExecutor,
    Departure,
    Found,
    LocalExecutor,
    Outcome,
    Store,
    Summary,
    SweepPlan,
    departures,
    keep,
    open_to_read,
    sing,
    summary_of,
    sweep,
)
from . import options, output, sweep_report
from .failure_text import failure_text

_SEEDS = re.compile(r"([0-9]{1,12}):([0-9]{1,12})?\Z", re.ASCII)


def _seeds(
    ctx: click.Context,  # noqa: ARG001 - click's form
    param: click.Parameter,  # noqa: ARG001 - click's form
    value: str,
) -> tuple[int, int | None]:
    found = _SEEDS.match(value)
    if found is None or (found[2] and int(found[2]) <= int(found[1])):
        raise BadInput(
            f"{value!r} is no range of seeds", where="--seeds", hint="expected A:B with A below B, or A: with --for"
        )
    return int(found[1]), int(found[2]) if found[2] else None


def _for(ctx: click.Context, param: click.Parameter, value: str | None) -> float | None:  # noqa: ARG001 - click's form
    if value is None:
        return None
    try:
        return duration(value) / 1e9
    except ValueError as error:
        raise BadInput(str(error), where="--for") from None


def _clause(ctx: click.Context, param: click.Parameter, value: str) -> str:  # noqa: ARG001 - click's form
    if not any(fnmatchcase(slug, value) for slug in CLAUSES):
        raise BadInput(f"no clause is named {value!r}", where="--clause", hint=did_you_mean(value, CLAUSES))
    return value


@click.command("sweep")
@click.option(
    "--seeds",
    default="0:1000",
    show_default=True,
    callback=_seeds,
    metavar="A:B",
    help="The seeds from A up to B, B not included.",
)
@click.option(
    "--for",
    "seconds",
    callback=_for,
    metavar="TIME",
    help="Stop after so long (10m); with --seeds A: there is no other end.",
)
@options.collector
@options.hooks
@options.cage
@click.option("--clause", default="*", callback=_clause, metavar="GLOB", help="Judge these clauses alone.")
@click.option(
    "--world",
    type=click.Choice(["auto", "fake", "real", "both"]),
    default="auto",
    show_default=True,
    help="auto: real, which is faster.",
)
@options.jobs("run seeds")
@click.option("--dask", metavar="ADDRESS", help="Send batches to the workers of this dask.distributed scheduler.")
@click.option("--into", type=click.Path(path_type=Path), metavar="FILE", help="Keep a row a run in this SQLite file.")
@click.option("--resume", is_flag=True, help="Go on with --into FILE: what is in it is not run again.")
@click.option(
    "--checked",
    type=click.FloatRange(0, 1),
    default=0.05,
    show_default=True,
    help="The share of seeds that runs twice, in another process.",
)
@click.option(
    "--summary", type=click.Path(path_type=Path), metavar="FILE", help="Run nothing; say what is in this file."
)
@click.option("--html", type=click.Path(path_type=Path), metavar="PATH", help="The summary as a web page too.")
@click.pass_context
def sweep_command(ctx: click.Context, /, **given: Any) -> None:
    """Run random scenarios and judge each by every clause that needs no hand-written expectation.

    \b
    simulate sweep --seeds 0:1000
    simulate sweep --seeds 0: --for 10m --into sweep.db
    simulate sweep --seeds 0:100000 --into sweep.db --resume
    simulate sweep --summary sweep.db --html sweep.html
    """
    if given["summary"] is not None:
        with closing(open_to_read(given["summary"])) as connection:
            found = _summed_up(connection, given["summary"])
        sweep_report.show(output.console(), found, [])
        if given["html"]:
            sweep_report.write_html(given["html"], found)
        ctx.exit(_exit_of(found))
    plan = _plan(given)
    if given["resume"] and given["into"] is None:
        raise BadInput("goes with --into FILE", where="--resume")
    store = Store(given["into"], plan.collector, plan.clause)
    try:
        ctx.exit(_swept(plan, store, given))
    except KeyboardInterrupt:
        if given["into"] is not None:
            done = sum(len(store.done(world)) for world in plan.worlds)
            click.echo(f"{done:,} runs are kept in {safe(str(given['into']))}; --resume goes on", err=True)
        raise
    finally:
        store.close()


def _summed_up(connection: sqlite3.Connection, path: Path) -> Summary:
    try:
        return summary_of(connection)
    except (sqlite3.Error, KeyError, TypeError, ValueError) as error:
        raise BadInput(f"is a damaged store: {type(error).__name__}: {error}", where=str(path)) from None


def _plan(given: dict[str, Any]) -> SweepPlan:
    begin, end = given["seeds"]
    if end is None and given["seconds"] is None:
        raise BadInput("has no end; --for TIME gives it one", where="--seeds")
    check_spec(given["collector"])
    asked = "auto" if given["world"] == "both" else given["world"]
    chosen = world_for(given["collector"], asked)
    worlds = (
        ("fake", "real")
        if given["world"] == "both" and chosen != "real"
        else ("real",)
        if chosen in {"auto", "real"}
        else ("fake",)
    )
    return SweepPlan(
        given["collector"], worlds, begin, end, given["seconds"], given["clause"], given["checked"], given["jobs"]
    )


def _swept(plan: SweepPlan, store: Store, given: dict[str, Any]) -> Exit:
    if not given["dask"]:
        return _swept_by(LocalExecutor(plan.workers), plan, store, given)
    with closing(ClusterExecutor(given["dask"])) as cluster:
        return _swept_by(cluster, replace(plan, workers=cluster.threads), store, given)


def _swept_by(executor: LocalExecutor | ClusterExecutor, plan: SweepPlan, store: Store, given: dict[str, Any]) -> Exit:
    sing(executor, plan.worlds[-1])
    total = 0 if plan.end is None else (plan.end - plan.begin) * len(plan.worlds)
    small: list[tuple[Found, str]] = []
    with output.progress("seeds", total) as advance:

        def heard(outcomes: Sequence[Outcome]) -> None:
            for _ in outcomes:
                advance()

        def kept(found: Found) -> None:
            """At once: what ends a sweep of days takes nothing that it found."""
            small.append((found, keep(found)))

        sweep(plan, executor, store, resume=given["resume"], heard=heard, small=kept)
    found = summary_of(store.connection)
    parted = departures(plan.collector, store.sampled(), plan.workers)
    sweep_report.show(output.console(), found, parted)
    for one, identity in small:
        click.echo(f"\n{failure_text(one, identity)}")
    if given["html"]:
        sweep_report.write_html(given["html"], found)
    return _exit_of(found, parted)


def _exit_of(found: Summary, parted: Sequence[Departure] = ()) -> Exit:
    """What was not run, or showed nothing, holds nothing."""
    if not found.runs:
        return Exit.NOTHING_SELECTED
    codes = [Exit.NOT_CONFORMANT] * bool(found.signatures) + [Exit.NOT_DETERMINISTIC] * bool(parted)
    inconclusive = not found.judged or STARVED in found.verdicts
    return worst(codes or [Exit.INCONCLUSIVE if inconclusive else Exit.CONFORMANT])
