"""Odd names: of event files that are read all the same, and of entries that only look like event
files.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field, field_validator

from ..base import SECOND
from ..core import Step, Window
from ..writers import left, trying
from .base import Amount, Bench, HazardType, known

#: ``{n}`` is the number of a fresh name. All of these are event files.
READ: Mapping[str, str] = {
    "upper-case": "{n}.JSON",
    "mixed-case": "{n}.JsOn",
    "leading-zeros": "000{n}.json",
    "longest": "{n:0>250}.json",
    "seconds": "{n10}.json",
    "microseconds": "{n}000.json",
    "nanoseconds": "{n}000000.json",
}
#: None of these is.
NOT_READ: Mapping[str, str] = {
    "newline": "{n}.json\n",
    "newline-within": "{n}\n{n}.json",
    "arabic-digits": "١{n}٢.json",  # noqa: RUF001 - looks like it on purpose
    "full-width-digits": "１{n}.json",  # noqa: RUF001 - looks like it on purpose
    "superscript": "{n}².json",
    "long-s": "{n}.jſon",  # noqa: RUF001 - looks like it on purpose
    "mathematical-digits": "{n}\U0001d7d7.json",
    "roman-numeral": "{n}\u2167.json",
    "chinese-numeral": "{n}\u4e94.json",
    "suffix-twice": "{n}.json.json",
    "no-point": "{n}json",
    "two-points": "{n}..json",
    "nul-as-text": "{n}%00.json",
    "grouped": "1,{n}.json",
    "currency": "{n}n.json",
    "blank-before": " {n}.json",
    "blank-after": "{n}.json ",
    "minus": "-{n}.json",
    "plus": "+{n}.json",
    "fraction": "{n}.5.json",
    "exponent": "{n}e3.json",
    "hexadecimal": "0x{n}.json",
    "underscore": "{n}_0.json",
    "no-digits": ".json{n}",
    "hidden": ".{n}.json",
    "letters": "event{n}.json",
    "temporary": "{n}.json.tmp",
    "backup": "{n}.json~",
    "other-suffix": "{n}.jsonl",
    "no-suffix": "{n}",
    "tld": "{n}.tld",
    "not-utf-8": "{n}\udcff\udcfe.json",
    "only-not-utf-8": "\udc80\udcff{n}",
    "control": "{n}\x1b[31m\x07.json",
    "carriage-return": "{n}\rERROR forged line.json",
    "bidirectional": "{n}\u202enosj.json",
    "line-separator": "{n}\u2028.json",
    "longest-other": "{n:x<255}",
    "longest-unicode": "{n}{pad}",
}
#: Numbers at the edges of what the integers, floats and clocks of other languages hold, and such as
#: are one number to them and two names here: 0 and 2^32, 0 and 2^64, 2^53 and its neighbour, 7 with
#: zeros before it. Each is one file a window.
EDGES: Mapping[str, str] = {
    "zero": "0",
    "two-zeros": "00",
    "one-digit": "7",
    "one-digit-with-zero": "07",
    "one-digit-with-zeros": "0000000000000000000000000000007",
    "octal-looking": "0777",
    "int-31": str(2**31 - 1),
    "beyond-int-31": str(2**31),
    "beyond-int-32": str(2**32),
    "double": str(2**53),
    "beyond-double": str(2**53 + 1),
    "milliseconds-of-the-last-date": "8640000000000001",
    "year-10000": "253402300800",
    "milliseconds-of-year-10000": "253402300800000",
    "int-63": str(2**63 - 1),
    "beyond-int-63": str(2**63),
    "int-64": str(2**64 - 1),
    "beyond-int-64": str(2**64),
    "beyond-int-128": str(2**128),
    "forty-nines": "9" * 40,
    "more-digits-than-a-double": "1" + "0" * 249,
}
_EDGE_NAMES = {
    **{f"edge-{kind}": f"{digits}.json" for kind, digits in EDGES.items()},
    "edge-one-digit-upper": "7.JSON",
    "edge-one-digit-mixed": "7.Json",
}
#: What other languages take for a number: one file a window of each, and never read.
_NUMBER_NAMES = {"nan": "nan.json", "infinity": "Infinity.json"}
NAMES = {**READ, **NOT_READ, **_NUMBER_NAMES, **_EDGE_NAMES}
_ONCE = {**_NUMBER_NAMES, **_EDGE_NAMES}


class OddNames(HazardType):
    """Valid documents under odd names."""

    about: ClassVar[str] = "names with newlines, other digits, escapes, 255 bytes, not UTF-8; widths mixed"

    kind: Literal["odd-names"] = "odd-names"
    kinds: tuple[str, ...] = Field(default=(), description="Which names; none given means every one.")
    amount: Amount = Field(default=1, description="How many of each kind; of a number at an edge there is one.")
    old: bool = Field(default=False, description="Whether they were last modified more than a period before the pass.")

    @field_validator("kinds")
    @classmethod
    def _known(cls, kinds: tuple[str, ...]) -> tuple[str, ...]:
        return known(kinds, NAMES)

    def add(self, bench: Bench, window: Window) -> None:
        for kind in self.kinds or tuple(NAMES):
            for _ in range(1 if kind in _ONCE else bench.number(self.amount)):
                at = bench.moment(window)
                written = bench.file(at)
                number = written.name.removesuffix(".json")
                name = NAMES[kind].format(n=number, n10=number[:10], pad="é" * ((255 - len(number)) // 2))
                labels = trying(
                    written.labels, "select.name" if name.isascii() and name.isprintable() else "select.ascii"
                )
                labels = left(labels) if kind in NOT_READ or kind in _NUMBER_NAMES else labels
                mtime = window.end - 2 * bench.limits.period if self.old else None
                bench.add(Step(at, "write", f"{bench.directory}/{name}", written.data, mtime=mtime, labels=labels))


#: Modification times in Unix seconds.
TIMES: Mapping[str, int] = {
    "epoch": 0,
    "before-epoch": -1,
    "year-1902": -2_145_916_800,
    "before-1901": -2_147_483_649,
    "year-2038": 2_147_483_648,
    "year-2106": 4_294_967_296,
    "year-2262": 9_223_372_037,
    "year-2500": 16_725_225_600,
    "year-9999": 253_402_300_799,
    "year-12000": 316_516_204_800,
}


#: Times on both sides of a change of the clocks, in Newfoundland: in summer, and of one local time
#: the first and the second. None is odd elsewhere.
SEASONS: Mapping[str, int] = {
    "summer": 1_751_371_200,
    "first-of-two-hours": 1_762_056_000,
    "second-of-two-hours": 1_762_059_600,
}


#: Times between two microseconds, in ns: nearer to the first of them, nearer to the second, which
#: may be of the next second, and before 1970, where cutting off and rounding down differ.
BETWEEN: Mapping[str, int] = {
    "nearer-below": 1_751_371_200_000_456_123,
    "nearer-above": 1_751_371_200_000_456_877,
    "nearer-next-second": 1_751_371_200_999_999_877,
    "nearer-below-before-epoch": -1_999_999_543_877,
    "nearer-above-before-epoch": -1_999_999_543_123,
}


_MOMENTS = {kind: time * SECOND + 123_456_789 for kind, time in {**TIMES, **SEASONS}.items()} | dict(BETWEEN)


class OddTimes(HazardType):
    """Valid event files last modified at a moment that is hard to write down."""

    about: ClassVar[str] = "event files with modification times in 1902, 1970, 2038, 9999 and beyond"
    agent_events: ClassVar[bool] = True

    kind: Literal["odd-times"] = "odd-times"
    kinds: tuple[str, ...] = Field(
        default=(),
        description="Which moments; none given means every one but those of seasons and between microseconds.",
    )
    amount: Amount = Field(default=1, description="How many of each.")

    @field_validator("kinds")
    @classmethod
    def _known(cls, kinds: tuple[str, ...]) -> tuple[str, ...]:
        return known(kinds, _MOMENTS)

    def add(self, bench: Bench, window: Window) -> None:
        for kind in self.kinds or tuple(TIMES):
            for _ in range(bench.number(self.amount)):
                at = bench.moment(window)
                written = bench.file(at)
                mtime = _MOMENTS[kind] - bench.assignment.epoch
                path = f"{bench.directory}/{written.name}"
                labels = trying(written.labels, "event.time-utc")
                bench.add(Step(at, "write", path, written.data, mtime=mtime, labels=labels))
