"""``simulate run``: one scenario against one collector."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import click

from ..base import BadInput, did_you_mean
from ..judging import EXITS, ScenarioVerdict
from ..reports import FORMATS, FROM_HISTORIES, OF_FAILURES, change_lines, report_data, show, write_report
from ..runner import WATCHDOG, RunSpec, terminal
from ..safe import open_destinations, safe
from ..scenario import KINDS, Kind, Scenario, Variant, load_scenario, parse_variant
from ..subjects import check_spec, is_program, unheard, world_for
from ..suite import exhaust as exhausted
from ..suite import possible, reproducing_line, supervised
from ..sweep import Shown, tell_causes
from . import options, output
from .against import Against, exit_of
from .origin import Beginning


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
@click.argument("named", metavar="[SCENARIO]", required=False, shell_complete=options.scenarios)
@click.option(
    "--scenario",
    metavar="NAME|FILE",
    shell_complete=options.scenarios,
    help="The same: a scenario of `simulate list`, or a TOML file.",
)
@options.seed
@options.collector
@options.hooks
@options.cage
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
@options.baseline
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
@click.option("--event", default="", metavar="TOKEN|PATH", help="Tell what became of this event, record by record.")
@options.jobs("--exhaust uses")
@options.verbose
@options.quiet
@click.option("-s", "attended", is_flag=True, help="Show prints and logs at once; breakpoint() gets the terminal.")
@click.option("--pdb", "stops", is_flag=True, help="Open the debugger where an error leaves the collector; -s with it.")
@click.pass_context
def run_command(ctx: click.Context, /, **given: Any) -> None:
    """Run one scenario and judge it, clause by clause.

    \b
    simulate run flood
    simulate run flood --collector py:mine:build --pdb
    """
    began = Beginning()
    against = Against(given.pop("baseline"), given.pop("fail_on"))
    run = _Request(**given)
    run.check()
    loaded = load_scenario(run.scenario or str(run.named))
    check_spec(run.collector)
    world = _world(loaded, run.world, run.keep, run.collector)
    kinds = possible(run.exhaust, run.collector)
    if run.exhaust and not kinds:
        what = f"a program has no hooks ({unheard()}): of what can be exhausted, only crash can happen to it"
        raise BadInput(what, where="--exhaust")
    with open_destinations(run.reports, FORMATS) as destinations:
        lines = any(destination.format in FROM_HISTORIES | OF_FAILURES for destination in destinations)
        result = _judged(run, loaded, world, kinds, keep_lines=lines)
        console = output.console(stderr=any(destination.path == "-" for destination in destinations))
        origin = began.origin("run")
        report = report_data(run.collector, run.seed, [result], EXITS[result.verdict], origin=origin)
        report = against.compared(report)

        def shown() -> None:
            changes = change_lines(report)
            show(console, result, loaded.title, verbose=run.verbose, quiet=run.quiet, changes=changes)

        output.tell(shown, *(partial(write_report, destination, report, [result]) for destination in destinations))
    ctx.exit(exit_of(report))


@dataclass(frozen=True)
class _Request:
    """The options as they were given."""

    named: str | None
    scenario: str | None
    seed: int
    collector: str
    world: str
    keep: Path | None
    timeout: float
    reports: tuple[str, ...]
    exhaust: tuple[Kind, ...]
    variant: Variant | None
    jobs: int
    verbose: bool
    quiet: bool
    attended: bool
    stops: bool
    event: str

    def check(self) -> None:
        """Raise BadInput for options that do not go together."""
        if self.scenario is not None and self.named is not None:
            raise BadInput(f"two scenarios: {safe(self.named)} and {safe(self.scenario)}", where="run", hint="give one")
        if self.scenario is None and self.named is None:
            raise BadInput("no scenario is named", where="run", hint="`simulate list` shows them: `simulate run flood`")
        if self.exhaust and self.event:
            raise BadInput("goes with one run alone, and --exhaust makes many", where="--event")
        if self.exhaust and (self.variant or self.keep):
            raise BadInput("goes with neither --variant nor --keep: it makes many runs", where="--exhaust")
        asked = "--pdb" if self.stops else "-s" if self.attended else ""
        if asked and self.exhaust:
            raise BadInput("goes with one run alone, and --exhaust makes many", where=asked)
        if self.stops and is_program(self.collector):
            what = "cannot stop in a program, which is a process of its own"
            raise BadInput(what, where=asked, hint="-s shows its stderr")

    @property
    def more(self) -> list[str]:
        """What the line that shows it again has besides."""
        if self.variant:
            return ["--variant", str(self.variant)]
        return ["--exhaust", ",".join(self.exhaust)] if self.exhaust else []


def _judged(
    run: _Request, loaded: Scenario, world: str, kinds: tuple[Kind, ...], *, keep_lines: bool
) -> ScenarioVerdict:
    """The scenario examined, and exhausted where that was asked for."""
    spec = RunSpec(loaded, run.seed, run.collector, world, run.variant)
    with ExitStack() as seen:
        status: Callable[[str], None] = _unsaid
        user = None
        if run.attended or run.stops:
            user = terminal(stops=run.stops)
            seen.callback(user.close)
        else:
            status = seen.enter_context(output.status(f"running {loaded.id}"))
        result = supervised(
            spec, timeout=run.timeout, keep=run.keep, keep_lines=keep_lines, terminal=user, event=run.event,
            tick=lambda seconds, begun: status(f"running {loaded.id}, {_pass(begun, loaded)}, {seconds:.0f} s"),
        )  # fmt: skip
        if kinds and not result.kind and result.verdict != "skip":
            begin = time.monotonic()
            result = exhausted(
                spec, result, kinds, workers=run.jobs, timeout=run.timeout,
                tick=lambda done, of: status(f"exhausting {loaded.id}, {done} of {of} shares"),
            )  # fmt: skip
            result.wall_seconds += time.monotonic() - begin
    if user is None:
        tell_causes([Shown(result, loaded, run.scenario or str(run.named))], run.collector, 1)
    result.reproduce = reproducing_line(result, run.collector, loaded.worlds[0], *run.more, timeout=run.timeout)
    return result


def _pass(begun: int, scenario: Scenario) -> str:
    """Which pass it makes: a judge that compares asks for further runs of the same scenario."""
    of = scenario.pass_count
    more = f"all {of:,} passes made, {begun - of:,} more to compare with"
    return f"pass {begun:,} of {of:,}" if begun <= of else more


def _unsaid(_text: str) -> None:
    """The terminal is the collector's."""


def _world(scenario: Scenario, asked: str, keep: Path | None, collector: str) -> str:
    """The world to run in.

    Raises BadInput for one that the scenario does not declare, that keeps no directory, or holds no
    program.
    """
    asked = world_for(collector, asked)
    if keep is not None and asked == "fake":
        raise BadInput("the fake world has no directory to keep", where="--keep", hint="leave --world out")
    chosen = "real" if keep is not None else scenario.worlds[0] if asked == "auto" else asked
    if chosen not in scenario.worlds:
        where = "--world" if keep is None else "--keep"
        raise BadInput(f"scenario {scenario.id} declares only the {scenario.world} world", where=where)
    return chosen
