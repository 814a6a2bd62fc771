"""The links of a built site, and markup that nobody rendered: `python -m tests.site.links DIR`.

Sphinx checks references between pages. What a page writes as HTML, what a theme adds and what an
anchor is called is seen only in what was built. Nothing is fetched: a link that leaves the site is
not followed, and one that loads something from elsewhere is an error.

Exit codes: 0 each link leads somewhere, and all is rendered; 1 not so; 4 there is no page.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

#: Attributes that lead somewhere, and whether what they name is loaded with the page.
_LEADS = {"href": False, "src": True, "data": True, "poster": True}
#: Reports of runs: pages of their own, whose addresses their script reads.
_WITH_SCRIPT = "runs"


#: A directive that stands in a page as text: its page was written in another markup.
_RAW = re.compile(r">\s*(?:\.\. [a-z-]+::|:::\{)")


class Page(NamedTuple):
    """What of a page others lead to, and where it leads."""

    anchors: frozenset[str]
    links: tuple[tuple[str, bool], ...]
    raw: str


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if value and (name == "id" or (tag == "a" and name == "name")):
                self.anchors.add(value)
            elif value and name in _LEADS:
                loads = _LEADS[name] or (tag == "link" and dict(attrs).get("rel") == "stylesheet")
                self.links.append((value, loads))


@cache
def read(path: Path) -> Page:
    """A page, parsed once."""
    reader = _Reader()
    text = path.read_text(encoding="utf-8")
    reader.feed(text)
    raw = _RAW.search(text)
    return Page(frozenset(reader.anchors), tuple(reader.links), raw[0][1:].strip() if raw else "")


def broken(site: Path) -> Iterator[str]:
    """A line for each link of the site that leads nowhere."""
    for path in sorted(site.rglob("*.html")):
        if path.parent.name == _WITH_SCRIPT:
            continue
        if read(path).raw:
            yield f"{path.relative_to(site)}: {read(path).raw}: markup that was not rendered"
        for link, loads in read(path).links:
            trouble = _trouble(site, path, link, loads=loads)
            if trouble:
                yield f"{path.relative_to(site)}: {link}: {trouble}"


def _trouble(site: Path, page: Path, link: str, *, loads: bool) -> str:
    parts = urlsplit(link)
    if parts.scheme == "data":
        return ""
    if parts.scheme or parts.netloc:
        return "is loaded from elsewhere" if loads else ""
    target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
    if target.is_dir():
        target /= "index.html"
    if not target.is_relative_to(site.resolve()):
        return "leads out of the site"
    if not target.is_file():
        return "no such file"
    fragment = unquote(parts.fragment)
    if fragment and target.suffix == ".html" and target.parent.name != _WITH_SCRIPT:
        return "" if fragment in read(target).anchors else "no such anchor"
    return ""


def main(arguments: list[str]) -> int:
    """Tell of each link that leads nowhere."""
    pages = sorted(Path(arguments[0]).rglob("*.html")) if len(arguments) == 1 else []
    if not pages:
        print("usage: python -m tests.site.links DIR, where DIR holds a built site", file=sys.stderr)
        return 4
    lines = list(broken(Path(arguments[0]).resolve()))
    print("\n".join([*lines, f"{len(pages)} pages, {len(lines)} mistakes"]))
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
