"""System calls by number, of each machine that is known. Data: machines.toml."""

from __future__ import annotations

import platform
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("machines.toml")


@dataclass(frozen=True, slots=True)
class Machine:
    """One machine's numbers. ``foreign_from``.

    Where the numbers of another way of calling begin, 0 for none.
    """

    name: str
    audit: int
    stat_size: int
    foreign_from: int
    numbers: dict[str, int]
    names: dict[int, str]


@cache
def machines() -> dict[str, Machine]:
    """Every machine by its name."""
    found = {}
    for name, told in tomllib.loads(_FILE.read_text(encoding="utf-8")).items():
        numbers = dict(told["calls"])
        names = {number: call for call, number in numbers.items()}
        found[name] = Machine(name, told["audit"], told["stat_size"], told["foreign_from"], numbers, names)
    return found


def this_machine() -> Machine | None:
    """The machine that this is, None for one that is not known."""
    return machines().get(platform.machine())
