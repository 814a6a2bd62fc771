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
