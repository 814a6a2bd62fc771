"""``simulate``: the group of verbs. ``run`` is the one that a leading option means."""

from __future__ import annotations

import errno
import os
import sys
import traceback
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from typing import Any, NoReturn

import click

from .._version import __version__
from ..base import BadInput, Exit, KitBroke, did_you_mean, missing_extra
from ..safe import safe
from ..shipped import is_scenario, scenario_names
from .streams import flush, prepare, silence, was_interrupted

#: What each verb does, in the first words of its help, as short as a line of 80 columns shows them.
#: A list of them loads none of their modules.
VERBS: Mapping[str, str] = {
    "attest": "State what a report of `conform` says",
    "compare": "Run two collectors over the same scenarios",
    "conform": "Put a collector through every scenario, and judge every clause",
    "explain": "Explain a clause of the contract or a scenario",
    "lint": "Tell what would become of event files, and why, clause by clause",
    "list": "List the scenarios, or what they are made of",
    "load": "Write real event files at a real rate",
    "matrix": "Put every hostile object in the way of every step",
    "mutants": "Run deliberately wrong collectors",
    "new": "Write a first version of a file",
    "recheck": "Judge a saved history anew",
    "replay": "Run a kept failure again",
    "report": "Write reports of what was saved",
    "run": "Run one scenario and judge it, clause by clause",
    "schema": "Print the JSON Schema of a format",
    "shrink": "Make a failing scenario small",
    "smoke": "Bring a new collector up",
    "sweep": "Run random scenarios",
    "vendor": "Copy the reference collector to DEST",
    "why": "Tell the first decision in which a failing run differs",
    "write": "Write real files of one producer into DIR",
}

#: Where a context keeps whether more is to be told; errors that end the command ask there.
VERBOSE = "etp_kit.verbose"
#: Set by a shell that asks what may come next.
_COMPLETES = "_SIMULATE_COMPLETE"
#: Characters of an error's line; more would be a page.
_LONGEST = 2_000


class _Verb(click.Command):
    """Stands for a verb until it is called. Its module loads the rooms that it works with, which no
    other verb is to wait for (docs/adr/0020-start-up.md).
    """

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """The context of the verb itself."""
        try:
            module = import_module(f".{self.name}", __package__)
        except ModuleNotFoundError as error:
            raise missing_extra(error, f"`simulate {self.name}`") or error from None
        verb: click.Command = getattr(module, f"{self.name}_command")
        return verb.make_context(info_name, args, parent, **extra)


class _Verbs(click.Group):
    #: Whether the command that ran was asked to tell more.
    verbose = False

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0].startswith("-") and args[0] not in {"--help", "-h", "--version"}:
            args = ["run", *args]
        return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """A verb, or a scenario: what is named like one is run."""
        name = args[0]
        if name in self.commands:
            return super().resolve_command(ctx, args)
        if is_scenario(name):
            return "run", self.commands["run"], args
        hint = did_you_mean(name, [*self.commands, *scenario_names()]) or "`simulate --help` shows the verbs"
        raise BadInput(f"neither a verb nor a scenario is named {safe(name)!r}", hint=hint)

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        finally:
            self.verbose = bool(ctx.meta.get(VERBOSE))


@click.group(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="simulate")
def cli() -> None:
    """Put a collector of extension telemetry through real and hostile extensions, and see what becomes of every event.

    \b
    simulate run flood                      one extension floods, the others must not notice
    simulate conform --collector dir:PATH   every clause of the contract, any collector
    simulate list                           every scenario
    """


for _name, _about in VERBS.items():
    cli.add_command(_Verb(_name, help=_about))


def main() -> NoReturn:
    """The console script. Every end of a command is an exit code, and every error one line
    besides."""
    try:
        prepare()
        if _COMPLETES in os.environ:
            from .completion import offer_whole_words  # noqa: PLC0415 - it is loaded where a shell asks

            offer_whole_words()
        code = _ended()
        flush()
    except KeyboardInterrupt:
        # What a shell asked for is shown beside its prompt, where nobody asked for this.
        code = Exit.INTERRUPTED if _COMPLETES in os.environ else _fail("interrupted", Exit.INTERRUPTED)
    except OSError as error:
        code = _fail(_refused(error), Exit.BAD_INPUT)
    except BadInput as error:
        code = _fail(str(error), Exit.BAD_INPUT)
    sys.exit(code)


def _ended() -> int:
    """Run the command. Raises OSError where what it says finds no way out, BadInput and
    KeyboardInterrupt."""
    try:
        code = cli.main(prog_name="simulate", standalone_mode=False)
    except SystemExit as error:  # click and rich end so where a pipe is closed, with the code of a failed clause
        if isinstance(error.__context__, OSError):
            raise error.__context__ from None
        raise
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return Exit.CONFORMANT
    except click.ClickException as error:
        return _fail(error.format_message(), Exit.BAD_INPUT)
    except BadInput as error:
        return _fail(str(error), Exit.BAD_INPUT, error.below)
    except KitBroke as error:
        *above, last = str(error).strip().splitlines() or ["no reason was told"]
        return _fail(f"the kit broke: {last}", Exit.KIT_BROKE, (*above, last) if above else ())
    except click.Abort:
        raise KeyboardInterrupt from None
    except OSError:
        raise
    except Exception as error:
        if was_interrupted():
            raise KeyboardInterrupt from error
        told = f"the kit broke: {type(error).__name__}: {error}; -v shows where"
        return _fail(told, Exit.KIT_BROKE, tuple(traceback.format_exc().splitlines()))
    return code if isinstance(code, int) else Exit.CONFORMANT


def _refused(error: OSError) -> str:
    """What the system refused; of an error that names no file, standard output is what was written
    to."""
    reason = error.strerror or str(error)
    if error.filename is not None:
        return f"{error.filename}: {reason}"
    if error.errno not in {errno.EPIPE, errno.ENOSPC, errno.EIO, errno.EBADF, errno.EFBIG}:
        return f"the system refused: {reason}"
    silence()
    return f"standard output cannot be written: {reason}"


def _fail(text: str, code: Exit, below: Sequence[str] = ()) -> Exit:
    """One line on standard error; what stands below it where more was asked for. It may hold a
    collector's own words."""
    lines = [f"simulate: {safe(text, _LONGEST)}"]
    if cli.verbose:
        lines += [safe(line, _LONGEST) for line in below]
    with suppress(OSError, ValueError):  # standard error may be gone as well
        click.echo("\n".join(lines), err=True)
    return code
