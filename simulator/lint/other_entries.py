"""Entries of an events dir that are no event files:
what they may have been meant to be, and what becomes of them.
"""

from __future__ import annotations

import re
import stat

from .finding import FileFate, FileOutcome, Finding
from .recognise import holds_agent_event, holds_event, is_temporary
from .reference import directory, listing

_UNICODE_DIGITS = re.compile(r"\d+\.json\s*\Z", re.IGNORECASE)
#: Entries of a sub-directory that are looked at.
_LOOKED_AT = 10_000


def stranger(place: directory.Directory, name: str, fate: FileFate) -> FileOutcome:
    """The outcome of an entry of an extension's events dir that is no event file."""
    outcome = FileOutcome(name, fate)
    try:
        mode = place.look(name).st_mode
    except OSError:
        return outcome
    if stat.S_ISDIR(mode):
        inside = _event_files(place, name)
        if inside:
            outcome.findings.append(Finding("sub-directory", f"{inside:,} event files in it are never read"))
    elif _UNICODE_DIGITS.match(name):
        text = "the digits must be ASCII, and the name must end at .json: nothing in it is read"
        outcome.findings.append(Finding("name", text, clause="select.ascii"))
    elif name.strip().lower().endswith(".json") and not name.startswith("."):
        outcome.findings.append(Finding("name", "expected digits and .json, such as 1767571200000.json: nothing in it is read"))
    elif listing.is_agent_event_file(name):
        outcome.findings.append(Finding("name", "agent events are read in the agent's own events dir alone: nothing in it is read"))
    elif not is_temporary(name) and holds_event(place, name):
        outcome.findings.append(Finding("name", "it holds an event, and a collector reads names such as 1767571200000.json alone: it is lost"))
    else:
        outcome.findings.append(Finding("unread", _residue(fate)))
    return outcome


def _residue(fate: FileFate) -> str:
    if fate == "residue":
        return "no event file, and older than a period: it is removed unread"
    return "no event file: it is not read, and removed once it is older than a period"


def agent_stranger(place: directory.Directory, name: str) -> FileOutcome:
    """The outcome of an entry of the agent's events dir that is no agent event:
    it stays for ever.
    """
    outcome = FileOutcome(name, "spared")
    try:
        mode = place.look(name).st_mode
    except OSError:
        return outcome
    if name.strip().lower().endswith(".tld"):
        outcome.findings.append(Finding("name", "expected a name that ends in .tld, in this case: nothing in it is read", clause="agent.pickup"))
    elif not is_temporary(name) and holds_agent_event(place, name):
        text = "it holds an agent event, and names that end in .tld are read alone: it is lost"
        outcome.findings.append(Finding("name", text, clause="agent.pickup"))
    elif not stat.S_ISDIR(mode):
        text = "not read and never removed: such files fill the disk"
        outcome.findings.append(Finding("unread", text, clause="agent.pickup"))
    return outcome


def _event_files(place: directory.Directory, name: str) -> int:
    try:
        with place.enter(name) as inner:
            return sum(1 for inside, _ in zip(inner.names(), range(_LOOKED_AT), strict=False) if listing.is_event_file(inside))
    except OSError:
        return 0
