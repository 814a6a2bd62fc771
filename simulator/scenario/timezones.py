"""Time zones as a scenario names them: a rule of its own (POSIX: ``NST3:30``) or a name
(``Asia/Kolkata``).

Both are needed. A C library understands either; runtimes that read the data of zones themselves
know names alone and take a rule for UTC. A machine without that data gives UTC for every name,
without a word. A scenario in a named zone would show nothing there, so the data is asked for first.
"""

from __future__ import annotations

import zoneinfo
from pathlib import Path

#: Where C libraries look, whatever Python looks at.
DATA = Path("/usr/share/zoneinfo")

_RULE = r"[A-Z]{3,5}[+-]?[0-9]{1,2}(:[0-9]{2})?([A-Z]{3,5}((,M[0-9]{1,2}\.[1-5]\.[0-6](/[0-9]{1,2})?){2})?)?"
_NAME = r"[A-Z][A-Za-z_]+(/[A-Z][A-Za-z0-9_+-]*){1,2}"
#: What a scenario may say.
PATTERN = rf"^({_RULE}|{_NAME})?$"


def is_name(timezone: str) -> bool:
    """Whether it is a name: all that this format takes have a slash, and rules have one only behind
    a comma.
    """
    return "/" in timezone and "," not in timezone


def is_known(timezone: str) -> bool:
    """Whether this machine knows what that is there: every rule, and names that it has the data of.
    """
    return not is_name(timezone) or (DATA / timezone).is_file()


def has_data() -> bool:
    """Whether this machine has the data of zones at all."""
    return is_known("Etc/UTC")


def names() -> set[str]:
    """Those that this machine knows."""
    return zoneinfo.available_timezones()
