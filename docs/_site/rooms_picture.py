"""The picture of the rooms as SVG: a page that loads nothing cannot run Mermaid.

Rules: the text is that of ``tests.house.picture``: first a line a floor, ``a & b``, then arrows,
``a --> b & c``. Anything else is an error, so that no arrow is left out unseen.
"""

from __future__ import annotations

import html
import re
from typing import Any, Final

from docutils import nodes
from docutils.parsers.rst import Directive
from sphinx.application import Sphinx

_FLOOR: Final = re.compile(r"\w+(?: & \w+)*\Z")
_ARROW: Final = re.compile(r"(\w+) --> (\w+(?: & \w+)*)\Z")
_WIDTH, _BOX, _HIGH, _STEP = 880, 124, 30, 84

Places = dict[str, tuple[float, float]]


class NoPicture(ValueError):
    """The text is not of the form that is drawn here."""


def parsed(text: str) -> tuple[list[list[str]], list[tuple[str, str]]]:
    """Floors from the top, and arrows. Raises NoPicture."""
    head, *lines = [line.strip() for line in text.strip().splitlines()]
    floors: list[list[str]] = []
    arrows: list[tuple[str, str]] = []
    for line in lines:
        arrow = _ARROW.match(line)
        if arrow:
            arrows += [(arrow[1], target) for target in arrow[2].split(" & ")]
        elif _FLOOR.match(line):
            floors.append(line.split(" & "))
        else:
            raise NoPicture(f"no floor and no arrow: {line!r}")
    rooms = {room for floor in floors for room in floor}
    strange = {room for arrow in arrows for room in arrow} - rooms
    if head != "flowchart TD" or strange or not arrows:
        raise NoPicture(f"expected `flowchart TD`, floors, and arrows between their rooms; found {sorted(strange)}")
    return floors, arrows


def svg(text: str) -> str:
    """The picture. Colours are those of the page, light or dark."""
    floors, arrows = parsed(text)
    high = _STEP * (len(floors) - 1) + _HIGH + 4
    places: Places = {
        room: (_WIDTH * (column + 1) / (len(floor) + 1) + (row % 2 * 2 - 1) * 26, row * _STEP + 2.0)
        for row, floor in enumerate(floors)
        for column, room in enumerate(floor)
    }
    tip = '<path d="M0 0 8 4 0 8z"/>'
    parts = [
        f'<div class="rooms"><svg class="rooms" viewBox="0 0 {_WIDTH} {high}" role="img" aria-label="Rooms and what they import">',
        f'<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">{tip}',
        "</marker></defs>",
        *(_arrow(places, upper, lower) for upper, lower in arrows),
        *(_box(room, *place) for room, place in places.items()),
        "</svg></div>",
    ]
    return "\n".join(parts)


def _arrow(places: Places, upper: str, lower: str) -> str:
    (x, y), (to_x, to_y) = places[upper], places[lower]
    bend = (to_y - y) / 2
    line = f"M{x:.0f} {y + _HIGH:.0f}C{x:.0f} {y + bend:.0f} {to_x:.0f} {to_y - bend:.0f} {to_x:.0f} {to_y:.0f}"
    return f'<path class="arrow" d="{line}" marker-end="url(#tip)"><title>{upper} imports {lower}</title></path>'


def _box(room: str, x: float, y: float) -> str:
    box = f'<rect x="{x - _BOX / 2:.0f}" y="{y:.0f}" width="{_BOX}" height="{_HIGH}" rx="5"/>'
    return f'{box}<text x="{x:.0f}" y="{y + _HIGH / 2:.0f}">{html.escape(room)}</text>'


class Mermaid(Directive):
    """A fenced block of Mermaid, drawn."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        try:
            return [nodes.raw("", svg("\n".join(self.content)), format="html")]
        except NoPicture as error:
            raise self.error(str(error)) from error


def setup(app: Sphinx) -> dict[str, Any]:
    """Sphinx's door."""
    app.add_directive("mermaid", Mermaid)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
