"""What a sink tells: the delivered events,
as lines of JSON such as ``python -m etp_kit.collector`` writes, and a runner's word of each pass.

Rules: a line may be anything, of any length. What is no event is counted and passed over, and no
line is held beyond 1 MiB. An event is known by the token in its message. A line of ``serve`` tells
of a pass once all its events were told, so that each event falls into its pass.

A line with ``eventId``, ``providerId``, ``file_type``, ``key`` (handler, file, index) and
``parameters`` (objects of ``name`` and ``value``) is an event. ``{"serving": {..}}`` and
``{"pass": {..}}`` are words of ``simulator.load.collector_process``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from ..core import LABELLED_PARAMETERS, TOKEN_DIGITS, TOKEN_PREFIX, find_token

MOST_LINE = 1 << 20
#: The parameters that a written event decides, and where a legacy event has its message.
_READ = frozenset({*LABELLED_PARAMETERS, "Message"})
_HEXADECIMAL = frozenset("0123456789abcdef")


class Delivery(NamedTuple):
    """An event that arrived: ``token`` "" where it has none,
    ``handler`` "" where it cannot be told, ``at`` monotonic ns.
    """

    token: str
    handler: str
    parameters: dict[str, str]
    at: int


class Pass(NamedTuple):
    """A pass that ended: monotonic ns of begin and end; ``ledger``:
    handler -> the collector's own sums, None where it keeps none; ``error``.
    """

    begin: int
    end: int
    ledger: dict[str, dict[str, Any]] | None
    error: str


class Serving(NamedTuple):
    """The runner is ready: what the collector declares,
    and the settings that it does not let anybody set.
    """

    capabilities: dict[str, Any]
    lacking: list[str]


@dataclass
class Lines:
    """Bytes in any portions; lines out. ``overlong``: how many were given up."""

    overlong: int = 0
    _rest: bytes = b""
    _skipping: bool = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        *whole, rest = (self._rest + data).split(b"\n")
        for line in whole:
            if self._skipping or len(line) > MOST_LINE:
                self.overlong += 1
                self._skipping = False
            else:
                yield line
        if len(rest) > MOST_LINE:
            self._skipping, rest = True, b""
        self._rest = b"" if self._skipping else rest


def parse(line: bytes, now: int) -> Delivery | Pass | Serving | None:
    """What a line tells; None for one that is neither an event nor a runner's word."""
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, dict):
        return None
    if "parameters" in told:
        return _delivery(told, now)
    try:
        if "pass" in told:
            word = told["pass"]
            ledger = word["ledger"]
            return Pass(int(word["begin"]), int(word["end"]), ledger if isinstance(ledger, dict) else None, str(word["error"]))
        if "serving" in told:
            word = told["serving"]
            return Serving(dict(word["capabilities"]), [str(name) for name in word["lacking"]])
    except (KeyError, TypeError, ValueError, OverflowError):
        pass
    return None


def _delivery(told: dict[str, Any], now: int) -> Delivery | None:
    try:
        parameters = {pair["name"]: pair["value"] for pair in told["parameters"] if pair["name"] in _READ}
    except (TypeError, KeyError, AttributeError):
        return None
    if not all(type(value) is str for value in parameters.values()):
        parameters = {name: value if isinstance(value, str) else json.dumps(value) for name, value in parameters.items()}
    message = parameters.get("Context1", parameters.get("Message", ""))
    token = find_token(message)
    if not _HEXADECIMAL.issuperset(token[len(TOKEN_PREFIX) :]) or len(token) not in {0, len(TOKEN_PREFIX) + TOKEN_DIGITS}:
        token = ""
    key = told.get("key")
    handler = str(key[0]) if isinstance(key, list) and key else ""
    return Delivery(token, handler, parameters, now)
