"""``simulate load``: real event files at a real rate, for a real agent."""

from __future__ import annotations

import shlex
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.console import Console

from ..base import SECOND, BadInput, Exit, counted
from ..core import duration
from ..load import MARKER, Display, Orders, Rail, Setting, clean, init, parse_rate, parse_size, report_of, show
from ..load import load as run_load
from ..reports import FORMATS, write_report
from ..safe import open_destinations, safe
from ..scenario import load_scenario
from ..shipped import shipped_scenarios
from ..subjects import is_program, words_of
from . import options

T = TypeVar("T")
#: Seconds between two lines on how far a removal is.
_EVERY = 10.0
_EPILOG = """\b
simulate load --scenario load/soak --rate 2000/s --for 5m --into /tmp/d --collector reference
simulate load --scenario flood --into /tmp/d --rate 500/s --for 1m --extensions 20 \\
    --collector 'cmd:python -m etp_kit.collector --log-dir {log_dir} --period 5'
simulate load --init /var/log/azure && simulate load --scenario flood --into /var/log/azure --pid 812
simulate load --clean /tmp/d
"""


def _parsed(parse: Callable[[str], T]) -> Callable[[click.Context, click.Parameter, str | None], T | None]:
    def callback(ctx: click.Context, param: click.Parameter, value: str | None) -> T | None:  # noqa: ARG001 - click's form
        try:
            return None if value is None else parse(value)
        except ValueError as error:
            raise BadInput(str(error), where=param.opts[0]) from None

    return callback


def _names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:  # noqa: ARG001 - click's form
    return [name for name in shipped_scenarios() if incomplete in name]


@click.command("load", epilog=_EPILOG)
@click.option("--scenario", metavar="NAME|FILE", shell_complete=_names, help="A scenario of `simulate list`, or a TOML file.")
@click.option("--into", type=click.Path(path_type=Path), metavar="DIR", help="The log dir to fill: empty, or marked by --init.")
@click.option("--rate", metavar="N/s", callback=_parsed(parse_rate), help="Events of all extensions together, such as 500/s or 90/m. Default: the scenario's.")
@click.option("--for", "length", metavar="TIME", callback=_parsed(duration), help="How long, such as 10m. Default: as long as the scenario is.")
@click.option("--events", type=click.IntRange(min=1), help="How many events, in place of --for.")
@click.option("--extensions", type=click.IntRange(min=1), help="How many extensions. Default: the scenario's.")
@options.seed
@click.option("--writers", type=click.IntRange(1, 64), help="How many processes write. Default: one a processor.")
@click.option(
    "--collector", metavar="SPEC",
    help="Run and watch a collector: one of `simulate run --collector`, or cmd:PROGRAM ARGUMENTS, with {log_dir} (or ETP_LOG_DIR) for DIR.",
)  # fmt: skip
@click.option("--pid", type=click.IntRange(min=1), help="Watch a process that runs already.")
@click.option("--sink", metavar="FILE|-", help="Read what it delivers, as lines of JSON, from a file that grows or from stdin.")
@click.option("--period", type=options.Seconds(0.05), metavar="SECONDS", help="The collector's period. Default: the scenario's.")
@click.option("--quota", type=click.IntRange(min=1), help="The collector's quota. Default: the scenario's.")
@click.option("--settle", type=options.Seconds(0), metavar="SECONDS", help="How long the agent may take for the rest. Default: two periods and 10 s.")
@click.option("--max-bytes", metavar="SIZE", default="1G", show_default=True, callback=_parsed(parse_size), help="So much may stand in DIR at once.")
@click.option("--max-files", type=click.IntRange(min=1), default=200_000, show_default=True, help="So many may stand in DIR at once.")
@click.option("--free-floor", metavar="SIZE", default="1G", show_default=True, callback=_parsed(parse_size), help="So much of the disk stays free.")
@click.option("--dangerous", is_flag=True, help="Allow device nodes, links out of DIR and immutable files (chattr).")
@click.option("--report", "reports", multiple=True, metavar="json=PATH", help="Write the report as JSON; `-` is standard output. Repeatable.")
@click.option("--init", "to_init", type=click.Path(path_type=Path), metavar="DIR", help="Mark DIR: a load may write there although it is not empty.")
@click.option("--clean", "to_clean", type=click.Path(path_type=Path), metavar="DIR", help="Remove from DIR what a load wrote, and nothing else.")
@click.pass_context
def load_command(ctx: click.Context, /, **given: Any) -> None:
    """Write real event files at a real rate, and measure what an agent makes of them.

    Writer processes keep the rate, however slow the agent is. Every event is labelled; at the sink
    it is known what was lost, doubled or late. DIR is empty or marked, and everything written is in
    a manifest there. Exit codes are 0: none of the others. 1: events were lost, doubled or altered,
    or the agent ended. 2: interrupted. 4: bad input. 10: nothing was taken, or the rate could not
    be held. 11: a threshold or cap was crossed.
    """
    if given["to_init"] is not None or given["to_clean"] is not None:
        _alone(ctx, "to_init" if given["to_init"] is not None else "to_clean")
        ctx.exit(_init(given["to_init"]) if given["to_init"] is not None else _clean(given["to_clean"]))
    orders = _orders(given)
    _warn_of_protocol(orders.collector)
    ctx.exit(_load(orders, given["reports"]))


