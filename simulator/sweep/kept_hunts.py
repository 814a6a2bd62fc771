"""What was found of mutants so far, so that a table that was interrupted goes on: small files below
the working directory.

Rules: a file counts for what it was made from alone. That is the mutant, the collector, and what of
the kit decides. Whoever edits a page or a report hunts nothing again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ..base import KitBroke
from ..safe import read_regular, write_own
from ..shipped import Mutant, shipped_scenarios
from ..subjects import REFERENCE
from ..suite import difference

PLACE = Path(".etp-kit") / "hunts"
_LARGEST = 1 << 16
_KIT = Path(__file__).resolve().parents[1]
#: What decides in any run: these rooms.
_ROOMS = ("contract", "core", "hazards", "judging", "runner", "scenario", "world", "writers")
_SEEDS = ("applies.py", "clauses.toml", "faults.py", "generate.py", "hazards.py", "judged.py", "swarm.py")
#: And these modules and data of this one: which seed fails first, how small it gets, and its cause.
_DECIDE = {
    "first": _SEEDS,
    "small": (*_SEEDS, "anchors.py", "rearrangements.py", "reductions.py", "scenario_file.py", "shrinking.py"),
    "why": ("aligning.py", "cause.py", "inquiry.py", "judged.py", "naming.py", "reductions.py"),
}


def kept(mutant: Mutant, what: str) -> dict[str, Any] | None:
    """What an earlier hunt kept of it under this word, one of those above. None for what is of
    something else, or is none of ours.
    """
    try:
        found = json.loads(read_regular(_path(mutant, what), _LARGEST) or b"")
        return dict(found["told"]) if found["of"] == _key(mutant, what) else None
    except (KitBroke, ValueError, TypeError, KeyError, RecursionError):
        return None


def keep(mutant: Mutant, what: str, told: Mapping[str, Any]) -> None:
    """Keep it, unless the directory cannot be written."""
    try:
        PLACE.parent.mkdir(exist_ok=True)
        write_own(PLACE.parent / ".gitignore", "*\n")
        PLACE.mkdir(exist_ok=True)
        write_own(_path(mutant, what), json.dumps({"of": _key(mutant, what), "told": dict(told)}) + "\n")
    except OSError:
        return


def _path(mutant: Mutant, what: str) -> Path:
    return PLACE / f"{mutant.name}.{what}.json"


def _key(mutant: Mutant, what: str) -> str:
    told = (_surroundings(what), difference(mutant), *([mutant.clause] if what == "why" else []))
    return hashlib.sha256("\0".join(told).encode("utf-8", "surrogatepass")).hexdigest()


@cache
def _surroundings(what: str) -> str:
    """The hash of the collector and of what of the kit decides."""
    here = Path(__file__).parent
    roots = [REFERENCE, *(_KIT / room for room in _ROOMS)]
    files = [path for root in roots for suffix in ("py", "toml") for path in root.rglob(f"*.{suffix}")]
    scenarios = shipped_scenarios().values() if what == "why" else ()
    return _hashed([*files, *(here / name for name in _DECIDE[what]), *scenarios])


def _hashed(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in sorted(files):
        data = path.read_bytes()
        digest.update(f"{path.name} {len(data)}\n".encode())
        digest.update(data)
    return digest.hexdigest()
