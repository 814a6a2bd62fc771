"""A browser, and the pages that it opens.

Where no Chromium is, these tests are skipped and say so. ETP_CHROMIUM names one; otherwise PATH is
asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .chromium import MISSING, READY, found, launched, made, simulate

BROKEN = ("--collector", "mutant:clean-up-skipped")


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A headless Chromium."""
    playwright = pytest.importorskip("playwright.sync_api", reason="the dependency group `browser` is not installed")
    path = found()
    if path is None:
        pytest.skip(MISSING)
    with playwright.sync_playwright() as driver:
        browser = launched(driver, path)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def failing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a run in which a clause fails, against a baseline in which it held."""
    place = tmp_path_factory.mktemp("failing")
    simulate(place, "run", "quota/flood", "--report", f"json={place / 'before.json'}")
    return made(place, "run", "quota/flood", *BROKEN, "--baseline", str(place / "before.json"))


@pytest.fixture(scope="session")
def conformance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a conformance run of two families."""
    place = tmp_path_factory.mktemp("conformance")
    return made(place, "conform", "--clause", "clean.*", "--clause", "quota.*", "--quick", *BROKEN)


class Page:
    """A page that is open, and what it did that it should not."""

    def __init__(self, browser: Any, path: Path, address: str = "", **how: Any) -> None:
        self.context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **how})
        self.tab = self.context.new_page()
        self.faults: list[str] = []
        self.requests: list[str] = []
        self.tab.on("console", lambda said: self.faults.append(said.text))
        self.tab.on("pageerror", lambda error: self.faults.append(str(error)))
        self.tab.on("request", lambda request: self.requests.append(request.url))
        self.tab.goto(f"file://{path}{address}")
        self.tab.wait_for_function(READY, timeout=30_000)

    def texts(self, selector: str) -> list[str]:
        """What the elements say."""
        found: list[str] = self.tab.locator(selector).all_inner_texts()
        return found


@pytest.fixture
def opened(browser: Any) -> Iterator[Any]:
    """Opens pages; afterwards none of them has complained or asked a network for anything."""
    pages: list[Page] = []

    def open_page(path: Path, address: str = "", **how: Any) -> Page:
        pages.append(Page(browser, path, address, **how))
        return pages[-1]

    yield open_page
    for page in pages:
        assert page.faults == []
        assert [url for url in page.requests if not url.startswith("file:")] == []
        assert len(page.requests) == 1
        page.context.close()
