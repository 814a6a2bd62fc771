"""Agent event files that are odd: booleans and numbers of XML in every spelling,
wrong shapes, other names, secrets where nobody looks.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import ClassVar, Literal

from pydantic import Field, field_validator

from ..core import AGENT_EVENTS_DIR, FORGED_LINE, HOLE, MALFORMED, SECRET_PREFIX, AgentValue, Document, Label, Window
from ..writers import (
    COMPACT,
    PROVIDER,
    Parameter,
    Text,
    bare,
    fallen,
    json_parameters,
    label,
    left,
    said,
    trying,
    typed,
    whole,
    xml,
)
from .base import Amount, Bench, HazardType, known
from .looks import LOOKS

Maker = Callable[[Bench], tuple[bytes, Label]]

say = COMPACT.text


def _xml(*extra: Parameter) -> Maker:
    def make(bench: Bench) -> tuple[bytes, Label]:
        mark = bench.token()
        parameters = [typed("Name", bench.assignment.handler), typed("Version", "1.0"), typed("Message", f"{mark} in XML"), *extra]
        return xml(1, parameters).encode(), label(mark, "legacy-extension", "1", parameters, form="xml")

    return make


def _bool(written: str, final: bool) -> Maker:
    return _xml(Parameter("OperationSuccess", f'"{written}" T="mt:bool"', final))


def _json(
    *, message: Callable[[str], Text] | None = None, operation: Text | None = None, more: str = "", secret: str = "", event_id: int | str = 1
) -> Maker:
    def make(bench: Bench) -> tuple[bytes, Label]:
        mark = bench.token()
        text = say(f"{mark} in JSON")
        parameters = [
            said("Name", say(bench.assignment.handler)),
            said("Version", say("1.0")),
            said("Operation", operation or say("Enable")),
            bare("OperationSuccess", True),
            said("Message", text + message(mark) if message else text),
            bare("Duration", 12),
        ]
        body = json_parameters(parameters, COMPACT)
        data = f'{{"eventId":{json.dumps(event_id)},"providerId":"{PROVIDER}",{more}"parameters":{body}}}'
        return data.encode(), label(mark, "legacy-extension", event_id, parameters, secrets=(secret,) if secret else ())

    return make


def _broken(data: bytes) -> Maker:
    def make(bench: Bench) -> tuple[bytes, Label]:
        del bench
        (only,) = fallen((), MALFORMED)
        return data, only

    return make


#: Texts that are decoded once, by the format, and never again.
#: XML itself makes blanks of raw line ends and tabs in attributes, so it has none.
_LOOKS = " | ".join(LOOKS[name] for name in ("entities", "tags", "percent", "json-object", "backslashes", "formats", "decomposed", "byte-order-marks"))
_LINES = " | ".join(LOOKS[name] for name in ("line-ends", "tabs", "runs-of-blanks"))


def _looks_in_xml(bench: Bench) -> tuple[bytes, Label]:
    mark = bench.token()
    parameters = [typed("Name", bench.assignment.handler), typed("Version", "1.10"), typed("Message", f"{mark} {_LOOKS}")]
    return xml(1, parameters).encode(), label(mark, "legacy-extension", "1", parameters, form="xml")


_URL = "https://account.blob.example/c/f"
_SECRET = SECRET_PREFIX + "0123456789abcdef"

#: Written, and due but for what a redaction takes or marks.
_SIGNED, _UNSIGNED = f"{_URL}?sv=2022-11-02&sig={_SECRET} after", f"{HOLE} after"
_ELSEWHERE = "agent.no-signature"


def _signed(kind: Literal["intact", "legacy-extension"], *parameters: Parameter) -> Maker:
    """An event with a signature where only a redaction looks that looks everywhere."""

    def make(bench: Bench) -> tuple[bytes, Label]:
        has_text = all(one.name != "Message" for one in parameters)
        mark = bench.token() if has_text else ""
        name = "WALinuxAgent" if kind == "intact" else bench.assignment.handler
        texts = [said("Message", say(f"{mark} a text"))] if has_text else []
        given = [said("Name", say(name)), *texts, *parameters]
        data = f'{{"eventId":1,"providerId":"{PROVIDER}","parameters":{json_parameters(given, COMPACT)}}}'
        (made,) = trying((label(mark, kind, 1, given, secrets=(_SECRET,)),), _ELSEWHERE)
        return data.encode(), made

    return make


def _signed_in_xml(bench: Bench) -> tuple[bytes, Label]:
    mark = bench.token()
    given = [
        typed("Name", bench.assignment.handler),
        typed("Operation", _UNSIGNED, _SIGNED),
        typed("Message", f"{mark} in XML"),
    ]
    (made,) = trying((label(mark, "legacy-extension", "1", given, form="xml", secrets=(_SECRET,)),), _ELSEWHERE)
    return xml(1, given).encode(), made


SHAPES: Mapping[str, Maker] = {
    "bool-true": _bool("true", True),
    "bool-True": _bool("True", True),
    "bool-1": _bool("1", True),
    "bool-false": _bool("false", False),
    "bool-False": _bool("False", False),
    "bool-0": _bool("0", False),
    "xml-numbers": _xml(Parameter("Duration", '"1.5" T="mt:float64"', 1.5)),
    "metric": _json(event_id=4),
    "text-id": _json(event_id="1"),
    "unknown-properties": _json(more='"file_type":"","Unknown":[{"a":null}],'),
    "message-secret": _json(
        message=lambda _: COMPACT.changed(f" {_URL}?sv=2022-11-02&sig={_SECRET} after", f" {_URL}?<redacted> after"), secret=_SECRET
    ),
    "operation-url": _json(operation=say(f"{_URL}?sv=2022-11-02&sp=rwdl")),
    "signed-operation": _signed("legacy-extension", said("Operation", COMPACT.changed(_SIGNED, _UNSIGNED))),
    "signed-operation-xml": _signed_in_xml,
    "signed-message-object": _signed(
        "legacy-extension",
        whole("Message", {"text": "of an object", "url": _SIGNED}, {"text": "of an object", "url": _UNSIGNED}),
    ),
    "looks-encoded": _json(message=lambda _: say(f" {_LOOKS} {_LINES}"), operation=say(_LOOKS)),
    "looks-encoded-xml": _looks_in_xml,
    "wrong-parameters": _broken(b'{"eventId": 1, "providerId": "x", "parameters": {"Name": "x", "Message": "m"}}'),
    "wrong-object": _broken(b'{"eventId": 1}'),
    "wrong-list": _broken(b"[]"),
    "wrong-number": _broken(b"7"),
    "wrong-xml": _broken(b'<Data><Provider id="x"/><Param Name="Name" Value="x" T="mt:wstr"/></Data>'),
    "wrong-xml-number": _broken(b'<Data><Provider id="x"/><Event id="1"/><Param Name="Duration" Value="soon" T="mt:uint64"/></Data>'),
    "not-utf-8": _broken(b'{"eventId": 1, "providerId": "\xff\xfe"}'),
    "neither": _broken(b"neither JSON nor XML"),
    "empty": _broken(b""),
}


def own_with_few(bench: Bench) -> tuple[bytes, Label]:
    """An event of this agent that sets few parameters: nobody may add any."""
    mark = bench.token()
    parameters = [said("Name", say("WALinuxAgent")), said("Message", say(f"{mark} of the agent"))]
    data = f'{{"eventId":1,"providerId":"{PROVIDER}","parameters":{json_parameters(parameters, COMPACT)}}}'
    return data.encode(), label(mark, "intact", 1, parameters)


def own_that_looks_encoded(bench: Bench) -> tuple[bytes, Label]:
    mark = bench.token()
    parameters = [said("Name", say("WALinuxAgent")), said("Message", say(f"{mark} {_LOOKS} {_LINES}")), said("Extra", say(_LINES))]
    data = f'{{"eventId":1,"providerId":"{PROVIDER}","parameters":{json_parameters(parameters, COMPACT)}}}'
    return data.encode(), label(mark, "intact", 1, parameters)


def _own_signed(written: object, final: AgentValue) -> Maker:
    return _signed("intact", bare("Duration", 3), whole("Extra", written, final))


#: Names that are no agent event's: what they hold is left alone.
OTHER_NAMES: Mapping[str, str] = {"upper-suffix": "{}.TLD", "temporary-suffix": "{}.tld.tmp", "log-suffix": "{}.log"}
OWN: Mapping[str, Maker] = {
    "own-with-few": own_with_few,
    "own-looks-encoded": own_that_looks_encoded,
    "own-signed-text": _own_signed(_SIGNED, _UNSIGNED),
    "own-signed-list": _own_signed([1, [_SIGNED, None]], [1, [_UNSIGNED, None]]),
    "own-signed-object": _own_signed({"a": {"b": [_SIGNED]}, "c": 2.5}, {"a": {"b": [_UNSIGNED]}, "c": 2.5}),
    "own-signed-key": _own_signed({_SIGNED: True, "b": _SIGNED}, {_UNSIGNED: True, "b": _UNSIGNED}),
}
#: No event, under a name that would forge a line and act on a terminal where it is shown raw.
FORGED = "forged-name"
KINDS = (*SHAPES, *OTHER_NAMES, *OWN, FORGED)


class TldShapes(HazardType):
    """Odd agent event files, each by its name."""

    about: ClassVar[str] = ".tld files with odd booleans, numbers, shapes and names, and with secrets"
    agent_events: ClassVar[bool] = True

    kind: Literal["tld-shapes"] = "tld-shapes"
    kinds: tuple[str, ...] = Field(default=(), description="Which shapes; none given means every one.")
    amount: Amount = Field(default=1, description="How many of each.")

    @field_validator("kinds")
    @classmethod
    def _known(cls, kinds: tuple[str, ...]) -> tuple[str, ...]:
        return known(kinds, KINDS)

    def add(self, bench: Bench, window: Window) -> None:
        for kind in self.kinds or KINDS:
            for _ in range(bench.number(self.amount)):
                at = bench.moment(window)
                stem = f"{bench.name(at).partition('.')[0]}{bench.assignment.actor:03d}"
                if kind in OTHER_NAMES:
                    data, made = SHAPES["unknown-properties"](bench)
                    written = Document(OTHER_NAMES[kind].format(stem), data, left((made,)))
                elif kind == FORGED:
                    data, made = SHAPES["neither"](bench)
                    written = Document(f"{stem}\x1b[2J\n{FORGED_LINE} ERROR.tld", data, (made,))
                elif kind in OWN:
                    data, made = OWN[kind](bench)
                    written = Document(f"{stem}.waagent.tld", data, (made,))
                else:
                    data, made = SHAPES[kind](bench)
                    written = Document(f"{stem}.tld", data, (made,))
                bench.write(at, f"{AGENT_EVENTS_DIR}/{written.name}", written.data, written.labels)
