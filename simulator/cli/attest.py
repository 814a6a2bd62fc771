"""``simulate attest``: a report as a statement about the collector's files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from ..base import BadInput, Exit
from ..reports import differences, read_report, statement
from ..safe import read_given, safe, write_new
from ..subjects import check_spec, collector_files

#: Bytes of a statement: one of a thousand files and scenarios has a tenth.
_LARGEST = 16 << 20


@click.command("attest")
@click.argument("report", metavar="REPORT")
@click.option("--output", metavar="FILE", help="Where the statement goes; default: standard output.")
@click.option("--verify", metavar="FILE", help="Compare this statement with what the report and the files give.")
@click.pass_context
def attest_command(ctx: click.Context, report: str, output: str | None, verify: str | None) -> None:
    """State what a report of `conform` says about the collector's files, in the form of in-toto.

    REPORT is what `simulate conform --report json=PATH` wrote. The files are hashed again: where
    one is not what it was in the run, nothing is stated. Sign the statement with your own tools.

    \b
    simulate conform --collector dir:mycollector --report json=report.json
    simulate attest report.json --output statement.json
    simulate attest report.json --verify statement.json
    """
    if output and verify:
        raise BadInput("goes with no --verify: nothing is written then", where="--output")
    told = _report(report)
    due = statement(told)
    if verify:
        found = differences(_statement(verify), due)
        changed = _changed(told)
        for line in [*found, *changed]:
            click.echo(f"{safe(verify)}: {safe(line, 500)}")
        if found or changed:
            ctx.exit(Exit.NOT_CONFORMANT)
        names = len(due["subject"])
        click.echo(f"{safe(verify)}: {due['predicate']['result']}, and so are the report and {names} files")
        return
    if changed := _changed(told):
        raise BadInput(changed[0], where=told["collector"], hint="run `simulate conform` again")
    text = json.dumps(due, indent=1) + "\n"
    if output:
        _write(output, text)
    else:
        click.echo(text, nl=False)


def _write(path: str, text: str) -> None:
    try:
        write_new(path, text)
    except FileExistsError:
        what = "something is there already"
        raise BadInput(what, where=path, hint="a new name, or another directory") from None
    except OSError as error:
        raise BadInput(f"cannot be written: {error.strerror or error}", where=path) from None


def _report(path: str) -> dict[str, Any]:
    try:
        told = read_report(read_given(path, _LARGEST), path)
    except OSError as error:
        raise BadInput(f"cannot be read: {error.strerror or error}", where=path) from None
    if told["made"]["command"] != "conform" or not told["basis"].get("files"):
        what = f"is a report of `{safe(told['made']['command'])}` that names no file of a collector"
        raise BadInput(what, where=path, hint="`simulate conform --report json=PATH` writes one that does")
    return told


def _statement(path: str) -> Any:
    try:
        return json.loads(read_given(path, _LARGEST))
    except OSError as error:
        raise BadInput(f"cannot be read: {error.strerror or error}", where=path) from None
    except (ValueError, RecursionError):
        raise BadInput("is no statement: no JSON", where=path) from None


def _changed(report: dict[str, Any]) -> list[str]:
    """Files of the collector that are not what they were in the run."""
    check_spec(report["collector"])
    there, then = collector_files(report["collector"], Path.cwd()), report["basis"]["files"]
    return [
        f"{name} is not what it was in the run" if name in there else f"{name} is gone"
        for name in then
        if there.get(name) != then[name]
    ] + [f"{name} was not there in the run" for name in there if name not in then]
