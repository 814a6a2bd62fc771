"""Signed URLs in every form in which they leak, and texts that make a careless redaction slow.

The contract names one form to the letter: an https URL whose query begins with a parameter of a SAS
token. It has its exact text as label. For the rest only this is due: the signature survives
nowhere, and the text around the URL does. The label has a hole there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import ClassVar, Literal
from urllib.parse import quote

from pydantic import Field, field_validator

from ..core import HOLE, KEYS, MALFORMED, MISSING, NOT_AN_OBJECT, SECRET_PREFIX, WRONG_TYPE, Window
from ..writers import (
    COMPACT,
    NOTHING,
    Bare,
    Element,
    Text,
    Value,
    document,
    dropped,
    fallen,
    object_text,
    trying,
    valid,
)
from .base import Amount, Bench, HazardType, known
from .makers import members, ordinary, say

BASE = "https://account.blob.example/container/file.vhd"
PARAMETERS = ("sv", "st", "se", "sr", "sp", "sip", "spr", "sig", "SV", "Sig", "SE")
Maker = Callable[[str], Text]


def query(first: str, secret: str) -> str:
    """A SAS token whose first parameter this is; the signature is the secret."""
    rest = [f"{name}={value}" for name, value in (("sv", "2022-11-02"), ("sp", "rwdl")) if name != first.lower()]
    if first.lower() == "sig":
        return "&".join([f"{first}={secret}", *rest])
    return "&".join([f"{first}=2022-11-02", *rest, f"sig={secret}"])


def exact(first: str) -> Maker:
    """The contract's own form."""
    return lambda secret: COMPACT.changed(f"{BASE}?{query(first, secret)}", f"{BASE}?<redacted>")


def open_form(shape: Callable[[str], str]) -> Maker:
    """A form of which only the secret's absence is due."""
    return lambda secret: COMPACT.changed(shape(secret), HOLE)


def two(secret: str) -> Text:
    once = exact("sv")(secret)
    return once + say(" and ") + exact("sig")(secret)


#: To the letter of redact.sas, and what stands beside that.
EXACT: Mapping[str, Maker] = {
    **{f"first-{name.lower() if name.islower() else name}": exact(name) for name in PARAMETERS},
    "two-urls": two,
    "plain-beside": lambda secret: say(f"{BASE}?comp=list and ") + exact("sv")(secret) + say(f" and {BASE}"),
    "parameters-alike": lambda secret: say(
        f"{BASE}?signature=a {BASE}?space=b {BASE}?server=c {BASE}?st {BASE}?sr:d {BASE}? sv=e {BASE}?stage=f and "
    ) + exact("sp")(secret),
    "other-schemes": lambda secret: say("ftp://a.example/c?sv=1 file:///c?sr=b sv=2022-11-02 ") + exact("sr")(secret),
    "tab-and-return": lambda secret: exact("se")(secret) + say("\tafter\ra tab"),
    "two-lines": lambda secret: exact("se")(secret) + Text("\\n", "\n") + exact("sr")(secret),
}

#: Forms of redact.complete: only the secret's absence is due, and that the text around it survives.
OPEN: Mapping[str, Maker] = {
    "http": open_form(lambda secret: f"http://account.blob.example/c/f?{query('sv', secret)}"),
    "ws": open_form(lambda secret: f"ws://account.blob.example/c/f?{query('sv', secret)}"),
    "wss": open_form(lambda secret: f"wss://account.blob.example/c/f?{query('se', secret)}"),
    "scheme-upper": open_form(lambda secret: f"HTTPS://account.blob.example/c/f?{query('sv', secret)}"),
    "other-first": open_form(lambda secret: f"{BASE}?comp=block&blockid=AAA%3D&{query('sv', secret)}"),
    "other-first-sig": open_form(lambda secret: f"{BASE}?snapshot=1&sig={secret}"),
    "encoded": open_form(lambda secret: quote(f"{BASE}?{query('sv', secret)}", safe="")),
    "encoded-lower": open_form(lambda secret: quote(f"{BASE}?{query('sp', secret)}", safe="").replace("%3A", "%3a")),
    "encoded-twice": open_form(lambda secret: quote(quote(f"{BASE}?{query('sv', secret)}", safe=""), safe="")),
    "double-quotes": open_form(lambda secret: f'"{BASE}?{query("sv", secret)}"'),
    "single-quotes": open_form(lambda secret: f"'{BASE}?{query('sip', secret)}'"),
    "brackets": open_form(lambda secret: f"[{BASE}?{query('sv', secret)}]"),
    "parentheses": open_form(lambda secret: f"({BASE}?{query('st', secret)})"),
    "angles": open_form(lambda secret: f"<{BASE}?{query('sv', secret)}>"),
    "json": open_form(lambda secret: f'{{"uri":"{BASE}?{query("sv", secret)}","n":1}}'),
    "ampersand-entity": open_form(lambda secret: f"{BASE}?{query('sv', secret)}".replace("&", "&amp;")),
    "fragment": open_form(lambda secret: f"{BASE}?{query('sv', secret)}#part"),
    "with-port": open_form(lambda secret: f"https://10.0.0.1:8443/x?{query('sr', secret)}"),
    "glued": open_form(lambda secret: f"{BASE}?{query('sv', secret)},{BASE}?{query('sig', secret)}"),
    "upper-parameters": open_form(lambda secret: f"{BASE}?comp=list&SIG={secret}"),
}

