"""A tag can be moved, a commit cannot: every Action that we use or show is named by its commit.

The version stands beside it for the reader, and for the robot that proposes newer ones.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
USED = re.compile(r"\buses: *(?P<action>\S+)(?P<rest>.*)")
PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
#: What a reader puts in its place, by what docs/ci.md says before.
OURS = re.compile(r"OWNER/REPOSITORY(/conform)?@REF")
PLACES = [
    path
    for pattern in (".github/workflows/*.yml", "*.yml", "conform/*.yml", "docs/*.md")
    for path in sorted(ROOT.glob(pattern))
    if USED.search(path.read_text(encoding="utf-8"))
]


def test_there_are_some() -> None:
    assert {"release.yml", "ci.md", "lint.md"} <= {path.name for path in PLACES}


@pytest.mark.parametrize("path", PLACES, ids=lambda path: path.name)
def test_every_action_is_named_by_a_commit(path: Path) -> None:
    used = ["".join(found.groups()) for found in USED.finditer(path.read_text(encoding="utf-8"))]
    assert [one for one in used if not PINNED.fullmatch(one) and not OURS.fullmatch(one)] == []
