"""JSON that is cheap to write and dear to read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field, field_validator

from ..core import MISSING, NOT_AN_OBJECT, OVERSIZE_ELEMENT, Label, Window
from .base import Amount, Bench, HazardType, known

#: One element, repeated until the file is full, and the reason for which each falls ("":
#: the contract leaves it open).
REPEATED: Mapping[str, tuple[str, str]] = {
    "tiny-objects": ("{}", MISSING["Message"]),
    "tiny-lists": ("[]", NOT_AN_OBJECT),
    "numbers": ("0", NOT_AN_OBJECT),
    "fractions": ("1.5", NOT_AN_OBJECT),
    "exponents": ("1e308", NOT_AN_OBJECT),
    "texts": ('""', NOT_AN_OBJECT),
    "one-key-objects": ('{"a":0}', MISSING["Message"]),
    "small-nests": ("[[[[0]]]]", NOT_AN_OBJECT),
    "nests-of-100": ("[" * 98 + "]" * 98, NOT_AN_OBJECT),
    "nests-of-900": ("[" * 900 + "]" * 900, ""),
}
#: A part, repeated inside one element of the whole file's size.
WITHIN: Mapping[str, tuple[str, str, str]] = {
    "one-list": ("[", "[]", "]"),
    "one-object": ("{", '"{index}":0', "}"),
    "one-text": ('{{"Message":"', "xxxxxxxxxxxxxxxx", '"}}'),
}
KINDS = (*REPEATED, *WITHIN, "long-integer", "deep-value")


class HeavyJson(HazardType):
    """Files up to the size limit, made of as many values as will fit, or of one huge one.

    Labels name the valid events at the front alone;
    all that follows is without tokens and due to be dropped.
    """

    about: ClassVar[str] = "files full of tiny values, one huge element, deep nesting, integers of 250,000 digits"

    kind: Literal["heavy-json"] = "heavy-json"
    kinds: tuple[str, ...] = Field(default=(), description="Which content; none given means every one.")
    amount: Amount = Field(default=1, description="How many files of each kind.")
    size: Amount = Field(default="file_size", description="Bytes of each file.")
    front: int = Field(
        default=1, ge=0, description="Valid events at the front of each list that its other content cannot spoil."
    )

    @field_validator("kinds")
    @classmethod
    def _known(cls, kinds: tuple[str, ...]) -> tuple[str, ...]:
        return known(kinds, KINDS)

    def add(self, bench: Bench, window: Window) -> None:
        size = bench.number(self.size)
        for kind in self.kinds or KINDS:
            for _ in range(bench.number(self.amount)):
                at = bench.moment(window)
                front = [] if kind in WITHIN or kind == "nests-of-900" else bench.events(at, self.front)
                labels = [one.label for one in front]
                head = "[" + "".join(f"{one.data}," for one in front)
                room = max(0, size - len(head.encode()) - 1)
                body, label = self._body(bench, kind, at, room)
                data = f"{head}{body}]".encode()
                bench.write(at, bench.path(at), data.ljust(size), (*labels, *([label] if label else ())))

    def _body(self, bench: Bench, kind: str, at: int, room: int) -> tuple[str, Label | None]:
        """What fills the file after its front,
        and the label of its first element, if one is certain.
        """
        if kind in REPEATED:
            text, reason = REPEATED[kind]
            count = max(1, (room + 1) // (len(text) + 1))
            return ",".join([text] * count), Label("", "drop", reason=reason) if reason else None
        if kind in WITHIN:
            opening, part, closing = (text.replace("{{", "{").replace("}}", "}") for text in WITHIN[kind])
            text = self._within(part, room - len(opening) - len(closing))
            return f"{opening}{text}{closing}", Label("", "drop", reason=OVERSIZE_ELEMENT)
        event = bench.event(at)
        extra = "9" * min(250_000, room - 1_000) if kind == "long-integer" else "[" * 95 + "]" * 95
        return f'{event.data[:-1]},"Extra":{extra}}}', event.label

    def _within(self, part: str, room: int) -> str:
        if part.startswith("x"):
            return "x" * room
        if "{index}" not in part:
            return ",".join([part] * (room // (len(part) + 1)))
        return ",".join(f'"{index:06d}":0' for index in range(room // 11))
