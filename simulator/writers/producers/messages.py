"""What real producers say:
their own vocabulary, now and then followed by something long, odd or secret.

The token stands in the vocabulary's sentences where the field has an id,
a path or a request number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from ...base import Draw
from ..element import Layout, Text
from ..texts import POOLS

_RUN = re.compile("  +")


def fold_all(text: str) -> str:
    """Every run of white space becomes one blank."""
    return " ".join(text.split())


def fold_blanks(text: str) -> str:
    """Every run of blanks becomes one, as a shell does to an unquoted word."""
    return _RUN.sub(" ", text)


def keep(text: str) -> str:
    return text


class Messages:
    """The Messages of one producer."""

    def __init__(
        self,
        layout: Layout,
        vocabulary: Sequence[str],
        draw: Draw,
        *,
        longer: float = 0.1,
        fold: Callable[[str], str] = keep,
    ) -> None:
        self._layout = layout
        self._vocabulary = vocabulary
        self._draw = draw
        self._longer = longer
        self._fold = fold

    def sentence(self, token: str) -> str:
        """One sentence of the vocabulary."""
        draw = self._draw
        return draw.choice(self._vocabulary).format(
            token=token,
            number=draw.below(100_000),
            path=draw.choice(POOLS.paths[:12]),
            host=draw.choice(POOLS.hosts),
            package=draw.choice(POOLS.packages),
            user=draw.choice(POOLS.users),
        )

    def make(self, token: str) -> tuple[Text, tuple[str, ...]]:
        """A Message, and the secrets in it."""
        text = self._layout.text(self._fold(self.sentence(token)))
        if not self._draw.chance(self._longer):
            return text, ()
        tail, secrets = self.tail()
        return text + tail, secrets

    def tail(self) -> tuple[Text, tuple[str, ...]]:
        """Something of the pools, with what stands before it."""
        draw, layout, fold = self._draw, self._layout, self._fold
        kind = draw.below(8)
        if kind == 0:
            signed = draw.choice(POOLS.signed)
            return layout.changed(fold(f" {signed.written}"), fold(f" {signed.final}")), (signed.secret,)
        pool, before = (
            (POOLS.paragraphs, " "), (POOLS.traces, "\n"), (POOLS.json, ": "), (POOLS.urls, " <"),
            (POOLS.paths, " in "), (POOLS.emoji, " "), (POOLS.short, ": "),
        )[kind - 1]  # fmt: skip
        return layout.text(fold(before + draw.choice(pool))), ()
