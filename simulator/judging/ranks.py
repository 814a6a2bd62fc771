"""Verdicts in order, as every report shows them: which of several is told, which need someone, in
which style, and what a command ends with.

Rules: an unexpected failure is worst, and no error of the kit hides it. An error comes before an
expected failure, because what it hides is not known; so does what the machine starved. A pass comes
before a skip: a clause that was skipped in one world and holds in another was judged, and holds.
"""

from __future__ import annotations

from ..base import Exit
from ..core import STARVED

#: Kinds of a failure that is expected: by the profile's design, or for a while.
DIFFERENCE, KNOWN = "difference", "known"
EXPECTED = frozenset({DIFFERENCE, KNOWN})
#: Verdicts that are told with their reason.
FAILING = frozenset({"fail", "error"})
#: How a terminal shows each verdict, in the order in which they are counted.
STYLES = {"pass": "green", "fail": "bold red", "skip": "yellow", "error": "bold magenta"}

#: What a command ends with that judged one thing.
EXITS = {"pass": Exit.CONFORMANT, "fail": Exit.NOT_CONFORMANT, "error": Exit.KIT_BROKE, "skip": Exit.INCONCLUSIVE}

_WORST_FIRST = ("fail", "error", STARVED, "expected", "pass", "skip")


def is_expected(verdict: str, kind: str) -> bool:
    """Whether somebody said before that it fails: nobody has to look."""
    return verdict == "fail" and kind in EXPECTED


def is_failure(verdict: str, kind: str) -> bool:
    """Whether it needs someone: it failed and nobody expects that, or it could not be judged."""
    return verdict in FAILING and not is_expected(verdict, kind)


def rank(verdict: str, kind: str = "") -> int:
    """The place of a verdict among others, the worst first."""
    if verdict == "skip" and kind == STARVED:
        return _WORST_FIRST.index(STARVED)
    return _WORST_FIRST.index("expected" if is_expected(verdict, kind) else verdict)
