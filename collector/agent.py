"""Agent and legacy events: one `*.tld` file, one event (agent.*).

A `.waagent.tld` file is of this agent and passes as it is. A plain `.tld` file is of an older agent
or of an extension; an extension may set six parameters and no other. JSON or XML; a document type
is refused, since entities can grow without bound or read other files (CWE-776, CWE-611). Everything
here is a function of its arguments.
"""

import json
import sys
from xml.parsers import expat

from .errors import BadText, Malformed, OversizeElement, WrongShape
from .redact import redact
from .telemetry import Param, TelemetryEvent, parameters, utc

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Tuple

AGENT_NAME = "WALinuxAgent"
OWN_SUFFIX = ".waagent.tld"
_EVENT_ID = 1  # extension and agent events; only these have the two columns below
_OF_EXTENSIONS = ("Name", "Version", "Operation", "OperationSuccess", "Message", "Duration")
_AFTER = "TaskName"  # where ExtensionType and IsInternal stand among the common parameters

# A parser makes up to 200 bytes of each of these; an event of an agent has some dozens.
_MAX_TOKENS = 50000
# One wide character makes a text four times as large in memory as its file; parsing needs it some three times over.
_MAX_MEMORY = 2 * 4194304 + 1024
_MAX_DIGITS = 400  # of a number in XML or JSON: beyond this, making it takes time, and no event has it
_FALSE = ("", "0", "false", "False")


def parse(raw: bytes, key: "Tuple[str, str, int]") -> TelemetryEvent:
    """The event in a file, unchanged but for redaction. Raises Malformed, OversizeElement or WrongShape."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadText(f"not UTF-8: {error.reason}") from None
    if sys.getsizeof(text) > _MAX_MEMORY or sum(map(text.count, "[{,<=")) > _MAX_TOKENS:
        raise OversizeElement("too much for one event")
    try:
        event = _from_json(_decode(text), key)
    except RecursionError:
        raise Malformed("nested too deeply") from None
    except ValueError:
        event = None
    del text  # it may be as large in memory as all that is still to come
    if event is None:
        event = _from_xml(raw, key)
    event.parameters = [_redacted(param) for param in event.parameters]
    return event


def complete(event: TelemetryEvent, modified_ns: int, common: "Dict[str, Any]") -> None:
    """Gives a legacy event what it lacks, and takes from an extension's what is not its own to set."""
    added = dict(common, OpcodeName=utc(modified_ns))
    if _is_of_extension(event):
        event.parameters = [param for param in event.parameters if param.name in _OF_EXTENSIONS]
        if event.file_type == "json" and type(event.eventId) is int and event.eventId == _EVENT_ID:
            added = _with_columns(added, event.file_type)
    else:
        for param in event.parameters:
            added.pop(param.name, None)
    event.parameters += parameters(added)


def _is_of_extension(event: TelemetryEvent) -> bool:
    """An event without a name is a log or a metric of an agent."""
    names = [param.value for param in event.parameters if param.name == "Name"]
    return bool(names) and names[0] != AGENT_NAME


def _with_columns(added: "Dict[str, Any]", file_type: str) -> "Dict[str, Any]":
    whole = {}
    for name, value in added.items():
        whole[name] = value
        if name == _AFTER:
            whole.update(ExtensionType=file_type, IsInternal=False)
    return whole


def _redacted(param: Param) -> Param:
    """Message, if text, is redacted as an event's is; of all else only a signature goes."""
    if param.name == "Message" and isinstance(param.value, str):
        return Param(param.name, redact(param.value))
    return Param(redact(param.name, tokens=False), _without_signatures(param.value))


def _without_signatures(value: "Any") -> "Any":
    """The value without signatures in its texts, at any depth, keys of objects among them. Changes
    it in place; no recursion, as depth is the writer's."""
    whole = [value]
    open_ends = [whole]  # type: List[Any]
    while open_ends:
        holder = open_ends.pop()
        if isinstance(holder, dict):
            pairs = [(redact(key, tokens=False), one) for key, one in holder.items()]  # type: List[Tuple[Any, Any]]
            holder.clear()
        else:
            pairs = list(enumerate(holder))
        for place, one in pairs:
            holder[place] = redact(one, tokens=False) if isinstance(one, str) else one
            if isinstance(one, (dict, list)):
                open_ends.append(one)
    return whole[0]


def _integer(digits: str) -> int:
    """Raises no ValueError, which would be taken for malformed JSON, and takes no quadratic time."""
    if len(digits) > _MAX_DIGITS:
        raise WrongShape("a number with too many digits")
    return int(digits)


_decode = json.JSONDecoder(parse_int=_integer).decode


def _from_json(document: "Any", key: "Tuple[str, str, int]") -> TelemetryEvent:
    _require(document, dict, "it")
    event_id, provider = _member(document, "eventId", "it"), _member(document, "providerId", "it")
    given = []
    for param in _require(_member(document, "parameters", "it"), list, "parameters"):
        _require(param, dict, "a parameter")
        given.append(Param(_member(param, "name", "a parameter"), _member(param, "value", "a parameter")))
    if not isinstance(event_id, (int, str)) or not isinstance(provider, str):
        raise WrongShape("no event: ids of the wrong type")
    if not all(isinstance(param.name, str) for param in given):
        raise WrongShape("no event: a parameter without a name")
    return TelemetryEvent(event_id, provider, "json", given, key)


_KINDS = {dict: "an object", list: "a list", str: "a text", bool: "true or false", type(None): "null"}


def _require(value: "Any", kind: type, what: str) -> "Any":
    """The value, which is of this kind, or WrongShape in the words of JSON."""
    if type(value) is not kind:
        found = _KINDS.get(type(value), "a number")
        raise WrongShape(f"no event: {what} is {found}, {_KINDS[kind]} is expected")
    return value


def _member(given: "Dict[str, Any]", name: str, what: str) -> "Any":
    if name not in given:
        raise WrongShape(f"no event: {what} has no {name}")
    return given[name]


def _from_xml(raw: bytes, key: "Tuple[str, str, int]") -> TelemetryEvent:
    found = []  # type: List[Tuple[str, Dict[str, str]]]

    def refuse(*_declaration: object) -> None:
        raise WrongShape("a document type declaration")

    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler = lambda name, attributes: found.append((name, attributes))
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(raw, True)
    except expat.ExpatError as error:
        raise Malformed(f"neither JSON nor XML: {expat.ErrorString(error.code)}") from None
    ids = {name: attributes["id"] for name, attributes in found[::-1] if "id" in attributes}
    for name in ("Event", "Provider"):
        if name not in ids:
            raise WrongShape(f"no event: no {name} with an id")
    given = [_xml_param(attributes) for name, attributes in found if name == "Param"]
    return TelemetryEvent(ids["Event"], ids["Provider"], "xml", given, key)


def _xml_param(attributes: "Dict[str, str]") -> Param:
    for name in ("Name", "Value"):
        if name not in attributes:
            raise WrongShape(f"no event: a Param without a {name}")
    name, text, kind = attributes["Name"], attributes["Value"], attributes.get("T")
    if kind == "mt:bool":
        return Param(name, text not in _FALSE)
    if kind in ("mt:uint64", "mt:float64"):
        if len(text) > _MAX_DIGITS:
            raise WrongShape("a number with too many digits")
        try:
            return Param(name, int(text) if kind == "mt:uint64" else float(text))
        except ValueError:
            raise WrongShape("no event: a Param that is no number") from None
    return Param(name, text)
