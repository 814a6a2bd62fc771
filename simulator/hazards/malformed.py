"""Files that are not JSON, each in its own way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar, Literal

from pydantic import Field, field_validator

from ..core import FORGED_LINE, MALFORMED, Window
from ..writers import fallen
from .base import Amount, Bench, HazardType, known

#: What is done to the text of a sound document.
DAMAGE: Mapping[str, Callable[[str], bytes]] = {
    "empty": lambda _: b"",
    "blank": lambda _: b" \t\r\n",
    "bom": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "utf-16": lambda text: text.encode("utf-16"),
    "utf-16-le": lambda text: text.encode("utf-16-le"),
    "utf-32": lambda text: text.encode("utf-32"),
    "latin-1": lambda text: text.replace("enable", "démarré").replace("etp-", "é etp-").encode("latin-1", "replace"),
    "invalid-utf-8": lambda text: text.encode().replace(b"etp-", b"\xff\xfe etp-"),
    "overlong-utf-8": lambda text: text.encode().replace(b"etp-", b"\xc0\xaf etp-"),
    "utf-8-surrogate": lambda text: text.encode().replace(b"etp-", b"\xed\xa0\x80 etp-"),
    "ndjson": lambda text: f"{text}\n{text}\n".encode(),
    "trailing-text": lambda text: text.encode() + b" x",
    "trailing-nul": lambda text: text.encode() + b"\x00",
    "trailing-bracket": lambda text: text.encode() + b"]",
    "leading-text": lambda text: b"events = " + text.encode(),
    "unclosed": lambda text: text.encode()[:-1],
    "unclosed-list": lambda text: b"[" + text.encode(),
    "unclosed-string": lambda text: text.encode()[:-2],
    "two-elements": lambda text: b"[" + text.encode() + b" " + text.encode() + b"]",
    "list-trailing-comma": lambda text: b"[" + text.encode() + b",]",
    "object-trailing-comma": lambda text: text.encode()[:-1] + b",}",
    "comment": lambda text: b"// events\n" + text.encode(),
    "single-quotes": lambda text: text.replace('"', "'").encode(),
    "bare-keys": lambda text: text.replace('"Version"', "Version").encode(),
    "raw-control": lambda text: text.encode().replace(b"etp-", b"\x01 etp-"),
    "raw-newline": lambda text: text.encode().replace(b"etp-", b"\n etp-"),
    "raw-tab": lambda text: text.encode().replace(b"etp-", b"\t etp-"),
    "raw-escape": lambda text: text.encode().replace(b"etp-", b"\x1f etp-"),
    "raw-nul": lambda text: text.encode().replace(b"etp-", b"\x00 etp-"),
    "forged": lambda text: text.encode().replace(b"etp-", f"\x1b[2J\x07\r\n{FORGED_LINE} ERROR etp-".encode()),
    "forged-number": lambda text: text.encode()[:-1] + f',"n":7\r\n{FORGED_LINE} ERROR\x1b[2J}}'.encode(),
    "bad-escape": lambda text: text.encode().replace(b"etp-", b"\\x41 etp-"),
    "bad-escape-quote": lambda text: text.encode().replace(b"etp-", b"\\' etp-"),
    "bad-escape-nul": lambda text: text.encode().replace(b"etp-", b"\\0 etp-"),
    "bad-escape-line": lambda text: text.encode().replace(b"etp-", b"\\\n etp-"),
    "bad-escape-braces": lambda text: text.encode().replace(b"etp-", b"\\u{41} etp-"),
    "bad-escape-long": lambda text: text.encode().replace(b"etp-", b"\\U00000041 etp-"),
    "half-escape": lambda text: text.encode().replace(b"etp-", b"\\u12 etp-"),
    "no-break-space": lambda text: "\u00a0".encode() + text.encode(),
    "no-break-space-between": lambda text: text.encode().replace(b'"Version":', b'"Version":\xc2\xa0'),
    "vertical-tab": lambda text: text.encode() + b"\x0b",
    "next-line": lambda text: text.encode() + b"\xc2\x85",
    "line-separator": lambda text: text.encode() + b"\xe2\x80\xa8",
    "bom-at-the-end": lambda text: text.encode() + b"\xef\xbb\xbf",
    "record-separator": lambda text: b"\x1e" + text.encode() + b"\n",
    "form-feed": lambda text: text.encode() + b"\x0c",
    "leading-zero": lambda text: text.encode()[:-1] + b',"n":007}',
    "plus-sign": lambda text: text.encode()[:-1] + b',"n":+7}',
    "minus-leading-zero": lambda text: text.encode()[:-1] + b',"n":-07}',
    "minus-alone": lambda text: text.encode()[:-1] + b',"n":-}',
    "fraction-alone": lambda text: text.encode()[:-1] + b',"n":.5}',
    "point-at-the-end": lambda text: text.encode()[:-1] + b',"n":1.}',
    "half-exponent": lambda text: text.encode()[:-1] + b',"n":1e}',
    "underscore-in-number": lambda text: text.encode()[:-1] + b',"n":1_000}',
    "big-integer-suffix": lambda text: text.encode()[:-1] + b',"n":7n}',
    "undefined": lambda text: text.encode()[:-1] + b',"n":undefined}',
    "upper-constant": lambda text: text.encode()[:-1] + b',"n":NULL}',
    "lower-nan": lambda text: text.encode()[:-1] + b',"n":nan}',
    "no-value": lambda text: text.encode()[:-1] + b',"n":}',
    "no-colon": lambda text: text.encode()[:-1] + b',"n" 7}',
    "equals-sign": lambda text: text.encode()[:-1] + b',"n"=7}',
    "number-as-key": lambda text: text.encode()[:-1] + b",7:7}",
    "no-comma": lambda text: text.encode()[:-1] + b' "n":7}',
    "two-commas": lambda text: text.encode()[:-1] + b',,"n":7}',
    "leading-comma": lambda text: b"[," + text.encode() + b"]",
    "no-comma-in-list": lambda text: b"[1 2," + text.encode() + b"]",
    "two-documents": lambda text: text.encode() + text.encode(),
    "closed-by-the-other": lambda text: b"[" + text.encode() + b"}",
    "trailing-comma": lambda text: text.encode() + b",",
    "trailing-semicolon": lambda text: text.encode() + b";",
    "block-comment": lambda text: b"/* events */" + text.encode(),
    "hash-comment": lambda text: text.encode() + b" # events",
    "call": lambda text: b"events(" + text.encode() + b")",
    "guard-prefix": lambda text: b")]}'\n" + text.encode(),
    "beyond-unicode": lambda text: text.encode().replace(b"etp-", b"\xf4\x90\x80\x80 etp-"),
    "utf-8-of-two-halves": lambda text: text.encode().replace(b"etp-", b"\xed\xa0\xbd\xed\xb8\x80 etp-"),
    "cut-character": lambda text: text.encode() + b"\xe2\x82",
    "hexadecimal": lambda text: text.encode()[:-1] + b',"n":0x7}',
    "python-constant": lambda text: text.encode()[:-1] + b',"n":True}',
    "bare-infinity": lambda text: text.encode()[:-1] + b',"n":+Infinity}',
    "deep-lists": lambda _: b"[" * 100_000,
    "deep-closed": lambda text: b"[" * 100_000 + text.encode() + b"]" * 100_000,
    "deep-objects": lambda text: b'{"a":' * 100_000 + text.encode() + b"}" * 100_000,
    "xml": lambda text: b'<?xml version="1.0"?><Event>' + text.encode() + b"</Event>",
    "gzip": lambda text: b"\x1f\x8b\x08\x00" + text.encode(),
    "zeros": lambda _: b"\x00" * 512,
}


class Malformed(HazardType):
    """Event files that are no JSON documents: each is dropped whole."""

    about: ClassVar[str] = (
        "files that are not JSON: byte order marks, other encodings, NDJSON, raw controls, endless nesting"
    )

    kind: Literal["malformed"] = "malformed"
    kinds: tuple[str, ...] = Field(default=(), description="Which damage; none given means every one.")
    amount: Amount = Field(default=1, description="How many files of each kind.")

    @field_validator("kinds")
    @classmethod
    def _known(cls, kinds: tuple[str, ...]) -> tuple[str, ...]:
        return known(kinds, DAMAGE)

    def add(self, bench: Bench, window: Window) -> None:
        for kind in self.kinds or tuple(DAMAGE):
            for _ in range(bench.number(self.amount)):
                at = bench.moment(window)
                sound = bench.file(at)
                data = DAMAGE[kind](sound.data.decode())
                bench.write(at, f"{bench.directory}/{sound.name}", data, fallen(sound.labels, MALFORMED))
