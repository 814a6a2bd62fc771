"""Hostile collectors in Python: each is the reference, and does one thing more in its first pass.

So all but the attack is as the contract asks, and a verdict is about the attack alone. Attacks that
are after a verdict remove every event unread: their true verdict is a failure.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from etp_kit.collector import build


def attacking(attack: Callable[[str], Any], *, honest: bool = True) -> Callable[..., Any]:
    """A factory of such collectors. ``attack`` is called with the log dir, ``honest``: after the
    first pass of the reference."""

    def make(log_dir: str, agent_events_dir: str, sender: Any, **settings: Any) -> Any:
        return _Attacking(attack, log_dir, build(log_dir, agent_events_dir, sender, **settings) if honest else None)

    make.capabilities = build.capabilities
    return make


class _Attacking:
    def __init__(self, attack: Callable[[str], Any], log_dir: str, reference: Any) -> None:
        self._attack: Callable[[str], Any] | None = attack
        self._log_dir = log_dir
        self._reference = reference

    def collect(self) -> Any:
        report = self._reference.collect() if self._reference else _removed(self._log_dir)
        attack, self._attack = self._attack, None
        if attack is not None:
            attack(self._log_dir)
        return report


def _removed(log_dir: str) -> None:
    for directory, _, names in os.walk(log_dir):
        for name in names:
            os.unlink(os.path.join(directory, name))
