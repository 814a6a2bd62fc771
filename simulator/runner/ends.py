"""How a pass ends that the world ended, as a history tells it."""

from __future__ import annotations

from ..world import Killed, NotModelled, TimeUp, WorldSignal, WouldBlock

RETURNED, CRASHED = "returned", "crash"

_ENDS: dict[type[WorldSignal], str] = {
    Killed: CRASHED,
    WouldBlock: "would-block",
    TimeUp: "time-up",
    NotModelled: "not-modelled",
}


def end_by(signal: type[WorldSignal]) -> str:
    """What ``pass-end`` says of a pass that this ended."""
    return _ENDS.get(signal, CRASHED)
