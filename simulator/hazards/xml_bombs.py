"""Agent events that attack an XML parser, or are no events at all:
always in the agent's events dir.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar, Literal

from pydantic import Field, field_validator

from ..core import AGENT_EVENTS_DIR, MALFORMED, Document, Window
from ..writers import fallen, typed, xml
from .base import Amount, Bench, HazardType, known

_LAUGHS = "".join(
    f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' if level else '<!ENTITY l0 "lol">' for level in range(10)
)


def before(prologue: str) -> Callable[[str], bytes]:
    """The sound document with something before it."""
    return lambda text: (prologue + text).encode()


#: What is done to a sound XML event; each result must be refused.
DAMAGE: Mapping[str, Callable[[str], bytes]] = {
    "document-type": before("<!DOCTYPE Data>"),
    "billion-laughs": lambda text: (f"<!DOCTYPE Data [{_LAUGHS}]>" + text.replace("etp-", "&l9;etp-")).encode(),
    "quadratic": lambda text: (
        f'<!DOCTYPE Data [<!ENTITY a "{"a" * 50_000}">]>' + text.replace("etp-", "&a;" * 1_000 + "etp-")
    ).encode(),
    "external-entity": lambda text: (
        '<!DOCTYPE Data [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + text.replace("etp-", "&x;etp-")
    ).encode(),
    "external-subset": before('<!DOCTYPE Data SYSTEM "http://169.254.169.254/latest.dtd">'),
    "parameter-entity": before('<!DOCTYPE Data [<!ENTITY % p SYSTEM "file:///dev/zero"> %p;]>'),
    "unknown-entity": lambda text: text.replace("etp-", "&nothing;etp-").encode(),
    "utf-16-document-type": lambda text: ('<?xml version="1.0"?><!DOCTYPE Data>' + text).encode("utf-16"),
    "unclosed": lambda text: text.removesuffix("</Data>").encode(),
    "two-roots": lambda text: (text + text).encode(),
    "deep": lambda text: (text.removesuffix("</Data>") + "<a>" * 100_000).encode(),
    "control": lambda text: text.replace("etp-", "\x01etp-").encode(),
    "character-reference": lambda text: text.replace("etp-", "&#0;etp-").encode(),
    "empty": lambda _: b"",
    "zeros": lambda _: bytes(512),
}


class XmlBombs(HazardType):
    """XML that expands, reaches out or does not end, as ``.tld`` files."""

    about: ClassVar[str] = ".tld files with document types, entities that expand or reach out, endless nesting"
    agent_events: ClassVar[bool] = True

    kind: Literal["xml-bombs"] = "xml-bombs"
    kinds: tuple[str, ...] = Field(default=(), description="Which damage; none given means every one.")
    amount: Amount = Field(default=1, description="How many of each.")

    @field_validator("kinds")
    @classmethod
    def _known(cls, kinds: tuple[str, ...]) -> tuple[str, ...]:
        return known(kinds, DAMAGE)

    def add(self, bench: Bench, window: Window) -> None:
        for kind in self.kinds or tuple(DAMAGE):
            for _ in range(bench.number(self.amount)):
                at = bench.moment(window)
                event = bench.event(at)
                text = xml(1, [typed("Name", bench.assignment.handler), typed("Message", event.label.token)])
                name = f"{bench.name(at).partition('.')[0]}{bench.assignment.actor:03d}.tld"
                written = Document(name, DAMAGE[kind](text), fallen((event.label,), MALFORMED))
                bench.write(at, f"{AGENT_EVENTS_DIR}/{name}", written.data, written.labels)
