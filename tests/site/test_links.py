"""A link that leads nowhere is seen, and one that leads somewhere is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from .links import broken, main

GOOD = '<a href="b.html#there">b</a> <a href="#here" id="here">a</a> <a href="https://elsewhere.invalid/">c</a>'
OTHER = '<h1 id="there">b</h1><img src="p.svg"><img src="data:image/svg+xml,x"><a href="../site/a.html">a</a>'


@pytest.fixture
def site(tmp_path: Path) -> Path:
    place = tmp_path / "site"
    place.mkdir()
    (place / "a.html").write_text(GOOD)
    (place / "b.html").write_text(OTHER)
    (place / "p.svg").write_text("<svg/>")
    return place


def test_a_whole_site_has_no_broken_link(site: Path) -> None:
    assert list(broken(site)) == []
    assert main([str(site)]) == 0


@pytest.mark.parametrize(
    ("link", "trouble"),
    [
        ('<a href="c.html">', "no such file"),
        ('<a href="b.html#gone">', "no such anchor"),
        ('<a href="#gone">', "no such anchor"),
        ('<img src="gone.png">', "no such file"),
        ('<a href="../outside.html">', "leads out of the site"),
        ('<script src="https://elsewhere.invalid/a.js">', "is loaded from elsewhere"),
        ("<p>.. option:: --collector</p>", "markup that was not rendered"),
        ("<p>:::{toctree}</p>", "markup that was not rendered"),
        ('<link rel="stylesheet" href="//elsewhere.invalid/a.css">', "is loaded from elsewhere"),
    ],
)
def test_a_link_that_leads_nowhere_is_told(site: Path, link: str, trouble: str) -> None:
    (site / "d.html").write_text(GOOD + link)
    (told,) = broken(site)
    assert told.startswith("d.html: ")
    assert told.endswith(trouble)
    assert main([str(site)]) == 1


def test_no_page_is_no_success(tmp_path: Path) -> None:
    assert main([str(tmp_path)]) == 4
