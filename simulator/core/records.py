"""What each kind of record holds: the type of its ``result``, by ``op``.

Rules: what stands here is what a history may hold, for writers, for readers, for
``simulate schema history`` and for docs/history.md. A key that is not required is left out where
it does not apply; none is null for that.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, NotRequired

from pydantic import ConfigDict, Field, with_config
from typing_extensions import TypedDict  # pydantic reads no other before Python 3.12

_CLOSED = ConfigDict(extra="forbid")
#: [handler, file, index] of an element; the handler is "" for an agent event.
Key = Annotated[list[Any], Field(min_length=3, max_length=3)]
Errno = Annotated[str, Field(description="the call failed, with this")]
PassKind = Literal["extension", "agent"]


@with_config(_CLOSED)
class ActorEntry(TypedDict):
    name: str
    handler: str
    role: str
    producer: str


@with_config(_CLOSED)
class RunResult(TypedDict):
    """How the run was made."""

    scenario: NotRequired[str]
    seed: NotRequired[int]
    subject: NotRequired[str]
    limits: Annotated[dict[str, Any], Field(description="the contract's limits, as the subject declares them")]
    delivery: str
    capabilities: dict[str, Any]
    hosted: NotRequired[Annotated[list[str], Field(description="settings that the embedding agent gives")]]
    lacking: NotRequired[Annotated[list[str], Field(description="of a program: what its world does not offer")]]
    unheard: NotRequired[Annotated[str, Field(description="of a program: why its calls are not heard")]]
    slack: NotRequired[Annotated[int, Field(description="of a program: ns that a pass may last")]]
    confirmed_by: NotRequired[Annotated[str, Field(description="of a program: what confirms an event")]]
    actors: list[ActorEntry]


@with_config(_CLOSED)
class PassBegin(TypedDict):
    """A pass begins."""

    kind: PassKind


@with_config(_CLOSED)
class PassEnd(TypedDict):
    """A pass is over."""

    kind: PassKind
    end: Annotated[str, Field(description="`returned`, or how it ended")]
    leaked: Annotated[int, Field(description="descriptors that were left open")]
    hurried: NotRequired[
        Annotated[
            int,
            Field(description="of a program: calls that came while another thread computed, in the machine's order"),
        ]
    ]


@with_config(_CLOSED)
class StepResult(TypedDict):
    """A writer's step."""

    act: str
    to: NotRequired[Annotated[str, Field(description="the other path of a rename, a replacement or a link")]]
    bytes: NotRequired[int]
    mtime: NotRequired[Annotated[int, Field(description="virtual ns")]]
    labels: NotRequired[
        Annotated[
            list[list[Any]],
            Field(
                description="of each element: token, due, reason or texts or agent event, "
                "then the secrets and the clauses that it was written to try, where there are any"
            ),
        ]
    ]
    errno: NotRequired[Errno]


@with_config(_CLOSED)
class CallResult(TypedDict):
    """A call of the collector."""

    call: str
    errno: NotRequired[Errno]
    ns: NotRequired[Annotated[int, Field(description="of a sleep")]]
    seen: NotRequired[
        Annotated[bool, Field(description="of a program, told after its pass by what it did to directories")]
    ]


@with_config(_CLOSED)
class DeliverResult(TypedDict):
    """The sender took an event."""

    key: Annotated[Key | None, Field(description="handler, file, index")]
    values: Annotated[list[Any], Field(description="in the order in which they came")]
    keyless: NotRequired[Annotated[bool, Field(description="it had no key: this is where it was read")]]
    names: NotRequired[Annotated[list[str], Field(description="where they are not the contract's")]]
    ids: NotRequired[
        Annotated[list[Any], Field(description="eventId, providerId, file_type, where they are not the contract's")]
    ]


@with_config(_CLOSED)
class FlushResult(TypedDict):
    """The sender was asked to confirm."""

    confirmed: bool


@with_config(_CLOSED)
class NoticeResult(TypedDict):
    """What the collector tells operators."""

    kind: str
    extension: str | None
    reason: str | None
    count: int
    reworded: NotRequired[Annotated[bool, Field(description="it does not say what operators search for")]]
    dropped: NotRequired[
        Annotated[dict[str, int], Field(description="of `emit` on drops: the reasons in its text, with their counts")]
    ]


@with_config(_CLOSED)
class CapabilityResult(TypedDict):
    """A capability that is declared and does not hold."""

    name: str
    problem: str


@with_config(_CLOSED)
class LogResult(TypedDict):
    """A log record; its text is in no history."""

    level: str
    unsafe: Annotated[bool, Field(description="control characters or a forged line in it")]
    secret: Annotated[bool, Field(description="a planted secret in it")]
    extensions: list[str]
    text: NotRequired[Annotated[int, Field(description="of a service: which text, by first appearance")]]


@with_config(_CLOSED)
class FaultResult(TypedDict):
    """A planned fault struck."""

    kind: str
    key: NotRequired[Annotated[Key | None, Field(description="of the event that the sender did not take")]]
    call: NotRequired[str]
    errno: NotRequired[int | str]
    seconds: NotRequired[float]


@with_config(_CLOSED)
class ServiceResult(TypedDict):
    """What was done to a service, and what it said then."""

    do: Literal["run", "before-stop", "stop", "start-again", "signal"]
    alive: NotRequired[bool]
    stopped: NotRequired[bool]
    name: NotRequired[str | None]
    daemon: NotRequired[bool]
    door: NotRequired[str]
    took: NotRequired[Annotated[int, Field(description="ns")]]
    signal: NotRequired[str]


@with_config(_CLOSED)
class ChangedResult(TypedDict):
    """The process around the collector is otherwise than before (run.guest)."""

    when: str
    what: list[str]


@with_config(_CLOSED)
class CrashResult(TypedDict):
    """The collector's process was ended."""

    call: NotRequired[str]
    when: NotRequired[str]


@with_config(_CLOSED)
class EscapeResult(TypedDict):
    """The collector left its world."""

    event: str


#: A path, what is there, and its size.
TreeEntry = Annotated[list[Any], Field(min_length=3, max_length=3)]

#: What a pass's report says of an extension: counts, and counts by reason.
LedgerEntry = dict[str, Any]

#: op -> (what it tells, the type of its result).
OPS: dict[str, tuple[str, Any]] = {
    "run": ("how the run was made; the first record", RunResult),
    "pass-begin": ("a pass begins", PassBegin),
    "pass-end": ("a pass is over", PassEnd),
    "step": ("a writer's step", StepResult),
    "call": ("a call of the collector", CallResult),
    "offered": ("an events dir that lay there for a program to list when the pass began", None),
    "deliver": ("the sender took an event", DeliverResult),
    "flush": ("the sender was asked to confirm", FlushResult),
    "notice": ("what the collector tells operators", NoticeResult),
    "emit": ("the same, of a notice that the collector gives to the agent that embeds it", NoticeResult),
    "ledger": ("the pass report's ledger, by extension, as the collector told it", dict[str, LedgerEntry]),
    "capability": ("a capability that is declared and does not hold", CapabilityResult),
    "log": ("a log record; its text is in no history", LogResult),
    "fault": ("a planned fault struck", FaultResult),
    "service": ("what was done to a service, and what it said then", ServiceResult),
    "changed": ("the process around the collector is otherwise than before (run.guest)", ChangedResult),
    "crash": ("the collector's process was ended", CrashResult),
    "restart": ("a new process", None),
    "escape": ("the collector left its world", EscapeResult),
    "tree": ("what is there in the end: path, kind, size; the last record", list[TreeEntry]),
}
