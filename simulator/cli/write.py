"""``simulate write``: real files of one producer in a directory."""

from __future__ import annotations

import datetime
from pathlib import Path

import click

from ..base import SECOND, BadInput, did_you_mean
from ..safe import safe, whole_file
from ..writers import PRODUCERS, TRAFFIC, Order, manifest_lines, write

#: The start of every simulated run: a write without ``--at`` makes the names that a run makes.
DEFAULT_AT = "2026-01-05T00:00:00Z"
#: Between these years Unix ms have 13 digits, µs 16 and ns 19, as the names of every producer do, and ns fit 64 bits.
_YEARS = range(2002, 2262)
MOST_EVENTS = 1_000_000


def _moment(ctx: click.Context, param: click.Parameter, value: str) -> int:  # noqa: ARG001 - click's form
    """Unix ns of an ISO 8601 moment."""
    try:
        moment = datetime.datetime.fromisoformat(value)
    except ValueError:
        raise BadInput(f"{value!r} is no ISO 8601 moment such as {DEFAULT_AT}", where="--at") from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)
    if moment.year not in _YEARS:
        raise BadInput(f"the year is {moment.year}; {_YEARS.start} to {_YEARS.stop - 1} are possible", where="--at")
    since = moment - datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
    return (since.days * 86_400 + since.seconds) * SECOND + since.microseconds * 1_000


def _producer(ctx: click.Context, param: click.Parameter, value: str) -> str:  # noqa: ARG001 - click's form
    if value not in PRODUCERS:
        hint = did_you_mean(value, PRODUCERS) or "`simulate write --list` shows them"
        raise BadInput(f"no producer is named {value!r}", where="--producer", hint=hint)
    return value


def _list(ctx: click.Context, param: click.Parameter, value: bool) -> None:  # noqa: ARG001 - click's form
    if value and not ctx.resilient_parsing:
        width = max(map(len, PRODUCERS))
        for name, producer in PRODUCERS.items():
            click.echo(f"{name:{width}}  {producer.about}")
        ctx.exit()


@click.command("write")
@click.option(
    "--list", is_flag=True, is_eager=True, expose_value=False, callback=_list, help="The producers, a line each."
)
@click.option("--producer", required=True, metavar="NAME", callback=_producer, help="Who writes; --list shows them.")
@click.option(
    "--events", type=click.IntRange(1, MOST_EVENTS), default=10, show_default=True, help="What it has to say."
)
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="The same seed, the same bytes.")
@click.option(
    "--at",
    default=DEFAULT_AT,
    show_default=True,
    callback=_moment,
    metavar="MOMENT",
    help="When its five minutes begin.",
)
@click.option(
    "--traffic", type=click.Choice(list(TRAFFIC)), default="steady", show_default=True, help="How they are spread."
)
@click.option(
    "--handler", default="Contoso.Extension", show_default=True, help="The extension's name, for the manifest."
)
@click.option(
    "--manifest",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write what must become of every event there, as JSON lines.",
)
@click.option(
    "--into",
    required=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Missing, empty, or filled by this before.",
)
def write_command(
    producer: str, events: int, seed: int, at: int, traffic: str, handler: str, manifest: Path | None, into: Path
) -> None:
    """Write real files of one producer into DIR: its names, its JSON, its modes and times.

    The same options give the same bytes, whatever the time is. A producer keeps its own limits: one
    that throttles writes fewer events than it has to say. DIR gets a record, .simulate-write.json;
    with it a later write replaces the files, and without it nothing that stands in DIR is touched.
    """
    if manifest is not None and manifest.resolve().is_relative_to(into.resolve()):
        raise BadInput(
            f"lies in {safe(str(into))}, where only event files belong", where=f"--manifest {safe(str(manifest))}"
        )
    files = write(Order(producer, events, seed, at, handler, traffic), into)
    if manifest is not None:
        try:
            with whole_file(manifest) as out:
                out.writelines(manifest_lines(files))
        except OSError as error:
            raise BadInput(f"cannot be written: {error.strerror}", where=safe(str(manifest))) from error
    written = sum(1 for labels, _ in files.values() for label in labels if label.token and label.due != "leave")
    size = sum(len(data) for _, data in files.values())
    click.echo(
        f"{safe(str(into))}: {len(files):,} files, {size:,} bytes, {written:,} of {events:,} events of {producer}, seed {seed}"
    )
