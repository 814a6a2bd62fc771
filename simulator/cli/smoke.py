"""``simulate smoke``: brings a new collector up, step by step."""

from __future__ import annotations

import shlex

import click
from rich.console import Console
from rich.markup import escape

from ..base import Exit
from ..core import STARVED
from ..judging import EXITS, FAILING
from ..reports import show_said
from ..runner import WATCHDOG
from ..safe import safe
from ..subjects import check_spec
from ..suite import SmokeFinding, bring_up, steps
from . import options

#: Steps that must pass for anything to be known: hello, and one that makes a pass.
_LEAST = 2
_MARKS = {"pass": "[green]ok[/]     ", "skip": "[yellow]skipped[/]"}


@click.command("smoke")
@options.collector
@options.hooks
@options.cage
@options.timeout(WATCHDOG)
@options.verbose
@click.pass_context
def smoke_command(ctx: click.Context, collector: str, timeout: float, verbose: bool) -> None:
    """Bring a new collector up: does it start, make an empty pass, take one event, ...?

    It ends at the first step that is missing, and says what was expected, what came, and what to implement next.
    Exit code 0: every step that can be judged; 1: one is missing; 3: the kit broke; 10: nothing could be judged.

    \b
    simulate smoke --collector 'cmd:perl mine/collector.pl'
    simulate smoke --collector py:myagent.collector:build
    """
    check_spec(collector)
    console = Console(emoji=False, highlight=False)
    total, done = len(steps()), 0
    with console.status("") as status:
        for finding in bring_up(collector, timeout, lambda step: status.update(step.title)):
            if finding.verdict in FAILING:
                _missing(console, finding, done, total, verbose=verbose)
                ctx.exit(EXITS[finding.verdict])
            if finding.verdict == STARVED:
                told = f"[yellow]inconclusive[/] {finding.step.title}: {escape(safe(finding.came, 800))}"
                console.print(told, soft_wrap=True)
                ctx.exit(Exit.INCONCLUSIVE)
            done += finding.verdict == "pass"
            why = f": {escape(safe(finding.came, 300))}" if finding.came else ""
            console.print(f"{_MARKS[finding.verdict]} {finding.step.title}{why}", soft_wrap=True)
    if done < _LEAST:
        console.print(f"[yellow]{done} of {total} steps[/]: nothing was judged, since the collector declares too little", soft_wrap=True)
        ctx.exit(Exit.INCONCLUSIVE)
    console.print(f"[green]{done} of {total} steps[/]. Next: simulate conform --level core --collector {escape(shlex.quote(collector))}", soft_wrap=True)


def _missing(console: Console, finding: SmokeFinding, done: int, total: int, *, verbose: bool) -> None:
    step = finding.step
    console.print(f"[bold red]missing[/] {step.title}", soft_wrap=True)
    for name, text in (("expected", step.expects), ("came", safe(finding.came, 800)), ("next", step.next)):
        console.print(f"  [bold]{name + ':':<10}[/]{escape(text)}", soft_wrap=True)
    show_said(console, finding.said, verbose=verbose)
    console.print(f"{done} of {total} steps", soft_wrap=True)
