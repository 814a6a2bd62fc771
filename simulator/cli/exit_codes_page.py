"""The tables of exit codes in README and docs/, made from the one table in code:
`python -m etp_kit.simulator.cli.exit_codes_page [--check]`.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from ..base import OF_VERB, Exit, worst
from ..safe import keep_page, markdown_table, with_parts

_ROOT: Final = Path(__file__).resolve().parents[2]
_MODULE: Final = "etp_kit.simulator.cli.exit_codes_page"

#: page -> the verb whose table stands there; "" for that of all verbs.
PAGES: Final[Mapping[str, str]] = {
    "README.md": "",
    "docs/conformance.md": "conform",
    "docs/exit-codes.md": "",
    "docs/lint.md": "lint",
    "docs/load.md": "load",
}


def table(verb: str) -> str:
    """The codes of a verb, or all of them."""
    told = OF_VERB[verb] if verb else {code: code.meaning for code in Exit}
    return markdown_table(["code", "meaning"], ([str(code.value), text] for code, text in told.items()))


def main(arguments: Sequence[str], root: Path = _ROOT) -> Exit:
    """Write the tables of every page, or compare them."""
    return worst([_keep(arguments, root / page, verb) for page, verb in PAGES.items()])


def _keep(arguments: Sequence[str], page: Path, verb: str) -> Exit:
    def make(path: Path) -> str:
        return with_parts(path.read_text(encoding="utf-8"), {"exit_codes": table(verb)})

    return keep_page(arguments, _MODULE, page, make)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
