"""A requirement set more: today's clauses, kept under the version of a release.

    python -m etp_kit.simulator.contract.freeze 1.0
"""

from __future__ import annotations

import re
import sys
import tomllib

from ..base import BadInput
from .requirement_set import SETS, today

_HEAD = """\
# The clauses of each version of the contract: level, and the beginning of the SHA-256 of the statement.
# Frozen by `python -m etp_kit.simulator.contract.freeze VERSION`; a set that is here never changes.
"""


def freeze(version: str, text: str) -> str:
    """The file's text with today's contract under this version.

    Raises BadInput for one that it has, or that is none.
    """
    if not re.fullmatch(r"[1-9][0-9]*\.[0-9]+", version, re.ASCII):
        raise BadInput(f"{version!r} is no version", where="VERSION", hint="expected one such as 1.0")
    if version in tomllib.loads(text):
        raise BadInput(f"version {version!r} is frozen, and never changes", where=SETS.name)
    lines = [f'"{slug}" = "{level} {statement}"' for slug, (level, statement) in today().clauses.items()]
    return "\n".join([(text or _HEAD).rstrip("\n"), "", f'["{version}"]', *lines, ""])


if __name__ == "__main__":
    try:
        SETS.write_text(freeze(sys.argv[1], SETS.read_text("utf-8") if SETS.exists() else ""), "utf-8")
    except (BadInput, IndexError) as error:
        sys.exit(f"freeze: {error if isinstance(error, BadInput) else 'which VERSION?'}")
