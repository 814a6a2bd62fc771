"""The picture of a page in README.md and in docs/: a real run of today, as a browser shows it.

It is run as `python -m tests.browser.picture [DIR]`: it writes docs/report.png. Into a DIR it
writes pictures to look at instead: overview and story, in both themes, wide and narrow. It needs
the dependency group `browser`. Exit codes: 0 written; 1 there is no browser.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .chromium import MISSING, READY, found, launched, made

TARGET = Path(__file__).resolve().parents[2] / "docs" / "report.png"
#: A run that fails, and its own page within the report: with its fates and its timeline.
RUN = ("run", "quota/flood", "--collector", "mutant:quota-raised")
STORY = "#run=quota%2Fflood%40fake%400"
#: Columns of a wide and of a narrow window; lines down to where the timeline ends.
WIDE, NARROW, HEIGHT = 1280, 420, 1500


def taken(
    browser: Any, page: Path, target: Path, address: str, *, width: int = WIDE, theme: str = "light",
    whole: bool = False,
) -> None:  # fmt: skip
    """Take a picture of a page at an address. ``whole``: also of what has to be scrolled to."""
    context = browser.new_context(viewport={"width": width, "height": HEIGHT}, color_scheme=theme)
    tab = context.new_page()
    tab.goto(f"file://{page}{address}")
    tab.wait_for_function(READY, timeout=30_000)
    tab.screenshot(path=target, full_page=whole)
    context.close()


def looks(browser: Any, page: Path, place: Path) -> None:
    """Write pictures to look at: each address in each theme and width."""
    for name, address in (("overview", ""), ("story", STORY)):
        for theme in ("light", "dark"):
            for width in (WIDE, NARROW):
                target = place / f"{name}-{theme}-{width}.png"
                taken(browser, page, target, address, width=width, theme=theme, whole=True)


def main(arguments: Sequence[str]) -> int:
    """Take the pictures."""
    from playwright import sync_api

    path = found()
    if path is None:
        print(MISSING, file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as place, sync_api.sync_playwright() as driver:
        page = made(Path(place), *RUN)
        browser = launched(driver, path)
        if arguments:
            looks(browser, page, Path(arguments[0]))
        else:
            taken(browser, page, TARGET, STORY)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
