"""Bad and odd elements among valid ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field, field_validator

from ..core import Window
from ..writers import COMPACT, Element, document
from .about import ABOUT
from .bad_elements import ALONE, BAD, FORGING, WRONG
from .base import Amount, Bench, HazardType, known
from .looks import VERBATIM
from .odd_elements import ODD

ELEMENTS = {**BAD, **ODD, **ALONE}
#: A list without elements, with white space in it or none: nothing is due of it but that it goes.
EMPTY: Mapping[str, bytes] = {"list-empty": b"[]", "list-of-blanks": b" [ \t\r\n ]\n"}


#: Families of many alike, which are asked for by name:
#: with neighbours, all of them would be more than a quota.
FAMILIES = {**WRONG, **FORGING, **VERBATIM}
KINDS = (*ELEMENTS, *EMPTY)
UNASKED = tuple(kind for kind in KINDS if kind not in FAMILIES)


class BadKeys(HazardType):
    """Files of elements that break the rules for events one by one, or look as if they did."""

    about: ClassVar[str] = "missing, misspelt and repeated keys, wrong types, limits met and passed, non-objects"

    kind: Literal["bad-keys"] = "bad-keys"
    kinds: tuple[str, ...] = Field(default=(), description="Which elements; none given means every one but those of the families *-as-*, forged-* and looks-*.")
    amount: Amount = Field(default=1, description="How many files of each kind.")
    neighbours: int = Field(
        default=1, ge=0, description="Valid events before and after it in its list; 0: it is the whole file."
    )

    together: bool = Field(
        default=False, description="Whether all that can stand in a list stand in one, and not each in a file."
    )

    @field_validator("kinds")
    @classmethod
    def _known(cls, kinds: tuple[str, ...]) -> tuple[str, ...]:
        return known(kinds, KINDS)

    def add(self, bench: Bench, window: Window) -> None:
        kinds = self.kinds or UNASKED
        joined = [kind for kind in kinds if self.together and kind not in {*ALONE, *EMPTY}]
        if joined:
            for _ in range(bench.number(self.amount)):
                self._add_list(bench, window, joined)
        for kind in [kind for kind in kinds if kind not in joined]:
            for _ in range(bench.number(self.amount)):
                at = bench.moment(window)
                if kind in EMPTY:
                    bench.write(at, bench.path(at), EMPTY[kind], ())
                    continue
                around = 0 if kind in ALONE else self.neighbours
                before = bench.events(at, around)
                elements: list[Element] = [*before, self._tried(bench, kind), *bench.events(at, around)]
                # A bare list would be read as a list of elements,
                # so an element that is one stands in another.
                as_list = around > 0 or kind == "element-list"
                bench.place(at, document(bench.name(at), elements, COMPACT, as_list=as_list))

    def _add_list(self, bench: Bench, window: Window, kinds: list[str]) -> None:
        at = bench.moment(window)
        before = bench.events(at, self.neighbours)
        tried = [self._tried(bench, kind) for kind in kinds]
        elements = [*before, *tried, *bench.events(at, self.neighbours)]
        bench.place(at, document(bench.name(at), elements, COMPACT, as_list=True))

    @staticmethod
    def _tried(bench: Bench, kind: str) -> Element:
        made = ELEMENTS[kind](bench)
        return Element(made.data, made.label._replace(about=ABOUT[kind]))
