"""The page of what `simulate why` names of each mutant:
`python -m etp_kit.simulator.sweep.named_page`.

Rules: what is named comes from runs, which go on where they were interrupted. What should be named
stands with the mutant. The share that is named rightly stands on the page, and each that is not.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from ..base import Exit
from ..safe import keep_page, markdown_table
from ..shipped import mutants
from .naming import MOST_SECONDS, Named, library_by_work, named

DOCUMENT: Final = Path(__file__).resolve().parents[2] / "docs" / "named.md"
_HEAD: Final = """\
<!-- Made by `python -m etp_kit.simulator.sweep.named_page` from runs: change that. -->
# What a cause names

Each mutant ran in the smallest scenario of its clause that shows it. `simulate why` told the first
decision in which it differs from the reference. What that decision should be about stands with the
mutant (`shows`): the call and the kind of its file, or the parameter. A cause is right where it
names each of these words.

{right} of {all} are named rightly ({share:.1f} %). {quick} of them took less than {most:g} s of processor time.
"""


def document(found: Sequence[Named]) -> str:
    """The page."""
    right = sum(one.is_right for one in found)
    head = _HEAD.format(
        right=right, all=len(found), share=100 * right / max(1, len(found)),
        quick=sum(one.is_quick for one in found), most=MOST_SECONDS,
    )  # fmt: skip
    rows = (
        [f"`{one.mutant.name}`", one.scenario, one.mutant.shows, "yes" if one.is_right else _otherwise(one)]
        for one in found
    )
    return "\n".join([head, markdown_table(["mutant", "scenario", "should name", "named"], rows)]) + "\n"


def _otherwise(one: Named) -> str:
    """What it named in its place."""
    return f"**no**: {' '.join(sorted(one.words)) or 'nothing'}"


def _made(_path: Path) -> str:
    library = library_by_work()
    found = []
    for number, mutant in enumerate(mutants().values(), 1):
        print(f"{number} of {len(mutants())}: {mutant.name}", file=sys.stderr)
        found.append(named(mutant, library))
    return document(found)


def main(arguments: Sequence[str]) -> Exit:
    """Write the page, or compare it."""
    return keep_page(arguments, "etp_kit.simulator.sweep.named_page", DOCUMENT, _made)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
