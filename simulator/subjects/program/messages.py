"""The messages of the protocol, version 1: what the kit asks and what a program answers.

Rules: one JSON object a line, in UTF-8; every message has a ``type``; an unknown type or key is an error, so that a slip is found at once. The
schemas that ``simulate schema`` prints are made from these models.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, StrictStr, TypeAdapter, ValidationError

from ..notices import KINDS

#: The version of the protocol; a change that an older program could not understand makes it another.
VERSION: Final = 1

DIALECT = "https://json-schema.org/draft/2020-12/schema"

Key = Annotated[
    tuple[str, str, Annotated[StrictInt, Field(ge=0)]],
    Field(description="[handler, file name, index of the event in the file]; the handler is empty for agent events."),
]


class _Message(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


# --- what the kit asks ------------------------------------------------------------------------------------------------------


class Script(_Message):
    """How the program's sender behaves in one pass; every number counts from 1 in that pass."""

    down: bool = Field(False, description="It is stopped before the pass begins.")
    stop_at: int | None = Field(None, ge=1, description="It stops when this event is handed to it, and does not take it.")
    mute_at: int | None = Field(
        None,
        ge=0,
        description="It fails at this event, does not take it, and from then on fails when it is asked whether it has"
        " stopped; 0: from the beginning.",
    )
    raise_at: tuple[int, ...] = Field((), description="It fails at these events, does not take them, and goes on.")
    fail_flush_at: tuple[int, ...] = Field((), description="It cannot confirm at these flushes.")


class AskHello(_Message):
    """The first request. Answered by `hello`."""

    type: Literal["hello"] = "hello"
    protocol: Literal[1] = VERSION


class AskStart(_Message):
    """Build the collector. Answered by `started`."""

    type: Literal["start"] = "start"
    protocol: Literal[1] = VERSION
    log_dir: str
    agent_events_dir: str
    settings: dict[str, int | float | str | bool] = Field(
        description="Only settings that the program declared, of those that a scenario sets: seconds (period,"
        " agent_events_period, retry_delay, max_wait), counts (quota, max_file_size, max_message, max_event,"
        " max_element, tries, max_parse, max_rejects, max_spared, max_spared_bytes, max_early_removals,"
        " max_log_records), delivery (at-most-once or at-least-once), extension_events (true or false)."
    )
    pause: Literal[True] | None = Field(
        None, description="Passes are to pause. A program is asked that declares it and whose calls are not heard."
    )


class AskCollect(_Message):
    """Make one pass. Answered by any number of `event`, `refused`, `flush` and `notice`, then `done`."""

    type: Literal["collect"] = "collect"
    kind: Literal["extension", "agent"] = Field(description="Over the extensions' events, or over the agent's (*.tld).")
    sender: Script = Script()


class AskServe(_Message):
    """Let the collector's own thread live. Asked of a program that declares `service`, where its
    clock is the kit's.

    Start the thread and do nothing for `seconds`; stop it; start it again, which must not bring it
    back, and do nothing for `again` seconds. Answered by any number of `event`, `refused` and
    `flush`, by `service` four times, then by `done`.
    """

    type: Literal["serve"] = "serve"
    seconds: float = Field(gt=0, description="How long it lives.")
    again: float = Field(gt=0, description="How long it is looked at after its end.")
    sender: Script = Field(Script(), description="Its numbers count over the whole life.")


class AskGo(_Message):
    """The pass goes on. Answers `pause`."""

    type: Literal["go"] = "go"


class AskStop(_Message):
    """End: exit with 0 within some seconds, and leave no process behind. Not answered."""

    type: Literal["stop"] = "stop"


Request = Annotated[AskHello | AskStart | AskCollect | AskServe | AskGo | AskStop, Field(discriminator="type")]


# --- what a program answers ----------------------------------------------------------------------------------------------


class Hello(_Message):
    """Answers `hello`."""

    type: Literal["hello"]
    protocol: StrictInt = Field(description="The version that the program speaks.")
    capabilities: dict[str, Any] = Field(
        description="What the collector can do and which limits it has, such as quota, settings (a list of names), delivery, agent_events,"
        " redaction, integer_pids, notices, ledger, pause, service, sender (what of the script it follows: down, stop, mute, raise, flush)."
        " What is not declared is not judged."
    )


class Started(_Message):
    """Answers `start`: the collector is built."""

    type: Literal["started"]


