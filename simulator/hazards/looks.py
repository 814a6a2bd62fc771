"""Texts that look as if a collector should bring them into order, and are what they are."""

from __future__ import annotations

from collections.abc import Mapping

from .makers import Maker, verbatim

#: Texts that look like an encoding, a number or a form that could be brought into order, and are
#: what they are: none is decoded, expanded, folded or normalised (event.verbatim). None begins or
#: ends with what `str.strip()` takes.
LOOKS: Mapping[str, str] = {
    "entities": "&amp;lt; &lt;b&gt; &#65;&#x41; &quot;x&apos; &nbsp;end",
    "tags": "<b>bold</b> <!-- none --> <![CDATA[x]]> <br/>]]>",
    "percent": "%41%2F %2541 100%25 %u0041 %C3%A9",
    "plus": "a+b+c =3D =?utf-8?q?a?=",
    "json-object": '{"Message": "inner", "n": "\\u0041"}',
    "json-string": '"quoted \\n text"',
    "json-list": '["a", 1]',
    "backslashes": "\\n \\t \\\\ \\x41 \\u0041 \\101 \\/ C:\\new\\table\\0",
    "line-ends": "one\r\ntwo\rthree\n\nfour\n\rfive",
    "line-ends-of-unicode": "one\x85two\u2028three\u2029four",
    "tabs": "a\tb\t\tc        d",
    "runs-of-blanks": "a  b   c \n  d \r\n\u00a0e\u3000f",
    "decomposed": "Cafe\u0301 A\u030a \u1112\u1161\u11ab",
    "composed": "Caf\u00e9 \u00c5 \ud55c",
    "compatible": "\ufb01 \u2460 \uff12 \u212a \u212b \u00bd \u2026",
    "byte-order-marks": "\ufeffa\ufeffb\ufeff",
    "zero-widths": "\u200ba\u200c\u200d\u2060b\u00ad\u180e",
    "cases": "Stra\u00dfe \u1e9e \u0130\u0131 \u01c5 ERROR info",
    "quotes": "'single' \"double\" \u201ccurly\u201d `back`",
    "formats": "%s %d %(name)s {0} {} {name} {{x}} %%",
    "variables": "$HOME ${HOME} %PATH% ~ $(id) `id` $$",
    "mojibake": "\u00c3\u00a9 \u00e2\u0082\u00ac \u00c2\u00b0",
    "numbers": "007",
    "number-with-zeros": "1.10",
    "number-with-exponent": "1e3",
    "constants": "null",
    "truth": "True",
    "not-a-number": "NaN",
    "time-with-zone": "2026-01-05T00:00:00.1200+05:30",
    "time-of-the-day-of-24-hours": "2026-01-05 24:00:00",
    "base64": "aGVsbG8=",
    "addresses": "HTTP://Host.Example:80/%7euser/../x?b=1&a=2&a=1#f",
    "paths": "a//b/../c/./d \\\\server\\share",
    "edge-characters": "\x7f\x80\x9f\ufdd0\ue000\ufffd\U0001fffe\U000e0001\U0010ffff",
    "tails-of-ansi": "[31mred[0m ^[[0m",
}
VERBATIM: Mapping[str, Maker] = {f"looks-{name}": verbatim(text) for name, text in LOOKS.items()}
