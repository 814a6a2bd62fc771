"""Frozen texts for messages: what faker once said, kept as data.

The rule: a run must not change when faker does, so faker is used only to rebuild ``pools.json``
(``simulator.writers.texts.rebuild``) and never at run time. The file is read when this module is
imported, before any file system is faked or clock frozen.

No text begins or ends with white space, holds what XML cannot carry, or holds a URL with a SAS
token. Those that do are apart, with what must be left of them.
"""

from __future__ import annotations

import json
import os
from typing import NamedTuple

#: Where the frozen pools are.
PATH = os.path.join(os.path.dirname(os.path.abspath(__file__)), "pools.json")


class Signed(NamedTuple):
    """A text with a signed URL: as written, as it must come out, and the secret in it."""

    written: str
    final: str
    secret: str


class Pools(NamedTuple):
    """Texts by kind; ``short`` are at most 120 characters, all others at most 2,600."""

    short: tuple[str, ...]
    paragraphs: tuple[str, ...]
    traces: tuple[str, ...]
    json: tuple[str, ...]
    urls: tuple[str, ...]
    paths: tuple[str, ...]
    emoji: tuple[str, ...]
    hosts: tuple[str, ...]
    users: tuple[str, ...]
    packages: tuple[str, ...]
    signed: tuple[Signed, ...]


def _read(path: str) -> Pools:
    with open(path, encoding="utf-8") as file:
        raw = json.load(file)
    signed = tuple(Signed(*entry) for entry in raw.pop("signed"))
    return Pools(signed=signed, **{name: tuple(texts) for name, texts in raw.items()})


POOLS = _read(PATH)
