"""Inputs that are kept: a file a target, a text of JSON a line, a character of which is a byte."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

_PLACE = Path(__file__).parent / "corpus"


def held(name: str) -> tuple[bytes, ...]:
    """The inputs of this target, in the order of their lines."""
    return tuple(json.loads(line).encode("latin-1") for line in _file(name).read_text("ascii").splitlines())


def keep(name: str, inputs: Iterable[bytes]) -> None:
    """Add these, each once; the file stays in order of length."""
    every = sorted({*held(name), *inputs}, key=lambda one: (len(one), one))
    _file(name).write_text("".join(f"{json.dumps(one.decode('latin-1'))}\n" for one in every), "ascii")


def _file(name: str) -> Path:
    return _PLACE / f"{name}.txt"
