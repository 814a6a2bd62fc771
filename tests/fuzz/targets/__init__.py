"""What is fuzzed, by name: a module each, with a function ``check`` that takes any bytes.

``check`` raises AssertionError where the code breaks its promise; whatever else it raises is a
fault as well.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import NamedTuple

from ..corpus import held

#: Name of a target: its share of the inputs. Who reads files of extensions has most.
SHARES = {
    "reader": 30, "event": 20, "redact": 20, "agent_event": 10, "response": 8, "request": 4, "answers": 3,
    "scenario": 2, "history": 2, "lint": 1,
}  # fmt: skip


class Target(NamedTuple):
    """One of them, with its part of the corpus."""

    name: str
    check: Callable[[bytes], None]
    corpus: tuple[bytes, ...]


def target(name: str) -> Target:
    """The target of this name."""
    return Target(name, import_module(f".{name}", __name__).check, held(name))
