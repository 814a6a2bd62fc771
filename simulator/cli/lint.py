"""``simulate lint``: for publishers of extensions, what would become of their event files."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
import time
from collections.abc import Iterator

import click
from rich.console import Console

from ..base import BadInput, Exit, did_you_mean
from ..contract import PROFILES, named_profile
from ..lint import RULES, AsJson, AsSarif, ForPeople, Reporter, Summary, Terms, lint, show_rules, show_summary
from ..safe import Destination, open_destinations

FORMATS = ("json", "sarif")


def _profiles(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:  # noqa: ARG001 - click's form
    return [name for name in PROFILES if incomplete in name]


def _names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:  # noqa: ARG001 - click's form
    return [name for name in RULES if incomplete in name]


def _profile(ctx: click.Context, param: click.Parameter, value: str) -> str:  # noqa: ARG001 - click's form
    return named_profile(value, "--profile").name


def _ignored(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:  # noqa: ARG001 - click's form
    names = tuple(name.strip() for one in value for name in one.split(",") if name.strip())
    for name in names:
        if name not in RULES:
            hint = did_you_mean(name, RULES) or "`simulate lint --rules` shows them"
            raise BadInput(f"no rule is named {name!r}", where="--ignore", hint=hint)
    return names


def _rules(ctx: click.Context, param: click.Parameter, value: bool) -> None:  # noqa: ARG001 - click's form
    if value and not ctx.resilient_parsing:
        show_rules(Console(emoji=False))
        ctx.exit()


@click.command("lint")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path())
@click.option("--rules", is_flag=True, is_eager=True, expose_value=False, callback=_rules, help="What can be found, a line each.")
@click.option("--json", "as_json", is_flag=True, help="Every file and event, as JSON on standard output.")
@click.option(
    "--profile", default="reference", show_default=True, callback=_profile, metavar="NAME", shell_complete=_profiles,
    help="Whose limits and differences hold.",
)  # fmt: skip
@click.option(
    "--ignore", multiple=True, callback=_ignored, metavar="RULE", shell_complete=_names, help="Say nothing of this rule. Repeatable; commas will do."
)
@click.option(
    "--fail-on", type=click.Choice(["warning", "error", "never"]), default="warning", show_default=True,
    help="The least severe finding that makes the exit code 1.",
)  # fmt: skip
@click.option(
    "--each", type=click.IntRange(min=0), default=20, show_default=True, help="Print so many findings of a rule in a directory; 0: all."
)
@click.option("--report", "reports", multiple=True, metavar="FORMAT=PATH", help="json or sarif; `-` is standard output. Repeatable.")
@click.pass_context
def lint_command(
    ctx: click.Context, paths: tuple[str, ...], as_json: bool, profile: str, ignore: tuple[str, ...], fail_on: str, each: int, reports: tuple[str, ...]
) -> None:
    """Tell what would become of event files, and why, clause by clause.

    PATH is an event file, an events dir, a handler's directory, a log dir or an agent's events dir
    (*.tld). It may also be anything above them, or - for one file on standard input. Nothing is
    changed, no link is followed, and nothing but regular files is opened.

    The exit code is 0 without findings, 1 with some (see --fail-on),
    4 for bad usage, 5 where there was nothing to look at.

    \b
    simulate lint /var/log/azure                     every extension of a machine
    simulate lint out/events --profile linux-agent-2.7
    simulate lint tests/data --ignore mode --report sarif=lint.sarif
    my-extension --print-event | simulate lint -
    """
    options = (*reports, *(["json=-"] if as_json else []))
    with open_destinations(options, FORMATS) as destinations:
        terms = Terms.of(profile)
        to_stdout = any(destination.path == "-" for destination in destinations)
        documents = [_reporter(destination, terms) for destination in destinations]
        console = Console(emoji=False, stderr=to_stdout)
        people: list[Reporter] = [] if as_json else [ForPeople(console, each)]
        with _input(paths) as (given, shown):
            summary = lint(given, terms, time.time(), [*people, *documents], ignore, shown)
        code = _code(summary, fail_on)
        for destination, document in zip(destinations, documents, strict=True):
            if isinstance(document, AsJson):
                document.close(summary, code)
            else:
                document.close()
            destination.finish()
    if code == Exit.NOTHING_SELECTED:
        click.echo("simulate: nothing to lint: no event file, no events dir (files of other names are looked into when given by name)", err=True)
    elif not as_json:
        show_summary(console, summary, terms)
    ctx.exit(code)


def _code(summary: Summary, fail_on: str) -> Exit:
    if not summary.looked_at:
        return Exit.NOTHING_SELECTED
    counted = {"warning": ("warning", "error"), "error": ("error",), "never": ()}[fail_on]
    return Exit.NOT_CONFORMANT if any(summary.severities[severity] for severity in counted) else Exit.CONFORMANT


def _reporter(destination: Destination, terms: Terms) -> AsJson | AsSarif:
    return AsJson(destination.stream, terms) if destination.format == "json" else AsSarif(destination.stream)


@contextlib.contextmanager
def _input(paths: tuple[str, ...]) -> Iterator[tuple[list[str], dict[str, str]]]:
    """The paths, with standard input as a file of our own, and what that is called."""
    if "-" not in paths:
        yield list(paths), {}
        return
    if sys.stdin is None:
        raise BadInput("standard input is closed; an event file is expected there", where="-")
    with tempfile.TemporaryDirectory(prefix="simulate-lint-") as place:
        path = os.path.join(place, "0.json")
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(sys.stdin.buffer.read(Terms.of().config.max_file_size + 1))
        yield [path if given == "-" else given for given in paths], {path: "-"}
