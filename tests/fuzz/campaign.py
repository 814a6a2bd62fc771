"""A campaign: so many inputs over all targets, each target in its child.

What a child finds ends that child alone. It is told with the line that shows it again, and the
target goes on with what is left of its inputs.
"""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

from .corpus import held
from .targets import SHARES

#: Findings of one target after which it is left: they are likely one.
MOST_FINDINGS = 3
_TRIED = re.compile(r"stat::number_of_executed_units: *(\d+)")
#: Lines of a child's last words that are shown.
_WORDS = 25


class Found(NamedTuple):
    """An input that broke its target, and the child's last words."""

    data: bytes
    words: str


class Fared(NamedTuple):
    """How a target fared: inputs tried, seconds, inputs that its corpus holds now."""

    name: str
    tried: int
    seconds: float
    corpus: int
    found: list[Found]


def engine() -> str:
    """Atheris where it can be had (CPython 3.11 to 3.13 on Linux x86-64), else hypothesis."""
    return "atheris" if importlib.util.find_spec("atheris") else "hypothesis"


def shares(inputs: int, names: list[str]) -> dict[str, int]:
    """How many inputs each target gets, by its share."""
    whole = sum(SHARES[name] for name in names)
    return {name: max(1, inputs * SHARES[name] // whole) for name in names}


def campaign(name: str, inputs: int, seed: int, place: Path, by: str) -> Fared:
    """Try so many inputs of one target. ``place`` keeps its growing corpus."""
    corpus = place / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(held(name)):
        (corpus / f"kept-{number}").write_bytes(data)
    found: list[Found] = []
    tried, begin = 0, time.monotonic()
    while tried < inputs and len(found) < MOST_FINDINGS:
        before = set(place.glob("*-*"))
        rest = (str(place), str(seed + len(found)), str(inputs - tried))
        done = subprocess.run(
            [sys.executable, "-m", "tests.fuzz.child", name, by, *rest],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False,
        )  # fmt: skip
        count = _TRIED.findall(done.stdout)
        tried += int(count[-1]) if count else 0
        if done.returncode == 0:
            break
        told = [line for line in done.stdout.splitlines() if not line.startswith(("#", "0x", "stat::"))]
        last = "\n".join(told[-_WORDS:])
        new = sorted(set(place.glob("*-*")) - before)
        found.append(Found(new[0].read_bytes() if new else b"", last))
    return Fared(name, tried, time.monotonic() - begin, sum(1 for _ in corpus.iterdir()), found)


def shown(fared: Fared) -> str:
    """A line, and what was found below it."""
    rate = fared.tried / max(fared.seconds, 0.001)
    counts = f"{fared.tried:>9,} inputs, {rate:>7,.0f}/s, corpus {fared.corpus:,}, {len(fared.found)} found"
    line = f"{fared.name:12} {counts}"
    below = [f"  {json.dumps(one.data.decode('latin-1'))}\n{one.words}" for one in fared.found]
    return "\n".join([line, *below])
