"""Options that several verbs share: one name, one form, one meaning."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from ..base import BadInput
from ..subjects import HOOKS, Hooks, ask_for, look_in

Command = Callable[..., Any]


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


def _collector(ctx: click.Context, param: click.Parameter, value: str) -> str:  # noqa: ARG001 - click's form
    look_in(Path.cwd(), value)
    return value


def collector(command: Command) -> Command:
    return click.option(
        "--collector",
        default="reference",
        show_default=True,
        callback=_collector,
        help="reference, py:PACKAGE.MODULE:FACTORY, 'cmd:PROGRAM ARGS', mutant:NAME, dir:PATH, linux-agent[:DIR].",
    )(command)


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


def timeout(default: float) -> Callable[[Command], Command]:
    return click.option(
        "--timeout",
        type=click.FloatRange(min=0.1),
        default=default,
        show_default=True,
        help="Seconds of processor time after which one pass counts as hanging; standing still takes a quarter longer.",
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
        help="json, html, junit, markdown, sarif or ndjson (the history); `-` is standard output. Repeatable.",
    )(command)