def without_scheme(shape: Callable[[str], str]) -> Maker:
    """The query of a URL as the field writes it: no scheme, often no host."""
    return open_form(lambda secret: shape(f"sv=2022-11-02&sp=rwdl&sig={secret}"))


_CONNECTION = "BlobEndpoint=https://account.blob.example/"

#: What only a redaction finds that is closed: no scheme or any, entities and escapes of `=`, and
#: what is replaced on its way because XML cannot carry it.
CLOSED: Mapping[str, Maker] = {
    "separator-before": open_form(lambda secret: f"{BASE}?comp=list\x1f&sig={secret}"),
    "separators-within": open_form(lambda secret: f"{BASE}?sv=2022-11-02&sig=\x1c\x1d\x1e\x1f{secret}"),
    "tab-and-feed-within": open_form(lambda secret: f"wss://account.blob.example/c?sig=\x0b\x0c{secret}"),
    "control-in-query": open_form(lambda secret: f"/c/b?sv=2022-11-02&\x1fsig\x00={secret}"),
    "control-in-name": open_form(lambda secret: f"/c/b?sv=2022-11-02&s\x00i\x00g\x00={secret}"),
    "retries": without_scheme(lambda query: f"Max retries exceeded with url: /c/b?{query}"),
    "query-first": open_form(lambda secret: f"/c/b?sig={secret}&sv=2022-11-02"),
    "query-broken": without_scheme(lambda query: f"/c/b?{query.replace('&sig', ' &sig')}"),
    "query-encoded": without_scheme(lambda query: quote(f"/c/b?{query}", safe="")),
    "query-encoded-twice": without_scheme(lambda query: quote(quote(f"/c/b?{query}", safe=""), safe="")),
    "query-in-json": without_scheme(lambda query: f"/c/b?{query}".replace("&", "\\u0026").replace("=", "\\u003d")),
    "query-in-javascript": without_scheme(lambda query: f"/c/b?{query}".replace("&", "\\x26").replace("=", "\\x3d")),
    "query-in-html": without_scheme(lambda query: f"/c/b?{query}".replace("&", "&amp;")),
    "equals-decimal": without_scheme(lambda query: f"{BASE}?{query}".replace("=", "&#61;")),
    "equals-hexadecimal": without_scheme(lambda query: f"{BASE}?{query}".replace("=", "&#x3D;")),
    "equals-named": without_scheme(lambda query: f"{BASE}?{query}".replace("=", "&equals;")),
    "equals-in-html-twice": without_scheme(lambda query: f"/c/b?{query}".replace("=", "&amp;#61;")),
    "connection": without_scheme(lambda query: f"{_CONNECTION};SharedAccessSignature={query}"),
    "connection-first": open_form(lambda secret: f"SharedAccessSignature=sig={secret}&sv=2022-11-02"),
    "storage-scheme": without_scheme(lambda query: f"abfss://container@account.dfs.example/f?{query}"),
    "any-scheme-fragment": open_form(lambda secret: f"wasbs://container@account.blob.example/f#sig={secret}"),
    "web-socket-fragment": open_form(lambda secret: f"ws://account.blob.example/f#sig={secret}"),
    "prose-beside": lambda secret: say("killed by sig=11, sigaction=0 (sig=9), svn://a.example/c?sv=1 and ")
    + open_form(lambda it: f"/c/b?sv=2022-11-02&sig={it}")(secret),
}

LEAKS: Mapping[str, Maker] = {**EXACT, **OPEN, **CLOSED}

#: Text that a backtracking or restarting pattern needs quadratic time for; nothing in it is a
#: secret.
SLOW: Mapping[str, str] = {
    "https": "https://",
    "https-question": "https://a?",
    "https-almost": "https://a?s=1",
    "question-marks": "?",
    "parameters": "&sv",
    "percent": "%3A%2F",
    "slashes": "/",
    "schemes": "httpshttps:/",
}


def clause_of(kind: str) -> str:
    """The clause that a text of this kind tries: the contract's own form to the letter, every other
    form, or time.
    """
    if kind.startswith("slow-"):
        return "redact.linear"
    return "redact.sas" if kind not in OPEN and kind not in CLOSED else "redact.complete"


