"""``simulate vendor``: copy the reference collector into an agent, and check a copy."""

from __future__ import annotations

from pathlib import Path

import click

from ..base import Exit
from ..safe import safe
from ..subjects import vendor, verify_copy


@click.command("vendor")
@click.argument("dest", type=click.Path(path_type=Path))
@click.option("--verify", is_flag=True, help="Check the copy at DEST against its record, and write nothing.")
@click.pass_context
def vendor_command(ctx: click.Context, dest: Path, verify: bool) -> None:
    """Copy the reference collector to DEST, with its licence and a record of every file.

    DEST is missing, empty, or a copy made before that nobody changed, which is replaced. With
    --verify the exit code is 1 if a file is missing, changed or none of the copy's.
    """
    if not verify:
        copy = vendor(dest)
        click.echo(f"{safe(str(dest))}: {len(copy.files)} files of the collector {copy.version}")
        return
    copy, problems = verify_copy(dest)
    for problem in problems:
        click.echo(f"{safe(str(dest))}: {safe(problem)}", err=True)
    click.echo(f"{safe(str(dest))}: {len(copy.files)} files of {copy.version}, {len(problems) or 'no'} differences")
    ctx.exit(Exit.NOT_CONFORMANT if problems else Exit.CONFORMANT)
