"""The exit codes of every verb and page generator:
each number once, with its name, its word in reports and its meaning.

A code is for ever: scripts of other people test it.
Every document's table is made from it: ``python -m etp_kit.simulator.cli.exit_codes_page``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import IntEnum
from types import MappingProxyType


class Exit(IntEnum):
    """What a process says with its end.
    ``word``: in the heading of a report; ``meaning``: in documents.
    """

    word: str
    meaning: str

    def __new__(cls, code: int, word: str = "", meaning: str = "") -> Exit:
        member = int.__new__(cls, code)
        member._value_ = code
        member.word, member.meaning = word, meaning
        return member

    CONFORMANT = 0, "conformant", "every clause that was judged holds; lint: nothing was found; load: nothing was lost or altered"
    NOT_CONFORMANT = (
        1,
        "not conformant",
        "a clause failed, or the collector hung or died; lint: there are findings; compare: they differ; vendor: a copy was changed",
    )
    INTERRUPTED = 2, "interrupted", "interrupted"
    KIT_BROKE = 3, "the kit broke", "the kit broke: a clause had nothing that shows it, a mutant got through, a writer of a load failed"
    BAD_INPUT = 4, "bad input", "usage or bad input; one line says what, where and what was expected"
    NOTHING_SELECTED = 5, "nothing selected", "nothing was selected, or nothing to lint was found"
    INCONCLUSIVE = (
        10,
        "inconclusive",
        (
            "all skipped, or nothing could have been found, or the machine was too busy to tell;"
            " of one scenario: a clause that it names showed nothing"
        ),
    )
    THRESHOLD_CROSSED = 11, "a threshold was crossed", "a threshold of a load was crossed, or its safety rail ended it"
    NOT_DETERMINISTIC = 12, "not deterministic", "the same run gave two histories"


#: What a code says of one verb, where that is narrower than its meaning for all.
#: verb -> code -> when.
OF_VERB: Mapping[str, Mapping[Exit, str]] = MappingProxyType(
    {
        "conform": {
            Exit.CONFORMANT: "conformant",
            Exit.NOT_CONFORMANT: "not conformant; a stale expectation too",
            Exit.INTERRUPTED: "interrupted",
            Exit.KIT_BROKE: "the kit broke; a clause without a scenario too",
            Exit.BAD_INPUT: "bad input",
            Exit.NOTHING_SELECTED: "nothing selected",
            Exit.INCONCLUSIVE: (
                "all skipped, or a run that the machine gave no chance, whatever else passed;"
                " of one scenario (`simulate run`) also where a clause that it names showed nothing"
            ),
        },
        "lint": {
            Exit.CONFORMANT: "no findings, or none that `--fail-on` counts",
            Exit.NOT_CONFORMANT: "findings; `--fail-on error` counts errors alone, `--fail-on never` nothing",
            Exit.INTERRUPTED: "interrupted",
            Exit.KIT_BROKE: "the kit broke",
            Exit.BAD_INPUT: "bad usage: a path that does not exist, an unknown profile or rule",
            Exit.NOTHING_SELECTED: "nothing to lint: a run that looked at nothing is no success",
        },
        "load": {
            Exit.CONFORMANT: "nothing was found",
            Exit.NOT_CONFORMANT: (
                "events were lost, doubled (at-most-once), altered, invented or undue,"
                " and no threshold allows it; or the agent ended"
            ),
            Exit.INTERRUPTED: "interrupted: writers and collector have ended, the report tells what was so far",
            Exit.KIT_BROKE: "a writer of the kit broke",
            Exit.BAD_INPUT: "bad input; nothing was written",
            Exit.INCONCLUSIVE: (
                "nothing was found and could not have been: nothing was taken, the sink could not be read,"
                " a threshold could not be measured, or the rate was not held"
            ),
            Exit.THRESHOLD_CROSSED: "a threshold was crossed, or the safety rail ended the flood",
        },
    }
)


#: Which of several is told: the first here. What puts more in doubt comes first;
#: less than the load that was asked for (10) excuses no loss (1, 11).
_WORST_FIRST = (
    Exit.INTERRUPTED,
    Exit.KIT_BROKE,
    Exit.BAD_INPUT,
    Exit.NOT_CONFORMANT,
    Exit.NOT_DETERMINISTIC,
    Exit.THRESHOLD_CROSSED,
    Exit.INCONCLUSIVE,
    Exit.NOTHING_SELECTED,
    Exit.CONFORMANT,
)


def severity(code: Exit) -> int:
    """Its place among all, the worst first: a key to sort by."""
    return _WORST_FIRST.index(code)


def worst(codes: Iterable[Exit]) -> Exit:
    """The code of a process to which all of these apply; conformant where none does."""
    return min(codes, key=severity, default=Exit.CONFORMANT)