KINDS = (
    *LEAKS,
    *(f"field-{key.lower()}" for key in KEYS),
    "across-the-cut",
    "oversize",
    "malformed",
    "missing",
    "wrong-type",
    "no-object",
    "unknown-key",
    *(f"slow-{name}" for name in SLOW),
)


_FALLING = {"missing", "wrong-type", "no-object"}


def _falling(kind: str, token: str, values: dict[str, Value], url: Text, secret: str) -> Element:
    """An element that is dropped with the secret in it: nobody may tell of it."""
    if kind == "no-object":
        made = dropped("", f"[{url.literal}]", NOT_AN_OBJECT)
    else:
        values["TaskName"] = url if kind == "missing" else Bare(f"[{url.literal}]")
        pairs = [(key, text) for key, text in members(values) if kind != "missing" or key != "OperationId"]
        made = dropped(token, object_text(pairs, COMPACT), MISSING["OperationId"] if kind == "missing" else WRONG_TYPE["TaskName"])
    return Element(made.data, made.label._replace(secrets=(secret,)))


class Secrets(HazardType):
    """Events with signed URLs: the signature must be in no event and in no log."""

    about: ClassVar[str] = "signed URLs in every form that leaks, in every field, and texts that make redaction slow"

    kind: Literal["secrets"] = "secrets"
    kinds: tuple[str, ...] = Field(default=(), description="Which texts; none given means every one.")
    amount: Amount = Field(default=1, description="How many events of each kind.")
    length: int = Field(
        default=200_000, ge=1_000, le=4_000_000, description="Characters of the texts that make redaction slow."
    )
    together: bool = Field(
        default=False, description="Whether all but a malformed one stand in one list, and not each in a file."
    )

    @field_validator("kinds")
    @classmethod
    def _known(cls, kinds: tuple[str, ...]) -> tuple[str, ...]:
        return known(kinds, KINDS)

    def add(self, bench: Bench, window: Window) -> None:
        kinds = self.kinds or KINDS
        joined = [kind for kind in kinds if self.together and kind != "malformed"]
        if joined:
            for _ in range(bench.number(self.amount)):
                self._add_list(bench, window, joined)
        for kind in [kind for kind in kinds if kind not in joined]:
            for _ in range(bench.number(self.amount)):
                at = bench.moment(window)
                written = document(bench.name(at), [self._element(bench, kind)], COMPACT, as_list=kind == "no-object")
                written = replace(written, labels=trying(written.labels, clause_of(kind)))
                if kind == "malformed":  # and no error that quotes the text may tell
                    labels = fallen(written.labels, MALFORMED)
                    bench.write(at, f"{bench.directory}/{written.name}", written.data + b"]", labels)
                else:
                    bench.place(at, written)

    def _add_list(self, bench: Bench, window: Window, kinds: list[str]) -> None:
        at = bench.moment(window)
        elements = []
        for kind in kinds:
            made = self._element(bench, kind)
            elements.append(Element(made.data, *trying((made.label,), clause_of(kind))))
        bench.place(at, document(bench.name(at), elements, COMPACT, as_list=True))

    def _element(self, bench: Bench, kind: str) -> Element:
        token, values = ordinary(bench)
        secret = SECRET_PREFIX + bench.draw.hexadecimal(36)
        start = say(f"{token} ")
        secrets: tuple[str, ...] = (secret,)
        if kind in LEAKS:
            values["Message"] = start + say("before ") + LEAKS[kind](secret) + say(" after")
        elif kind == "across-the-cut":
            # Redacted first, the Message fits; cut first, half of the signature stays.
            rest = bench.limits.message - len(start.final) - len(exact("sv")(secret).final) - 1
            values["Message"] = start + say("x" * rest + " ") + exact("sv")(secret)
        elif kind in {"oversize", "malformed"}:
            values["Message"] = start + exact("sv")(secret)
            if kind == "oversize":
                values["TaskName"] = exact("se")(secret) + say(" " + "x" * bench.limits.event)
        elif kind.startswith("slow-"):
            part = SLOW[kind.removeprefix("slow-")]
            values["Message"] = start + say(part * (self.length // len(part)))
            secrets = ()
        elif kind in _FALLING:
            return _falling(kind, token, values, exact("sv")(secret), secret)
        elif kind == "unknown-key":
            values["Message"] = start + say("beside a field that nobody uses")
            label = valid(bench.assignment.handler, token, values, bench.limits, COMPACT, secrets=secrets).label
            return Element(object_text([*members(values), ("Url", exact("sv")(secret).literal)], COMPACT), label)
        else:
            key = next(key for key in KEYS if key.lower() == kind.removeprefix("field-"))
            values[key] = (start if key == "Message" else NOTHING) + exact("sv")(secret)
        return valid(bench.assignment.handler, token, values, bench.limits, COMPACT, secrets=secrets)
