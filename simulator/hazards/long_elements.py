"""Elements about as long as an element may be, counted in characters."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from ..core import OVERSIZE_ELEMENT, Window
from ..writers import COMPACT, Element, document, dropped
from .base import Amount, Bench, HazardType

_KEY = '"Padding":"'
#: Four bytes in UTF-8.
_WIDE = "\U0001f600"


class LongElements(HazardType):
    """Sound events of which a key that nobody uses makes long elements."""

    about: ClassVar[str] = "sound events in elements of exactly the length that an element may have, and of another, in characters of any width"

    kind: Literal["long-elements"] = "long-elements"
    amount: Amount = Field(default=1, description="How many files, each of one event.")
    over: int = Field(default=0, description="Characters beyond the limit, below 0: within it.")
    wide: bool = Field(default=False, description="Whether the characters take four bytes each.")

    def add(self, bench: Bench, window: Window) -> None:
        for _ in range(bench.number(self.amount)):
            at = bench.moment(window)
            event = bench.event(at)
            room = bench.limits.element + self.over - len(event.data) - len(_KEY) - len(',"')
            padding = (_WIDE if self.wide else "x") * max(0, room)
            data = f'{event.data[:-1]},{_KEY}{padding}"}}'
            element = dropped(event.label.token, data, OVERSIZE_ELEMENT) if self.over > 0 else Element(data, event.label)
            tried = Element(element.data, element.label._replace(about=("read.element",)))
            bench.place(at, document(bench.name(at), [tried], COMPACT, as_list=False))
