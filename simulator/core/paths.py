"""Paths of a world, relative to its root, with ``/``.

``log/HANDLER/events/NAME`` is an event file, ``lib/events/NAME.tld`` an agent event,
and what lies in ``outside`` no collector may touch.
"""

from __future__ import annotations

LOG_DIR = "log"
AGENT_EVENTS_DIR = "lib/events"
OUTSIDE = "outside"

#: What lies outside for links to point at;
#: a collector that delivers it or removes it was led astray.
SECRET_FILE = f"{OUTSIDE}/secret.json"
SECRET_TEXT = "etp-outside"  # noqa: S105 - a mark to be found again, no password
#: An event file that lies outside, in a directory for links to point at.
FILE_OUTSIDE = f"{OUTSIDE}/directory/1767571200000.json"


def directory_outside(actor: int) -> str:
    """What an actor has outside the log dir, by its number."""
    return f"{OUTSIDE}/actor-{actor:03x}"


def handler_dir(handler: str) -> str:
    """A handler's directory."""
    return f"{LOG_DIR}/{handler}"


def events_dir(handler: str) -> str:
    """Where a handler's event files lie."""
    return f"{handler_dir(handler)}/events"


def event_path(handler: str, name: str) -> str:
    """Where an event file of this name lies: a handler's, or the agent's where that is ""."""
    return f"{events_dir(handler) if handler else AGENT_EVENTS_DIR}/{name}"


def is_in_log_dir(path: str) -> bool:
    """Whether it is a handler, or lies below one."""
    return path.startswith(f"{LOG_DIR}/")


def is_agent_event(path: str) -> bool:
    """Whether it lies in the agent's own events dir."""
    return path.startswith(f"{AGENT_EVENTS_DIR}/")


def is_outside(path: str) -> bool:
    """Whether it lies where no collector may touch anything."""
    return path.startswith(f"{OUTSIDE}/")


def is_below(path: str, directory: str) -> bool:
    """Whether it lies in a directory, however deep."""
    return path.startswith(f"{directory}/")


def is_handler_dir(path: str) -> bool:
    """Whether it is a handler's directory."""
    return is_in_log_dir(path) and path.count("/") == _HANDLER_DEPTH


def is_events_dir(path: str) -> bool:
    """Whether it is a handler's events dir."""
    return is_in_log_dir(path) and path.count("/") == _HANDLER_DEPTH + 1 and path.endswith("/events")


def is_entry(path: str) -> bool:
    """Whether it is what a collector finds in a handler's events dir, whatever it is."""
    return is_in_log_dir(path) and path.count("/") == _ENTRY_DEPTH


def is_entry_or_below(path: str) -> bool:
    """Whether it is such an entry, or lies below one."""
    return is_in_log_dir(path) and path.count("/") >= _ENTRY_DEPTH


def is_in_subdirectory(path: str) -> bool:
    """Whether it lies in a subdirectory of an events dir, where no collector looks."""
    return is_in_log_dir(path) and path.count("/") > _ENTRY_DEPTH


def file_name(path: str) -> str:
    """The last of its names."""
    return path.rpartition("/")[2]


def is_json(path: str) -> bool:
    """Whether its name ends as an extension's event files end."""
    return path.endswith(".json")


def is_tld(path: str) -> bool:
    """Whether its name ends as agent events end."""
    return path.endswith(".tld")


#: Slashes in the paths of a handler's directory and of what lies in its events dir.
_HANDLER_DEPTH, _ENTRY_DEPTH = 1, 3


def handler_of(path: str) -> str:
    """The extension that a scenario's path belongs to; "" for one outside the log dir."""
    root, _, rest = path.partition("/")
    return rest.partition("/")[0] if root == LOG_DIR else ""


def is_event_file(path: str) -> bool:
    """Whether the path is one of an event file in its events dir (select.ascii)."""
    parts = path.split("/")
    if len(parts) != 4 or parts[2] != "events":
        return False
    stem, dot, ending = parts[3].rpartition(".")
    return bool(dot) and ending.lower() == "json" and stem.isascii() and stem.isdigit()
