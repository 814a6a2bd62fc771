"""Labelled elements: one written JSON element, and beside it what must become of it.

The rule: a writer says both halves itself, piece by piece (``Text``). They are what it writes, and
what is left of that once a collector has stripped, redacted and cleaned it. Nothing here parses,
strips or redacts, so no bug of a collector can hide in it. The only arithmetic is ``len``. A
Message longer than the limit is due to be cut, and an event that its writer calls valid must fit. A
reason for a drop is always given by the writer (docs/contract.md, "Order of work on one event").
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ..core import KEYS, OVERSIZE_EVENT, Document, Label, Limits, xml_safe

_SURROGATE = re.compile("[\ud800-\udfff]")


def oversize(limits: Limits) -> str:
    """The reason of an event over the limit: it names the limit."""
    return f"{OVERSIZE_EVENT}: max event size allowed: {limits.event}"


def escape_ascii(text: str) -> str:
    """As Python's json does by default: nothing but ASCII in the file."""
    return json.dumps(text)[1:-1]


def escape_raw(text: str) -> str:
    """Non-ASCII as it is, as serde, jq and Node do; a lone surrogate, which UTF-8 cannot hold, is
    escaped.
    """
    return _SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False)[1:-1])


_GO = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
_GO_PATTERN = re.compile("[<>&\u2028\u2029]")


def escape_go(text: str) -> str:
    """As Go's json.Marshal:
    raw, but for what could end a script element or a line of JavaScript.
    """
    return _GO_PATTERN.sub(lambda found: _GO[found[0]], escape_raw(text))


@dataclass(frozen=True, slots=True)
class Layout:
    """How a program lays out its JSON: escaping and every separator."""

    escape: Callable[[str], str]
    opening: str = "{"
    colon: str = ":"
    comma: str = ","
    closing: str = "}"
    list_opening: str = "["
    list_comma: str = ","
    list_closing: str = "]"
    end: str = ""

    def text(self, value: str) -> Text:
        """A piece that comes out as it went in."""
        return Text(self.escape(value), value)

    def changed(self, value: str, final: str) -> Text:
        """A piece that is written as ``value`` and must come out as ``final``."""
        return Text(self.escape(value), final)


COMPACT = Layout(escape_raw)
PYTHON = Layout(escape_ascii, colon=": ", comma=", ", list_comma=", ")
GO = Layout(escape_go)

#: jq's pretty output with every run of white space folded to one blank by an unquoted ``echo``.
JQ_FOLDED = Layout(escape_raw, opening="{ ", colon=": ", comma=", ", closing=" }", end="\n")
JQ_PRETTY = Layout(escape_raw, opening="{\n  ", colon=": ", comma=",\n  ", closing="\n}", end="\n")

#: A list, as Rust's serde_json prints it for people.
SERDE_PRETTY = Layout(
    escape_raw,
    opening="{\n    ",
    colon=": ",
    comma=",\n    ",
    closing="\n  }",
    list_opening="[\n  ",
    list_comma=",\n  ",
    list_closing="\n]",
)


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of a string:

    ``written`` inside its JSON quotes, and the ``final`` text that comes of it.
    """

    written: str
    final: str

    def __add__(self, other: Text) -> Text:
        return Text(self.written + other.written, self.final + other.final)

    @property
    def literal(self) -> str:
        return f'"{self.written}"'


@dataclass(frozen=True, slots=True)
class Bare:
    """A value without quotes (an integer pid,
    a null), and the text that must come of it, if any.
    """

    literal: str
    final: str = ""


Value = Text | Bare
NOTHING = Text("", "")


@dataclass(frozen=True, slots=True)
class Element:
    """One element as it stands in a file, and its label."""

    data: str
    label: Label


def object_text(members: Sequence[tuple[str, str]], layout: Layout) -> str:
    """One JSON object of (key, literal) pairs in this order, duplicates and all."""
    body = layout.comma.join(f'"{layout.escape(key)}"{layout.colon}{literal}' for key, literal in members)
    return f"{layout.opening}{body}{layout.closing}"


def sound(handler: str, token: str, finals: Mapping[str, str], limits: Limits, secrets: tuple[str, ...] = ()) -> Label:
    """The label of an event with all eight fields, of the right types: collected, cut, or oversize
    by its lengths.

    Raises ValueError for an empty Message: its writer was wrong to call the event sound.
    """
    message = finals["Message"]
    if not message:
        raise ValueError("an event with an empty Message is not sound; label it as dropped")
    cut = len(message) > limits.message
    if cut:
        message = message[: limits.message]
    if sum(len(finals[key]) for key in KEYS) - len(finals["Message"]) + len(message) > limits.event:
        return Label(token, "drop", reason=oversize(limits), secrets=secrets)
    parameters = (
        f"{xml_safe(handler)}-{finals['Version']}",
        finals["EventLevel"],
        finals["TaskName"],
        message,
        finals["Timestamp"],
        finals["OperationId"],
        finals["EventPid"],
        finals["EventTid"],
    )
    return Label(token, "cut" if cut else "collect", parameters, secrets=secrets)


def valid(
    handler: str,
    token: str,
    values: Mapping[str, Value],
    limits: Limits,
    layout: Layout,
    *,
    keys: Mapping[str, str] | None = None,
    secrets: tuple[str, ...] = (),
) -> Element:
    """A sound event: values in the order given; ``keys`` renames some (``Timestamp`` as
    ``TimeStamp``).
    """
    names = keys or {}
    members = [(names.get(key, key), value.literal) for key, value in values.items()]
    finals = {key: value.final for key, value in values.items()}
    return Element(object_text(members, layout), sound(handler, token, finals, limits, secrets))


def dropped(token: str, data: str, reason: str) -> Element:
    """An element that is due to be dropped, for the reason that its writer gives."""
    return Element(data, Label(token, "drop", reason=reason))


def left(labels: Sequence[Label]) -> tuple[Label, ...]:
    """The same events where nobody may read them: under a temporary name, in a sub-directory."""
    return tuple(Label(label.token, "leave", secrets=label.secrets, about=label.about) for label in labels)


def trying(labels: Sequence[Label], *clauses: str) -> tuple[Label, ...]:
    """The same events, written to try these clauses."""
    return tuple(label._replace(about=clauses) for label in labels)


def fallen(labels: Sequence[Label], reason: str) -> tuple[Label, ...]:
    """The same events in a file that falls as a whole;
    a file without events still has one label.
    """
    fell = tuple(
        Label(label.token, "drop", reason=reason, secrets=label.secrets, about=label.about) for label in labels
    )
    return fell or (Label("", "drop", reason=reason),)


def document(name: str, elements: Sequence[Element], layout: Layout, *, as_list: bool, mode: int = 0o644) -> Document:
    """An event file of these elements: a list, or the one element by itself."""
    if as_list:
        text = layout.list_opening + layout.list_comma.join(one.data for one in elements) + layout.list_closing
    else:
        (only,) = elements
        text = only.data
    return Document(name, (text + layout.end).encode("utf-8"), tuple(one.label for one in elements), mode)