class Parameter(_Message):
    """One parameter of an event."""

    name: str
    value: str | int | float | bool | list[Any] | dict[str, Any] | None = Field(
        description="A number that JSON has not is text: NaN is nan, the infinities are inf and -inf;"
        " half a surrogate is U+FFFD."
    )


class Event(_Message):
    """An event that the sender took. This line confirms it, or a flush does."""

    type: Literal["event"]
    key: Key
    eventId: StrictInt | StrictStr  # noqa: N815 - as on the wire
    providerId: str  # noqa: N815 - the name on the wire
    file_type: str = Field(description="json; of an agent event in XML xml, and its eventId is text then.")
    parameters: list[Parameter] = Field(
        description="In their order. A legacy extension event of JSON with the eventId 1 has ExtensionType (json)"
        " and IsInternal (false) behind TaskName."
    )


class Refused(_Message):
    """An event that the sender did not take, because its script says so."""

    type: Literal["refused"]
    why: Literal["stop", "mute", "error"]
    key: Key


class Flush(_Message):
    """The sender was asked to confirm (delivery at-least-once)."""

    type: Literal["flush"]
    confirmed: StrictBool


class Notice(_Message):
    """Something that the pass tells operators."""

    type: Literal["notice"]
    kind: str = Field(description=f"One of: {', '.join(KINDS)}.")
    extension: str | None = None
    reason: str | None = None
    count: StrictInt = 1
    text: str = ""


class Pause(_Message):
    """The pass stands still until `go` comes, in place of each wait and after each event or file.

    An event that was refused for an error is one.

    Nothing that was read waits to be handed over then, but for the rest of the last event's file.
    """

    type: Literal["pause"]
    seconds: float = Field(
        0.0,
        strict=True,
        ge=0,
        le=86_400,
        allow_inf_nan=False,
        description="In place of a wait: how long it would be. The wait is over when `go` comes.",
    )


class Service(_Message):
    """What the collector's own thread says of itself."""

    type: Literal["service"]
    do: Literal["run", "before-stop", "stop", "start-again"] = Field(
        description="Once it was started and waits; right before it is stopped; once the stop has returned; once it was"
        " started again."
    )
    alive: StrictBool
    stopped: StrictBool
    name: str = Field("", max_length=200, description="The thread's.")
    daemon: StrictBool = Field(False, description="Whether the process may end while it is alive.")


class Done(_Message):
    """The pass has ended."""

    type: Literal["done"]
    ledger: dict[str, dict[str, Any]] | None = Field(
        None,
        description="The pass report (report.ledger): handler -> counts, one under the empty name for agent events."
        " Of events: read = handed_over + dropped (an object: reason -> count) + discarded. Of directory entries:"
        " listed = processed + files_discarded (an object: reason -> count) + spared + kept + vanished."
        " listed counts every entry but subdirectories.",
    )


class Error(_Message):
    """The program could not make sense of a request, or cannot go on."""

    type: Literal["error"]
    text: str


Answer = Hello | Started | Event | Refused | Flush | Notice | Pause | Service | Done | Error
_ANSWER: TypeAdapter[Answer] = TypeAdapter(Annotated[Answer, Field(discriminator="type")])
_REQUEST: TypeAdapter[Any] = TypeAdapter(Request)


def answer_of(message: Any) -> Answer:
    """The answer that a decoded line is. Raises ValueError with one sentence for what is none."""
    if not isinstance(message, dict):
        raise ValueError(f"a {type(message).__name__} where a message (a JSON object with a type) was due")
    try:
        return _ANSWER.validate_python(message)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(step) for step in first["loc"])
        raise ValueError(f"{place}: {first['msg']}" if place else first["msg"]) from None


def line_of(request: _Message) -> bytes:
    """A request as it goes on the wire, its line feed included; what stands for itself is left out."""
    return request.model_dump_json(exclude_defaults=False, exclude_none=True).encode("utf-8") + b"\n"


def message_schema(name: str) -> dict[str, Any]:
    """The JSON Schema of ``protocol-request`` or ``protocol-response``: of one line of each direction."""
    adapter = _REQUEST if name == "protocol-request" else _ANSWER
    told = adapter.json_schema(ref_template="#/$defs/{model}")
    title = f"ETP Kit, {name.replace('-', ' ')}, version {VERSION}"
    return {"$schema": DIALECT, "$id": f"urn:etp-kit:{name}:{VERSION}", "title": title, **told}
