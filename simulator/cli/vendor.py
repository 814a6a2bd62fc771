"""``simulate vendor``: copy the reference collector into an agent, and check a copy."""

from __future__ import annotations

import json
from pathlib import Path

import click

from ..base import BadInput, Exit
from ..safe import safe, write_whole
from ..subjects import Copy, bill_of, vendor, verify_copy


@click.command("vendor")
@click.argument("dest", type=click.Path(path_type=Path))
@click.option("--verify", is_flag=True, help="Check the copy at DEST against its record, and write nothing.")
@click.option("--sbom", metavar="FILE", help="Write what the copy is made of to FILE, as CycloneDX JSON.")
@click.pass_context
def vendor_command(ctx: click.Context, dest: Path, verify: bool, sbom: str | None) -> None:
    """Copy the reference collector to DEST, with its licence and a record of every file.

    DEST is missing, empty, or a copy made before that nobody changed, which is replaced. With
    --verify the exit code is 1 if a file is missing, changed or none of the copy's. An SBOM is
    written of an unchanged copy alone.
    """
    if sbom is not None and Path(sbom).absolute().is_relative_to(dest.absolute()):
        raise BadInput("lies in the copy, which holds its own files alone", where="--sbom")
    if not verify:
        copy = vendor(dest)
        click.echo(f"{safe(str(dest))}: {len(copy.files)} files of the collector {copy.version}")
        _write_bill(copy, sbom)
        return
    copy, problems = verify_copy(dest)
    for problem in problems:
        click.echo(f"{safe(str(dest))}: {safe(problem)}", err=True)
    click.echo(f"{safe(str(dest))}: {len(copy.files)} files of {copy.version}, {len(problems) or 'no'} differences")
    if not problems:
        _write_bill(copy, sbom)
    ctx.exit(Exit.NOT_CONFORMANT if problems else Exit.CONFORMANT)


def _write_bill(copy: Copy, path: str | None) -> None:
    if path is not None:
        write_whole(path, json.dumps(bill_of(copy), indent=2) + "\n")
