"""Outcomes of mutants that were kept, so that a full matrix that was stopped can go on.

Rules: one small file a mutant, below the working directory. It counts only for what it was made
from: the mutant, the rest of the collector, the kit, the scenarios, the seed and the Python. Where
the kit had trouble nothing is kept.
"""

from __future__ import annotations

import hashlib
import json
import sys
from functools import cache
from pathlib import Path

from ..base import KitBroke
from ..safe import read_regular, write_own
from ..shipped import Mutant, shipped_scenarios
from ..subjects import REFERENCE
from .sensitivity import Outcome, difference

PLACE = Path(".etp-kit") / "mutants"
#: Far above what a hundred clauses with their reasons take.
_LARGEST = 1 << 20
_KIT = Path(__file__).resolve().parents[1]
#: Each is hashed alone: a mutant more leaves the outcomes of the others as they are.
_MUTANTS = _KIT / "mutants"


def keep_outcome(outcome: Outcome, seed: int = 0) -> None:
    """Keep it, unless the kit had trouble, or the directory cannot be written."""
    if outcome.trouble:
        return
    text = json.dumps({"of": _key(outcome.mutant, seed), "red": dict(outcome.red)}, indent=1, ensure_ascii=True)
    try:
        PLACE.parent.mkdir(exist_ok=True)
        write_own(PLACE.parent / ".gitignore", "*\n")
        PLACE.mkdir(exist_ok=True)
        write_own(_path(outcome.mutant), text + "\n")
    except OSError:
        return


def kept_outcome(mutant: Mutant, seed: int = 0) -> Outcome | None:
    """What an earlier run kept of it; None for what is of something else, or is none of ours."""
    try:
        found = json.loads(read_regular(_path(mutant), _LARGEST) or b"")
        red = {str(slug): str(why) for slug, why in found["red"].items()}
        return Outcome(mutant, red) if found["of"] == _key(mutant, seed) else None
    except (KitBroke, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def _path(mutant: Mutant) -> Path:
    return PLACE / f"{mutant.name}.json"


def _key(mutant: Mutant, seed: int) -> str:
    """The hash of all that its outcome comes from."""
    told = (kit_sha256(), difference(mutant), mutant.clause, str(seed), str(sys.version_info[:3]))
    return hashlib.sha256("\0".join(told).encode("utf-8", "surrogatepass")).hexdigest()


@cache
def kit_sha256() -> str:
    """The hash of the reference, the kit and the scenarios, as they lie here; without mutants."""
    files = [path for root in (REFERENCE, _KIT) for suffix in ("py", "toml") for path in root.rglob(f"*.{suffix}")]
    files = [path for path in files if _MUTANTS not in path.parents]
    digest = hashlib.sha256()
    for path in sorted([*files, *shipped_scenarios().values()]):
        data = path.read_bytes()
        digest.update(f"{path.name} {len(data)}\n".encode())
        digest.update(data)
    return digest.hexdigest()
