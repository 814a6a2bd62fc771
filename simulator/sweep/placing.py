"""Random places: steps of writers that fall before an act of the collector's on their directory.

Rules: by the seed's schedule a step falls before any act of the pass, and seldom before the one
that it could spoil. So most scenarios whose writers step within a pass say where, in the words of
the scenario language.
"""

from __future__ import annotations

import glob
from collections.abc import Sequence
from typing import Any

from ..base import Draw

#: Hazards whose writers may step within a pass. A torn file is left out: it is completed while the
#: collector waits, which the seed's schedule knows and no place can name.
_WITHIN = {
    *("growing", "shrinking", "replaced", "renamed", "vanishing", "tampered", "hardlink", "unreadable"),
    *("fifo", "socket", "device", "link", "directory-named-event", "events-dir"),
}
_ACTS = ("open", "open", "lstat", "fstat", "read", "unlink", "deliver", "scandir", "*")
_NTH = (1, 1, 1, 2, 2, 3, 5)
#: What is in the directory, or itself too: a listing is of nothing else.
_BELOW = {"scandir": ("*",), "open": ("/*", "/*", "*")}
_STEPS = (1, 1, 2, 9)


def random_places(draw: Draw, actors: list[tuple[dict[str, Any], str]], passes: int) -> list[dict[str, Any]]:
    """The places of a scenario: none where nobody steps within a pass. ``actors``: each with the
    directory that it writes to.
    """
    steps = [
        (actor["handler"], directory, table.get("passes") or range(passes))
        for actor, directory in actors
        for table in actor.get("hazards", ())
        if table["kind"] in _WITHIN
    ]
    steps += [
        (actor["handler"], directory, [change["in_pass"]])
        for actor, directory in actors
        for change in actor.get("life", ())
        if change["when"] == "during"
    ]
    if not steps or draw.chance(0.4):
        return []
    return [_place(draw, *draw.choice(steps)) for _ in range(draw.choice((1, 1, 2, 3)))]


def _place(draw: Draw, handler: str, directory: str, passes: Sequence[int]) -> dict[str, Any]:
    act = draw.choice(_ACTS)
    place: dict[str, Any] = {"actor": handler, "before": act, "nth": draw.choice(_NTH)}
    if act != "deliver":  # which is about no path
        place["path"] = glob.escape(directory) + draw.choice(_BELOW.get(act, ("/*",)))
    return place | {"in_pass": draw.choice(passes), "steps": draw.choice(_STEPS)}
