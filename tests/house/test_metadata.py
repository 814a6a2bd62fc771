"""What an index shows of the project: no link of it is relative, and each leads to a file.

An index has the README alone, so that `docs/tour.md` leads nowhere there. The wheel's METADATA is
read as it was built, with and without an address to publish from.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from email.message import Message
from email.parser import Parser
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from .source import ROOT
from .test_reproducible import source

pytestmark = pytest.mark.skipif(
    not (ROOT / "etp_kit" / "simulator").is_symlink(), reason="a source archive: it was built already"
)

ADDRESS = "https://code.example/somebody/kit"


def build(place: Path, out: Path, kind: str, address: str = "") -> subprocess.CompletedProcess[str]:
    """What hatchling makes of a source, published from there."""
    environment = {key: value for key, value in os.environ.items() if key != "ETP_KIT_ADDRESS"}
    if address:
        environment["ETP_KIT_ADDRESS"] = address
    words = [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(out)]
    return subprocess.run(words, cwd=place, env=environment, check=False, capture_output=True, text=True, timeout=120)


def metadata(wheels: Path) -> Message:
    """The METADATA of the only wheel there."""
    (wheel,) = wheels.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        return Parser().parsestr(archive.read(name).decode("utf-8"))


def links(markdown: str) -> list[str]:
    """The targets of all links and pictures of a page."""
    tokens = [inner for token in MarkdownIt().parse(markdown) for inner in (token.children or [])]
    found = [token.attrGet("href") or token.attrGet("src") for token in tokens]
    return [str(target) for target in found if target]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return source(tmp_path_factory.mktemp("source") / "kit", 1_700_000_000)


def test_published_each_link_is_absolute_and_leads_to_a_file(copy: Path, tmp_path: Path) -> None:
    done = build(copy, tmp_path, "wheel", ADDRESS + "/")
    assert done.returncode == 0, done.stderr
    told = metadata(tmp_path)
    version = f"v{told['Version']}"
    own = links((ROOT / "README.md").read_text(encoding="utf-8"))
    found = links(told.get_payload())
    assert len(found) == len(own) > 20
    for target in found:
        place, _, path = target.partition(f"/{version}/")
        assert place == f"{ADDRESS}/{'raw' if target.endswith('.png') else 'blob'}", target
        assert (ROOT / path.partition("#")[0]).exists(), target
    urls = dict(line.split(", ") for line in told.get_all("Project-URL", []))
    assert urls.keys() == {"Documentation", "Source", "Changelog", "Issues"}
    assert all(url.startswith(ADDRESS) for url in urls.values())


def test_unpublished_the_words_stay_and_nothing_is_linked(copy: Path, tmp_path: Path) -> None:
    done = build(copy, tmp_path, "wheel")
    assert done.returncode == 0, done.stderr
    told = metadata(tmp_path)
    assert links(told.get_payload()) == []
    assert "the ten-minute tour" in " ".join(told.get_payload().split()).lower()
    assert told.get_all("Project-URL") is None


def test_a_wheel_of_the_source_archive_says_the_same(copy: Path, tmp_path: Path) -> None:
    assert build(copy, tmp_path, "sdist", ADDRESS).returncode == 0
    (archive,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(archive) as held:
        held.extractall(tmp_path, filter="data")
    done = build(tmp_path / archive.name.removesuffix(".tar.gz"), tmp_path / "again", "wheel")
    assert done.returncode == 0, done.stderr
    assert build(copy, tmp_path / "direct", "wheel", ADDRESS).returncode == 0
    assert str(metadata(tmp_path / "again")) == str(metadata(tmp_path / "direct"))


@pytest.mark.parametrize("address", ["code.example/kit", "http://code.example/kit", "https://a.example/k)![x](//b"])
def test_an_address_that_is_none_ends_the_build(copy: Path, tmp_path: Path, address: str) -> None:
    done = build(copy, tmp_path, "wheel", address)
    assert done.returncode != 0
    assert "expected https://HOST/OWNER/REPOSITORY" in done.stderr
    assert list(tmp_path.glob("*.whl")) == []
