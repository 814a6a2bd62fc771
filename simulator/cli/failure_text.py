"""A failure that was made small, as the terminal shows it."""

from __future__ import annotations

from ..safe import safe
from ..sweep import Found, pasted, scenario_text

_LONGEST = 400


def failure_text(found: Found, identity: str) -> str:
    """The failure, its scenario, the line that shows it again, and a test to paste."""
    many = "steps" if found.steps != 1 else "step"
    first = "" if found.seed == found.original_seed else f", found with seed {found.original_seed}"
    seeds = f"seed {found.seed}{first}"
    return "\n".join(
        [
            f"{found.signature} ({seeds}, {found.world} world, {found.steps} writers' {many})",
            *(safe(line, _LONGEST) for line in found.cause or (found.reason,)),
            "",
            *_indented(scenario_text(found.data)),
            "",
            f"simulate replay {identity}",
            "",
            *_indented(pasted(found)),
        ]
    )


def _indented(text: str) -> list[str]:
    """Line by line: a scenario's texts are escaped where they act."""
    return [f"    {line}" if line else "" for line in text.splitlines()]
