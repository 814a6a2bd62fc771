"""``simulate``: the group of verbs. ``run`` is the one that a leading option means."""

from __future__ import annotations

import sys
from typing import NoReturn

import click

from .._version import __version__
from ..base import BadInput, Exit, KitBroke
from ..safe import safe
from .compare import compare_command
from .conform import conform_command
from .explain import explain_command
from .lint import lint_command
from .list import list_command
from .load import load_command
from .matrix import matrix_command
from .mutants import mutants_command
from .new import new_command
from .replay import replay_command
from .run import run_command
from .schema import schema_command
from .shrink import shrink_command
from .smoke import smoke_command
from .sweep import sweep_command
from .vendor import vendor_command
from .why import why_command
from .write import write_command

#: Characters of an error's line; more would be a page.
_LONGEST = 2_000


class _Verbs(click.Group):
    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0].startswith("-") and args[0] not in {"--help", "-h", "--version"}:
            args = ["run", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="simulate")
def cli() -> None:
    """Put a collector of extension telemetry through real and hostile extensions, and see what becomes of every event.

    \b
    simulate --scenario flood               one extension floods, the others must not notice
    simulate conform --collector dir:PATH   every clause of the contract, any collector
    simulate list                           every scenario
    """


cli.add_command(run_command)
cli.add_command(conform_command)
cli.add_command(compare_command)
cli.add_command(mutants_command)
cli.add_command(matrix_command)
cli.add_command(explain_command)
cli.add_command(list_command)
cli.add_command(load_command)
cli.add_command(vendor_command)
cli.add_command(write_command)
cli.add_command(schema_command)
cli.add_command(smoke_command)
cli.add_command(new_command)
cli.add_command(lint_command)
cli.add_command(sweep_command)
cli.add_command(replay_command)
cli.add_command(shrink_command)
cli.add_command(why_command)


def main() -> NoReturn:
    """The console script. Every error ends here as one line and an exit code."""
    try:
        code = cli.main(prog_name="simulate", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        code = Exit.CONFORMANT
    except click.ClickException as error:
        click.echo(f"simulate: {error.format_message()}", err=True)
        code = Exit.BAD_INPUT
    except BadInput as error:
        click.echo(f"simulate: {safe(str(error), _LONGEST)}", err=True)  # it may hold a collector's own words
        code = Exit.BAD_INPUT
    except KitBroke as error:
        click.echo(f"simulate: the kit broke: {error}", err=True)
        code = Exit.KIT_BROKE
    except (click.Abort, KeyboardInterrupt):
        click.echo("simulate: interrupted", err=True)
        code = Exit.INTERRUPTED
    sys.exit(code if isinstance(code, int) else Exit.CONFORMANT)
