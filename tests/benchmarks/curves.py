"""Curves as SVG, both axes in powers of ten, each with its name and slope at its end."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape

from tests.benchmarks.growth import slope

_WIDTH, _HEIGHT = 760, 380
_LEFT, _RIGHT, _TOP, _BOTTOM = 80, 230, 40, 50
_COLOURS = ("#777777", "#1f6feb", "#d1570b", "#2da44e", "#8250df", "#bf3989")


def drawn(title: str, along: str, lines: Mapping[str, Sequence[tuple[int, float]]]) -> str:
    """One picture of all lines: name -> (x, seconds)."""
    xs = [math.log10(x) for line in lines.values() for x, _ in line]
    ys = [math.log10(y) for line in lines.values() for _, y in line]
    x_low, x_high, y_low, y_high = min(xs), max(xs), math.floor(min(ys)), math.ceil(max(ys))

    def across(x: float) -> float:
        return _LEFT + (math.log10(x) - x_low) / (x_high - x_low) * (_WIDTH - _LEFT - _RIGHT)

    def down(y: float) -> float:
        return _HEIGHT - _BOTTOM - (math.log10(y) - y_low) / (y_high - y_low) * (_HEIGHT - _TOP - _BOTTOM)

    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
            'font-family="sans-serif" font-size="12">'
        ),
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#ffffff"/>',
        f'<text x="{_LEFT}" y="22" font-size="14">{escape(title)}</text>',
        f'<text x="{(_LEFT + _WIDTH - _RIGHT) / 2:.0f}" y="{_HEIGHT - 10}" text-anchor="middle">{escape(along)}</text>',
    ]
    for power in range(y_low, y_high + 1):
        height = down(10.0**power)
        parts.append(
            f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{height:.1f}" y2="{height:.1f}" stroke="#dddddd"/>'
        )
        parts.append(f'<text x="{_LEFT - 8}" y="{height + 4:.1f}" text-anchor="end">{_seconds(power)}</text>')
    for x in sorted({x for line in lines.values() for x, _ in line}):
        parts.append(
            f'<line x1="{across(x):.1f}" x2="{across(x):.1f}" y1="{_TOP}" y2="{_HEIGHT - _BOTTOM}" stroke="#eeeeee"/>'
        )
        parts.append(f'<text x="{across(x):.1f}" y="{_HEIGHT - _BOTTOM + 18}" text-anchor="middle">{x:,}</text>')
    taken: list[float] = []
    for (name, line), colour in zip(lines.items(), _COLOURS, strict=False):
        path = " ".join(f"{across(x):.1f},{down(y):.1f}" for x, y in line)
        height = down(line[-1][1])
        while any(abs(height - other) < 14 for other in taken):
            height += 14
        taken.append(height)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{across(x):.1f}" cy="{down(y):.1f}" r="3" fill="{colour}"/>' for x, y in line]
        parts.append(
            f'<text x="{_WIDTH - _RIGHT + 10}" y="{height + 4:.1f}" '
            f'fill="{colour}">{escape(name)}, slope {slope(line):.2f}</text>'
        )
    return "\n".join([*parts, "</svg>", ""])


def _seconds(power: int) -> str:
    return {0: "1 s", -1: "100 ms", -2: "10 ms", -3: "1 ms", -4: "100 µs", -5: "10 µs", -6: "1 µs"}.get(
        power, f"10^{power} s"
    )
