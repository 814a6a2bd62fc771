"""Levels of events as severities of OpenTelemetry's logs data model (Appendix B of its
specification).

The columns of that table disagree about one word: Critical is 18 for syslog and 21 for ETW and
.NET. Event levels are those of ETW, so ETW decides. LogAlways is a directive to a filter and no
severity there: its number is 0, as that of every word that the table has not.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict

_SHORT_NAMES = ("trace", "debug", "info", "warn", "error", "fatal")  # four numbers each, from 1 on
_WORDS = {
    1: "finest",
    5: "verbose finer",
    6: "fine",
    7: "config",
    9: "informational information",
    10: "notice",
    13: "warning",
    17: "err severe",
    18: "crit dpanic",  # keywords of syslog and Zap alone
    19: "alert panic",
    21: "critical emergency emerg",
}
_ETW = {"1": 21, "2": 17, "3": 13, "4": 9, "5": 5}


def _table() -> "Dict[str, int]":
    found = dict(_ETW)
    for place, name in enumerate(_SHORT_NAMES):
        first = 4 * place + 1
        found[name] = first
        found.update((f"{name}{more}", first + more - 1) for more in (1, 2, 3, 4))
    for number, words in _WORDS.items():
        found.update((word, number) for word in words.split())
    return found


_NUMBERS = _table()


def severity_number(level: str) -> int:
    """0 (unspecified) to 24."""
    return _NUMBERS.get(level.strip().lower(), 0)