def _warn_of_protocol(collector: str | None) -> None:
    if collector is not None and is_program(collector) and "--protocol" in words_of(collector):
        click.echo("simulate: warning: a program with --protocol waits for requests, and a load sends none: it has to make its own passes", err=True)


def _alone(ctx: click.Context, name: str) -> None:
    for other in ctx.params:
        if other != name and ctx.get_parameter_source(other) is click.core.ParameterSource.COMMANDLINE:
            raise BadInput("stands alone, it writes no load", where="--" + name.removeprefix("to_"))


def _init(path: Path) -> Exit:
    told = "marked" if init(path) else "was marked already"
    click.echo(f"{safe(str(path))}: {told} ({MARKER}); `simulate load` may write there, `simulate load --clean` takes all of it away again")
    return Exit.CONFORMANT


def _removing() -> Callable[[int, int], None]:
    """Tells now and then how far a removal is: a flood takes minutes to go, as it took to come."""
    told = time.monotonic()

    def tell(done: int, of: int) -> None:
        nonlocal told
        if time.monotonic() - told >= _EVERY:
            told = time.monotonic()
            click.echo(f"{done:,} of {of:,} removed", err=True)

    return tell


def _clean(path: Path) -> Exit:
    cleaned = clean(path, _removing())
    click.echo(
        f"{safe(str(path))}: removed {counted(cleaned.files, 'file')} and "
        f"{counted(cleaned.directories, 'directory', 'directories')}; {cleaned.gone:,} had gone already"
    )
    for name, reason in cleaned.kept[:20]:
        click.echo(f"  stays: {safe(name)} {reason}")
    if len(cleaned.kept) > 20:
        click.echo(f"  and {len(cleaned.kept) - 20:,} more")
    return Exit.NOT_CONFORMANT if cleaned.kept else Exit.CONFORMANT


def _orders(given: dict[str, Any]) -> Orders:
    for name in ("scenario", "into"):
        if given[name] is None:
            raise BadInput("is missing", where=f"--{name}", hint="or --init DIR, --clean DIR; `simulate load --help` shows examples")
    if given["length"] is not None and given["events"] is not None:
        raise BadInput("goes not with --for: one of them ends the load", where="--events")
    if given["collector"] is not None and given["pid"] is not None:
        raise BadInput("goes not with --collector, which watches what it runs", where="--pid")
    settings: dict[str, Setting] = {name: given[name] for name in ("period", "quota") if given[name] is not None}
    rate: Fraction | None = given["rate"]
    return Orders(
        load_scenario(given["scenario"]), given["into"], given["seed"], rate, given["length"], given["events"], given["extensions"], given["writers"],
        given["collector"], given["pid"], given["sink"], settings, given["settle"],
        Rail(given["max_bytes"], given["max_files"], given["free_floor"]), given["dangerous"],
    )  # fmt: skip


def _load(orders: Orders, reports: tuple[str, ...]) -> Exit:
    for option in reports:
        if option.partition("=")[0] != "json":
            raise BadInput(f"{option!r}: a load is reported as json=PATH", where="--report")
    with open_destinations(reports, FORMATS) as destinations:
        with Display(Console(emoji=False, stderr=True), f"load {safe(orders.scenario.id)} {orders.extent_text}") as display:
            measured = run_load(orders, display.show)
        report = report_of(measured, again(orders))
        to_stdout = any(destination.path == "-" for destination in destinations)
        show(_console(to_stdout), report, f"simulate load --clean {shlex.quote(str(orders.into))}")
        for destination in destinations:
            write_report(destination, report, [])
    return Exit(report["exit"])


def _console(to_stderr: bool) -> Console:
    """A table of twenty extensions is unreadable in the 80 columns that a file is taken to have."""
    console = Console(emoji=False, stderr=to_stderr)
    return console if console.is_terminal else Console(emoji=False, stderr=to_stderr, width=120)


def again(orders: Orders) -> str:
    """The command that makes the same load again."""
    words = ["simulate", "load", "--scenario", orders.scenario.id, "--into", str(orders.into), "--seed", str(orders.seed)]
    if orders.rate is not None:
        words += ["--rate", f"{float(orders.rate):g}/s"]
    if orders.length is not None:
        words += ["--for", f"{orders.length / SECOND:g}s"]
    for name in ("events", "extensions", "writers", "collector", "pid", "sink", "settle"):
        value = getattr(orders, name)
        words += [f"--{name}", str(value)] if value is not None else []
    for name, setting in orders.settings.items():
        words += [f"--{name}", str(setting)]
    return shlex.join([*words, *(["--dangerous"] if orders.dangerous else [])])
