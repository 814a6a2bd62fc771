"""The page of the mutants that sweeps find without a hint:
`python -m etp_kit.simulator.sweep.found_page`.

Rules: what was found comes from runs, which go on where they were interrupted. Why one cannot be
found stands in ``unfound.toml``. One that passes without a reason is an error, as is a reason of
one that is found.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from ..base import Exit, KitBroke
from ..safe import keep_page, markdown_table
from .hunts import CHOICE, COUNT, MOST_SEEDS, WORLD, Hunted, chosen, hunt
from .shrinking import FEW_STEPS

DOCUMENT: Final = Path(__file__).resolve().parents[2] / "docs" / "found.md"
_REASONS: Final = Path(__file__).with_name("unfound.toml")
#: What a person reads at a glance, as ``FEW_STEPS``.
MOST_LINES = 20
_HEAD: Final = """\
<!-- Made by `python -m etp_kit.simulator.sweep.found_page` from runs and unfound.toml: change that. -->
# Mutants that sweeps find

{count} mutants, chosen by seed {choice}: one of each family, and the rest of all. A sweep of up to
{most:,} seeds in the {world} world ran against each, without a hint. Any clause may find it. The first
failure was made small. What is left of it are so many steps of writers, and so many lines of a
scenario file. Seconds are of processor time, for both.

{found} of {count} were found. Their scenarios have at most {steps} steps and {lines} lines.
"""


def reasons() -> dict[str, str]:
    """mutant -> why no random scenario shows it."""
    return {name: str(why) for name, why in tomllib.loads(_REASONS.read_text(encoding="utf-8"))["unfound"].items()}


def document(hunted: Sequence[Hunted], why: Mapping[str, str]) -> str:
    """The page. Raises KitBroke where one passes for no told reason, is found in spite of one, or
    is not small.
    """
    found = [one for one in hunted if one.seeds]
    missed = {one.mutant.name: one for one in hunted if not one.seeds}
    wrong = [f"{name} passes without a reason" for name in missed if name not in why]
    wrong += [f"{one.mutant.name} is found, and has a reason" for one in found if one.mutant.name in why]
    large = [one for one in found if not _is_small(one)]
    wrong += [f"{one.mutant.name} is not small: {one.steps} steps, {one.lines} lines" for one in large]
    if wrong:
        raise KitBroke("; ".join(wrong))
    parts = [
        _HEAD.format(
            count=len(hunted), choice=CHOICE, most=MOST_SEEDS, world=WORLD, found=len(found),
            steps=max((one.steps for one in found), default=0), lines=max((one.lines for one in found), default=0),
        ),
        markdown_table(["mutant", "its clause", "seeds", "what failed", "steps", "lines", "seconds"], map(_row, found)),
    ]  # fmt: skip
    if missed:
        parts += ["", "## Not found", "", "No random scenario shows these, in principle:", ""]
        rows = (
            [f"`{name}`", f"`{one.mutant.clause}`", why[name], f"{one.seconds:.0f}"] for name, one in missed.items()
        )
        parts.append(markdown_table(["mutant", "its clause", "why", "seconds"], rows))
    return "\n".join(parts) + "\n"


def _is_small(one: Hunted) -> bool:
    return 0 <= one.steps <= FEW_STEPS and 0 <= one.lines <= MOST_LINES


def _row(one: Hunted) -> list[str]:
    told = [f"`{one.mutant.name}`", f"`{one.mutant.clause}`", f"{one.seeds:,}", f"`{one.signature}`"]
    return [*told, str(one.steps), str(one.lines), f"{one.seconds:.0f}"]


def _made(_path: Path) -> str:
    hunted = []
    for number, mutant in enumerate(chosen(), 1):
        print(f"{number} of {COUNT}: {mutant.name}", file=sys.stderr)
        hunted.append(hunt(mutant))
    return document(hunted, reasons())


def main(arguments: Sequence[str]) -> Exit:
    """Write the page, or compare it."""
    return keep_page(arguments, "etp_kit.simulator.sweep.found_page", DOCUMENT, _made)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
