"""``simulate replay``: a failure that a sweep kept, run again."""

from __future__ import annotations

import click

from ..base import Exit
from ..safe import safe
from ..sweep import find, replay
from . import options

_EXITS = {"FAILED": Exit.NOT_CONFORMANT, "FIXED": Exit.CONFORMANT, "DIFFERENT": Exit.INCONCLUSIVE}
_LONGEST = 400


@click.command("replay")
@click.argument("failure", metavar="ID|FILE")
@options.another_collector
@options.trust
@options.cage
@click.pass_context
def replay_command(ctx: click.Context, /, failure: str, collector: str, *, trust: bool) -> None:
    """Run a kept failure again: FAILED (exit 1), FIXED (0), or DIFFERENT (10), where it shows
    something else.

    \b
    simulate replay clean.residue-4-1f0c2a9b
    simulate replay .simulate/failures/clean.residue-4-1f0c2a9b/scenario.toml --collector dir:.
    """
    kept = find(failure)
    found = replay(kept, options.named_or_kept(collector, kept.recorded.collector, trusted=trust))
    click.echo(f"{found.outcome}: {safe(found.why, _LONGEST)}")
    ctx.exit(_EXITS[found.outcome])
