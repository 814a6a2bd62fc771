"""Every setting of a collector, in one immutable object; nonsense is refused before anything runs.

The defaults are the contract's limits; each has its clause beside it. Whoever embeds the collector may tighten them.
"""

import logging
import os
from collections import namedtuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, NamedTuple, Optional

AT_MOST_ONCE = "at-most-once"
AT_LEAST_ONCE = "at-least-once"
DELIVERY = (AT_MOST_ONCE, AT_LEAST_ONCE)

LOG_DIR = "/var/log/azure"
AGENT_EVENTS_DIR = "/var/lib/waagent/events"

_YEAR = 366 * 86400.0
_HUGE = 1 << 62


def _no_common_parameters() -> "Dict[str, Any]":
    return {}


# name: (default, smallest, largest)
_SECONDS = {
    "period": (300.0, 1e-3, _YEAR),  # run.periods, clean.residue
    "agent_events_period": (60.0, 1e-3, _YEAR),
    "retry_delay": (1.0, 0.0, _YEAR),  # read.torn
    "max_wait": (2.0, 0.0, _YEAR),  # read.torn-budget
}
_COUNTS = {
    "quota": (360, 1, _HUGE),  # quota.per-extension, events
    "max_file_size": (4194304, 1, _HUGE),  # select.size, bytes
    "max_message": (3072, 1, _HUGE),  # event.message-cut, characters
    "max_event": (6144, 1, _HUGE),  # event.size, characters
    "max_element": (262144, 1, _HUGE),  # read.element, characters
    "tries": (3, 1, _HUGE),  # read.torn
    "max_parse": (16777216, 1, _HUGE),  # read.bounded-time, bytes an extension a pass
    "max_entries": (200000, 1, _HUGE),  # discover.endless, of one directory
    "max_rejects": (10000, 1, _HUGE),  # quota.rejects
    "max_spared": (1000, 0, _HUGE),  # clean.in-flight, entries
    "max_spared_bytes": (41943040, 0, _HUGE),  # clean.in-flight
    "max_early_removals": (10000, 1, _HUGE),  # isolate.time
    "max_log_records": (20, 1, _HUGE),  # report.log-bound
}
_LOGGER = logging.getLogger(__name__.rpartition(".")[0])
_OTHERS = {
    "delivery": AT_MOST_ONCE,
    "extension_events": True,  # run.feature-off
    "common_parameters": _no_common_parameters,  # called once a pass; a mapping or pairs
    "logger": _LOGGER,
    "emit": None,  # called with each Notice that becomes a telemetry event of the agent
}
_LOGGER.addHandler(logging.NullHandler())

SETTINGS = tuple(sorted({**_SECONDS, **_COUNTS, **_OTHERS}))

if TYPE_CHECKING:

    class Config(NamedTuple):
        log_dir: str
        agent_events_dir: Optional[str]
        agent_events_period: float
        common_parameters: Callable[[], Any]
        delivery: str
        emit: Optional[Callable[[Any], object]]
        extension_events: bool
        logger: logging.Logger
        max_early_removals: int
        max_element: int
        max_entries: int
        max_event: int
        max_file_size: int
        max_log_records: int
        max_message: int
        max_parse: int
        max_rejects: int
        max_spared: int
        max_spared_bytes: int
        max_wait: float
        period: float
        quota: int
        retry_delay: float
        tries: int

else:
    Config = namedtuple("Config", ("log_dir", "agent_events_dir") + SETTINGS)
    Config.__doc__ = "The settings of a collector, as `collector.build` takes them; `configure` makes one."


def configure(log_dir: "Any", agent_events_dir: "Any", **settings: "Any") -> Config:
    """A checked Config. ValueError names the setting that makes no sense, TypeError one that does not exist."""
    unknown = sorted(set(settings).difference(SETTINGS))
    if unknown:
        raise TypeError(f"unknown setting: {', '.join(unknown)}; there are: {', '.join(SETTINGS)}")
    values = dict(_OTHERS)  # type: Dict[str, Any]
    for limits in (_SECONDS, _COUNTS):
        values.update((name, limit[0]) for name, limit in limits.items())
    values.update(settings)
    for name, (_, least, most) in _SECONDS.items():
        _check_number(name, values[name], (int, float), least, most)
    for name, (_, least, most) in _COUNTS.items():
        _check_number(name, values[name], (int,), least, most)
    _check(values["delivery"] in DELIVERY, "delivery", f"one of {', '.join(DELIVERY)}", values)
    _check(isinstance(values["extension_events"], bool), "extension_events", "true or false", values)
    _check(callable(values["common_parameters"]), "common_parameters", "a callable", values)
    _check(values["emit"] is None or callable(values["emit"]), "emit", "a callable or None", values)
    if values["logger"] is None:
        values["logger"] = _LOGGER
    _check(hasattr(values["logger"], "log"), "logger", "a logging.Logger", values)
    values["log_dir"] = _directory("log_dir", log_dir)
    values["agent_events_dir"] = (
        None if agent_events_dir is None else _directory("agent_events_dir", agent_events_dir)
    )
    return Config(**values)


def _directory(name: str, path: "Any") -> str:
    text = os.fspath(path) if isinstance(path, os.PathLike) else path
    if not isinstance(text, str) or not os.path.isabs(text) or "\0" in text:
        raise ValueError(f"{name} must be an absolute path as text, not {path!r}")
    return text


def _check_number(name: str, value: "Any", kinds: "Any", least: float, most: float) -> None:
    if isinstance(value, bool) or not isinstance(value, kinds) or not least <= value <= most:
        what = "a whole number" if kinds == (int,) else "a number of seconds"
        raise ValueError(f"{name} must be {what} from {least} to {most}, not {value!r}")


def _check(good: bool, name: str, expected: str, values: "Dict[str, Any]") -> None:
    if not good:
        raise ValueError(f"{name} must be {expected}, not {values[name]!r}")
