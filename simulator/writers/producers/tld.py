"""Agent and legacy events: the ``*.tld`` files of the agent's own events dir, in JSON and XML.

A parameter is a (name, literal, final) triple: as it is written, and as it must come out. What a
collector adds (the common parameters) is not said here: the label's kind tells it (``AgentEvent``).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Literal, NamedTuple
from xml.sax.saxutils import quoteattr

from ...core import AgentEvent, AgentValue, Label
from ..element import Layout, Text

PROVIDER = "69B669B9-4AF8-4C50-BDC4-6006FA76E975"
#: What is left of a legacy extension event.
TRIMMED = ("Name", "Version", "Operation", "OperationSuccess", "Message", "Duration")
Kind = Literal["intact", "legacy-extension", "legacy-agent"]


class Parameter(NamedTuple):
    """One parameter of an event: its literal in the file, and its final value."""

    name: str
    literal: str
    final: AgentValue


def said(name: str, text: Text) -> Parameter:
    """A text parameter in JSON."""
    return Parameter(name, text.literal, text.final)


def bare(name: str, value: AgentValue) -> Parameter:
    """A boolean or a number in JSON."""
    literal = {True: "true", False: "false"}[value] if isinstance(value, bool) else repr(value)
    return Parameter(name, literal, value)


def whole(name: str, written: object, final: AgentValue) -> Parameter:
    """An object or a list in JSON, or what stands in its place, and what must come of it."""
    return Parameter(name, json.dumps(written), final)


def label(
    token: str,
    kind: Kind,
    event_id: int | str,
    parameters: Sequence[Parameter],
    *,
    form: Literal["json", "xml"] = "json",
    secrets: tuple[str, ...] = (),
) -> Label:
    """The label of one file:
    a legacy extension event is trimmed, all others keep every parameter.
    """
    kept = tuple((one.name, one.final) for one in parameters if kind != "legacy-extension" or one.name in TRIMMED)
    agent = AgentEvent(kind, event_id, PROVIDER, kept, form)
    return Label(token, "collect", secrets=secrets, agent=agent)


def json_parameters(parameters: Sequence[Parameter], layout: Layout) -> str:
    """The list of parameters."""
    objects = [
        layout.opening
        + f'"name"{layout.colon}"{one.name}"{layout.comma}"value"{layout.colon}{one.literal}'
        + layout.closing
        for one in parameters
    ]
    return layout.list_opening + layout.list_comma.join(objects) + layout.list_closing


def xml(event_id: int, parameters: Sequence[Parameter]) -> str:
    """The event as the old agents write it; literals are XML attributes with their type."""
    body = "".join(f'<Param Name="{one.name}" Value={one.literal} />' for one in parameters)
    return f'<Data><Provider id="{PROVIDER}"/><Event id="{event_id}"/>{body}</Data>'


def typed(name: str, value: AgentValue, written: str | None = None) -> Parameter:
    """A parameter in XML; ``written``:
    the text as it stands in the file, where it must come out changed.
    """
    if isinstance(value, str):
        return Parameter(name, f'{quoteattr(value if written is None else written)} T="mt:wstr"', value)
    kind = "bool" if isinstance(value, bool) else "uint64" if isinstance(value, int) else "float64"
    return Parameter(name, f'"{value}" T="mt:{kind}"', value)
