"""Options that several verbs share: one name, one form, one meaning."""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from ..base import BadInput
from ..cage import CAGES, Cages, ask_for_cage
from ..core import is_of_the_kit
from ..safe import safe
from ..shipped import mutants, shipped_scenarios
from ..subjects import HOOKS, Hooks, ask_for, check_spec, look_in
from .command import VERBOSE

Command = Callable[..., Any]


def scenarios(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """The scenarios that may be meant, for shells that complete."""
    return [name for name in shipped_scenarios() if incomplete in name]


def _seed(ctx: click.Context, param: click.Parameter, value: int) -> int:  # noqa: ARG001 - click's form
    if value < 0:
        raise BadInput(f"{value} is negative, a seed is 0 or more", where="--seed")
    return value


def seed(command: Command) -> Command:
    return click.option(
        "--seed",
        type=int,
        default=0,
        show_default=True,
        callback=_seed,
        help="The same seed gives the same run, everywhere.",
    )(command)


def looked_for(ctx: click.Context, param: click.Parameter, value: str) -> str:  # noqa: ARG001 - click's form
    """A module that ``py:`` names may lie in the working directory."""
    look_in(Path.cwd(), value)
    return value


#: What completes to itself; what follows a colon is completed where it can be listed.
_FORMS = ("reference", "py:", "cmd:", "mutant:", "dir:", "linux-agent", "linux-agent:")
_DIRECTORIES = ("dir:", "linux-agent:")


def _collectors(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    if incomplete.startswith("mutant:"):
        return [f"mutant:{name}" for name in mutants() if name.startswith(incomplete.removeprefix("mutant:"))]
    for form in _DIRECTORIES:
        if incomplete.startswith(form):
            return [f"{form}{path}" for path in _directories(incomplete.removeprefix(form))]
    return [form for form in _FORMS if form.startswith(incomplete)]


def _directories(begun: str) -> list[str]:
    """Directories whose paths begin so."""
    parent, _, name = begun.rpartition("/")
    try:
        with os.scandir(f"{parent}/" if "/" in begun else ".") as entries:
            found = sorted(entry.name for entry in entries if entry.name.startswith(name) and entry.is_dir())
    except OSError:
        return []
    return [f"{parent}/{one}" if "/" in begun else one for one in found]


def collector(command: Command) -> Command:
    return click.option(
        "--collector",
        default="reference",
        show_default=True,
        callback=looked_for,
        shell_complete=_collectors,
        help="reference, py:PACKAGE.MODULE:FACTORY, 'cmd:PROGRAM ARGS', mutant:NAME, dir:PATH, linux-agent[:DIR].",
    )(command)


def another_collector(command: Command) -> Command:
    """For verbs that may take the collector from a file: "" where none is named."""
    return click.option(
        "--collector",
        default="",
        callback=looked_for,
        shell_complete=_collectors,
        metavar="SPEC",
        help="Another collector than the one that failed.",
    )(command)


def trust(command: Command) -> Command:
    return click.option("--trust", is_flag=True, help="Run the collector that the failure's file names.")(command)


def named_or_kept(given: str, kept: str, *, trusted: bool) -> str:
    """The collector that is named, or that of a failure's file: whoever wrote that file chose what
    is run, so it is asked for unless it is the kit's own. Raises BadInput.
    """
    spec = given or kept
    check_spec(spec)
    if not given and not trusted and not is_of_the_kit(kept):
        raise BadInput(
            f"its file names the collector {safe(repr(kept))}, which is not the kit's own",
            where="--collector",
            hint="--trust runs it, --collector SPEC runs another one",
        )
    look_in(Path.cwd(), spec)
    return spec


def _hooks(ctx: click.Context, param: click.Parameter, value: Hooks) -> None:  # noqa: ARG001 - click's form
    ask_for(value)


def hooks(command: Command) -> Command:
    return click.option(
        "--hooks",
        type=click.Choice(HOOKS),
        default="try",
        show_default=True,
        expose_value=False,
        callback=_hooks,
        help="Whether each call of a program (cmd:) is heard; try: where the kernel has user notification.",
    )(command)


def _cage(ctx: click.Context, param: click.Parameter, value: Cages) -> None:  # noqa: ARG001 - click's form
    ask_for_cage(value)


def cage(command: Command) -> Command:
    return click.option(
        "--cage",
        type=click.Choice(CAGES),
        default="try",
        show_default=True,
        expose_value=False,
        callback=_cage,
        help="Whether a collector is kept from the rest of the machine; try: by what the kernel has.",
    )(command)


class Seconds(click.FloatRange):
    """A number of seconds: ``nan`` is none, and ``inf`` is no limit that anything could reach."""

    def __init__(self, least: float) -> None:
        super().__init__(min=least)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        seconds: float = super().convert(value, param, ctx)
        if not math.isfinite(seconds):
            self.fail(f"{value} is no number of seconds", param, ctx)
        return seconds


def timeout(default: float) -> Callable[[Command], Command]:
    return click.option(
        "--timeout",
        type=Seconds(0.1),
        default=default,
        show_default=True,
        help="Seconds of processor time after which one pass counts as hanging; standing still takes a tenth longer.",
    )


def jobs(what: str) -> Callable[[Command], Command]:
    return click.option(
        "--jobs",
        type=click.IntRange(min=1),
        default=lambda: len(os.sched_getaffinity(0)),
        show_default="processors",
        help=f"How many processes {what}.",
    )


def report(command: Command) -> Command:
    return click.option(
        "--report",
        "reports",
        multiple=True,
        metavar="FORMAT=PATH",
        help="json, html, junit, markdown, sarif, ctrf, trace or ndjson (the history); `-` is stdout. Repeatable.",
    )(command)


def baseline(command: Command) -> Command:
    command = click.option(
        "--fail-on", type=click.Choice(["any", "new"]), default="any", show_default=True,
        help="new: exit code 1 only for failures that the baseline does not have.",
    )(command)  # fmt: skip
    told = "An earlier JSON report: what is new, fixed, still failing."
    return click.option("--baseline", default="", metavar="JSON", help=told)(command)


def _verbose(ctx: click.Context, param: click.Parameter, value: bool) -> bool:  # noqa: ARG001 - click's form
    ctx.meta[VERBOSE] = value or ctx.meta.get(VERBOSE, False)
    return value


def verbose(command: Command) -> Command:
    return click.option(
        "-v", "--verbose", is_flag=True, is_eager=True, callback=_verbose,
        help="All that the collector printed and logged, also where it passes; tracebacks of modules that fail.",
    )(command)  # fmt: skip


def _quiet(ctx: click.Context, param: click.Parameter, value: bool) -> bool:  # noqa: ARG001 - click's form
    if value and ctx.params.get("verbose"):
        raise BadInput("goes with no --verbose", where="--quiet")
    return value


def quiet(command: Command) -> Command:
    return click.option(
        "-q", "--quiet", is_flag=True, callback=_quiet, help="Print only failures, and what it comes to.",
    )(command)  # fmt: skip
