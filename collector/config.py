"""The settings of a collector, checked once and never changed afterwards.

Every limit is the contract's (CONTRACT.md section 1); the name of a setting that is nonsense is in the error.
"""

import logging
from collections import namedtuple

from .telemetry import no_common_parameters

AT_MOST_ONCE = "at-most-once"
AT_LEAST_ONCE = "at-least-once"

_DEFAULTS = (
    ("period", 300.0),  # s between passes over extension events (run.periods)
    ("agent_events_period", 60.0),  # s between passes over agent events
    ("quota", 360),  # accepted events an extension a pass (quota.per-extension)
    ("delivery", AT_MOST_ONCE),
    ("extension_events", True),  # False: the extension pipeline is off (run.feature-off)
    ("max_file_size", 4194304),  # bytes (select.size)
    ("max_message", 3072),  # characters (event.message-cut)
    ("max_event", 6144),  # characters over the eight fields (event.size)
    ("max_element", 262144),  # characters of one element (read.element)
    ("tries", 3),  # reads of a torn file (read.torn)
    ("retry_delay", 1.0),  # s between them
    ("max_wait", 2.0),  # s of waiting a pass, all extensions together (read.torn-budget)
    ("max_parse", 16777216),  # bytes parsed of one extension a pass (read.bounded-time)
    ("max_rejects", 10000),  # rejected events and files of one extension a pass (quota.rejects)
    ("max_spared", 1000),  # young entries that are no event files, left for their writers (clean.in-flight)
    ("max_spared_bytes", 41943040),
    ("max_early_removals", 10000),  # removals of one extension before every other was read (isolate.time)
    ("max_log_records", 20),  # an extension a pass (report.log-bound)
    ("common_parameters", no_common_parameters),
    ("logger", None),
    ("emit", None),
)

SETTINGS = tuple(name for name, _ in _DEFAULTS)

Config = namedtuple("Config", ("log_dir", "agent_events_dir") + SETTINGS)  # type: ignore[misc]

_POSITIVE_NUMBERS = ("period", "agent_events_period")
_NUMBERS = ("retry_delay", "max_wait")
_POSITIVE_INTEGERS = ("quota", "max_file_size", "max_message", "max_event", "max_element", "tries", "max_parse", "max_rejects",
                      "max_early_removals", "max_log_records")  # fmt: skip
_INTEGERS = ("max_spared", "max_spared_bytes")


def configure(log_dir, agent_events_dir, settings):
    # type: (str, object, dict) -> Config
    """The configuration. Raises TypeError for an unknown setting, ValueError for a value that makes no sense."""
    for name in settings:
        if name not in SETTINGS:
            raise TypeError("unknown setting %r; known: %s" % (name, ", ".join(SETTINGS)))
    _check_directory("log_dir", log_dir)
    if agent_events_dir is not None:
        _check_directory("agent_events_dir", agent_events_dir)
    values = dict(_DEFAULTS)  # type: dict
    values.update(settings)
    for name in _POSITIVE_NUMBERS + _NUMBERS + _POSITIVE_INTEGERS + _INTEGERS:
        _check_number(name, values[name])
    if values["delivery"] not in (AT_MOST_ONCE, AT_LEAST_ONCE):
        raise ValueError("delivery is %r or %r, not %r" % (AT_MOST_ONCE, AT_LEAST_ONCE, values["delivery"]))
    if not isinstance(values["extension_events"], bool):
        raise ValueError("extension_events is True or False, not %r" % (values["extension_events"],))
    if values["logger"] is not None and not isinstance(values["logger"], (logging.Logger, logging.LoggerAdapter)):
        raise ValueError("logger is a logging.Logger, not %r" % (values["logger"],))
    if not callable(values["common_parameters"]):
        raise ValueError("common_parameters is no callable")
    if values["emit"] is not None and not callable(values["emit"]):
        raise ValueError("emit is no callable")
    values["logger"] = values["logger"] or logging.getLogger(__name__)
    return Config(log_dir, agent_events_dir, **values)  # type: ignore[call-arg]


def _check_directory(name, path):
    # type: (str, object) -> None
    if not isinstance(path, str) or not path.startswith("/") or "\0" in path:
        raise ValueError("%s is an absolute path, not %r" % (name, path))


def _check_number(name, value):
    # type: (str, object) -> None
    whole = name in _POSITIVE_INTEGERS or name in _INTEGERS
    if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)):
        raise ValueError("%s is %s, not %r" % (name, "an integer" if whole else "a number", value))
    least = 0 if name in _NUMBERS or name in _INTEGERS else 1 if whole else 1e-3
    if not least <= value < float("inf"):  # type: ignore[operator]
        raise ValueError("%s is %s or more and finite, not %r" % (name, least, value))
