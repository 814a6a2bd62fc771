"""Whether a file that no collector reads holds an event all the same. Its publisher then believes
that it is collected, and is told that it is lost.
"""

from __future__ import annotations

import re
import stat
from contextlib import closing
from typing import Any

from .reference import agent, directory, errors, event, reader

#: Bytes that are looked at, and that the first event has to fit in.
_HEAD = 65_536
#: Of the eight keys; logs of other programs have a Version, a Timestamp and a Message too.
_LIKELY_KEYS = 5
_NO_LIMIT = 1 << 62
#: Names under which writers of the field, their languages' libraries and editors keep what is not
#: yet there: hidden, `tmp` and eight characters (Python), a bare UUID, and the usual endings.
_TEMPORARY = re.compile(
    r"\..*|tmp[\w-]*|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|.*(\.(tmp|temp|part|partial|swp|swx|bak|new|lock|crdownload)|~)([.-]?\w{1,12})?",
    re.IGNORECASE | re.DOTALL,
)


def is_temporary(name: str) -> bool:
    """Whether a name says that its file is in the making, or a spare copy."""
    return _TEMPORARY.fullmatch(name) is not None


def holds_event(place: directory.Directory, name: str) -> bool:
    """Whether an entry is a regular file that begins with an extension's event:
    one that would be collected, or that has most of its keys.
    """
    try:
        for element in reader.elements_of(reader.Text(_once(_head(place, name)), _HEAD)):
            return _is_event(element)
    except (errors.FileProblem, OSError):
        pass
    return False


def holds_agent_event(place: directory.Directory, name: str) -> bool:
    """The same of an agent event."""
    try:
        agent.parse(_head(place, name), ("", name, 0))
    except (errors.FileProblem, OSError):
        return False
    return True


def _is_event(element: Any) -> bool:
    if type(element) is not tuple:
        return False
    _, reason = event.judge(element, reader.PAIRS, _NO_LIMIT, _NO_LIMIT)
    return reason is None or len(event.fold(element)) >= _LIKELY_KEYS


def _head(place: directory.Directory, name: str) -> bytes:
    """The beginning of a regular file; raises OSError or FileProblem where it is none."""
    status = place.look(name)
    if not stat.S_ISREG(status.st_mode):
        raise errors.Irregular("no regular file")
    with closing(place.open_file(name, status, _NO_LIMIT)) as file:
        head: bytes = file.read(_HEAD)
    return head


def _once(data: bytes) -> Any:
    """``read`` of a file of these bytes."""
    parts = [data]
    return lambda _: parts.pop() if parts else b""
