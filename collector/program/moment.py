"""Timestamps of RFC 3339, all of them, as Unix times.

`T` and `Z` may be small, a space may stand for `T` (section 5.6), and an offset may be any from
-23:59 to +23:59. A second 60 is a leap second, which stands at the end of a UTC month alone
(section 5.7). Unix time has no place for it, so it becomes the next second.
"""

import calendar
import re
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional

_TIMESTAMP = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))", re.ASCII
)
_SECOND = 10**9
_MOST = 1 << 64  # timeUnixNano is a fixed64, which ends in 2554


def unix_ns(timestamp: "Any") -> "Optional[int]":
    """The Unix time in ns; None for what is no such timestamp, and for what 64 bits do not hold."""
    found = _TIMESTAMP.fullmatch(timestamp) if isinstance(timestamp, str) else None
    if found is None:
        return None
    year, month, day, hour, minute, second = map(int, found.groups()[:6])
    if not (year and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]):
        return None
    offset_hour, offset_minute = int(found.group(9) or 0), int(found.group(10) or 0)
    if hour > 23 or minute > 59 or second > 60 or offset_hour > 23 or offset_minute > 59:
        return None
    offset = offset_hour * 3600 + offset_minute * 60
    utc = calendar.timegm((year, month, day, hour, minute, second)) - (-offset if found.group(8) == "-" else offset)
    if second == 60 and not _begins_a_month(utc):
        return None
    whole = utc * _SECOND + int((found.group(7) or "0")[:9].ljust(9, "0"))
    return whole if 0 <= whole < _MOST else None


def _begins_a_month(utc: int) -> bool:
    """Whether the next second after 60 is the first of a month."""
    moment = time.gmtime(utc)
    return (moment.tm_mday, moment.tm_hour, moment.tm_min, moment.tm_sec) == (1, 0, 0, 0)
