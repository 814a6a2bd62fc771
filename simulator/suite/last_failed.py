"""What failed last, so that it can be run again alone. One small file below the working directory."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from ..base import BadInput

PLACE = Path(".etp-kit") / "last-failed.json"


def remember_failed(pairs: Iterable[tuple[str, str]]) -> None:
    """Keep the (scenario, world) pairs that failed; where the directory cannot be written, nothing is kept."""
    try:
        PLACE.parent.mkdir(exist_ok=True)
        (PLACE.parent / ".gitignore").write_text("*\n", encoding="ascii")
        aside = PLACE.with_suffix(".part")
        aside.write_text(json.dumps(sorted(pairs)) + "\n", encoding="utf-8")
        aside.replace(PLACE)
    except OSError:
        return


def recall_failed() -> set[tuple[str, str]] | None:
    """The pairs, or None where nothing was kept. Raises BadInput for a file that is none of ours."""
    try:
        found = json.loads(PLACE.read_text(encoding="utf-8"))
        return {(str(scenario), str(world)) for scenario, world in found}
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError):
        raise BadInput("is no list of what failed last; remove it", where=str(PLACE)) from None
