"""An event as it was written, and a delivery as it came: what the ledger is about."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ..core import (
    EVENT_ID,
    PARAMETER_NAMES,
    PROVIDER_ID,
    HandedOver,
    file_name,
    find_token,
    is_agent_event,
    is_in_log_dir,
)

_MESSAGE = PARAMETER_NAMES.index("Context1")
#: What is due to be handed over.
SOUND = ("collect", "cut")
#: No record has this index.
NEVER = 1 << 62


class Labelled(NamedTuple):
    """What a label says of an event: since which record, what is due, and why.

    ``in_place``: its writer changed the file itself, so that who has it open finds it changed.
    """

    since: int
    due: str
    reason: str
    in_place: bool


class Reading(NamedTuple):
    """With which records a file was opened for a delivery, and first read."""

    opened: int
    read: int


@dataclass(slots=True)
class Written:
    """One written event: its latest label, where it last stood, and what became of it."""

    extension: str
    token: str
    due: str
    reason: str
    expected: list[list[str]] = field(default_factory=list)
    #: What an agent event must come out as (``simulator.core.labels.AgentEvent``).
    agent: dict[str, Any] | None = None
    secrets: tuple[str, ...] = ()
    #: The clauses that it was written to try; none for what any extension writes on any day.
    about: tuple[str, ...] = ()
    #: How many elements stand in its file.
    among: int = 1
    times: list[int] = field(default_factory=list)
    path: str = ""
    #: Its place in the file, from 0: what tells it from an equal one.
    index: int = 0
    since: int = 0
    #: Since which record it stands where it stands: its directory may have moved since it was
    #: complete.
    stands: int = 0
    #: From which record up to which it stood in no events dir: who puts it there and back hides it
    #: from the passes between.
    away: list[tuple[int, int]] = field(default_factory=list)
    gone: str = ""
    gone_pass: int = -1
    deliveries: list[Delivered] = field(default_factory=list)
    #: How often its writer wrote it anew after the collector had taken its file away.
    rewritten: int = 0
    #: The sender did not take it (a planned fault).
    refused: bool = False
    fate: str = ""
    why: str = ""
    #: Of an altered one, in what it differs: names of parameters, or one of ASPECTS.
    differs: tuple[str, ...] = ()
    overdue: bool = False
    #: Passes that could not remove its file.
    stuck: set[int] = field(default_factory=set)
    #: Passes in which the sender stopped with an event of its file.
    stopped: set[int] = field(default_factory=set)
    #: It waits, unread beyond a limit and not to be removed: nobody will take it up.
    thrown_away: bool = False
    #: Its labels, in their order.
    labels: list[Labelled] = field(default_factory=list)

    def relabel(self, begin: Reading, end: int) -> None:
        """Who began to read it there and had handed it over with that record found it sound, if it
        was sound at some time between: what became of it later is another reading's.

        An open file keeps what it was when another takes its name. What is changed in the file
        itself before the first read is all that its reader finds.
        """
        before = [label.since <= (begin.read if label.in_place else begin.opened) for label in self.labels]
        first = max((place for place, found in enumerate(before) if found), default=0)
        sound = [label for label in self.labels[first:] if label.due in SOUND and label.since <= end]
        if sound and self.due not in SOUND:
            self.due, self.reason = sound[-1].due, sound[-1].reason

    @property
    def file(self) -> str:
        return file_name(self.path)


def move(event: Written, path: str, i: int) -> None:
    """From that record on it stands at another path."""
    if is_in_log_dir(path) or is_agent_event(path):
        event.away = [(begin, min(end, i)) for begin, end in event.away]
    elif not event.away or event.away[-1][1] < NEVER:
        event.away.append((i, NEVER))
    event.path, event.stands = path, i


@dataclass(slots=True)
class Delivered:
    """One delivery, in the order of the history."""

    i: int
    pass_number: int
    extension: str
    file: str
    index: int
    token: str
    values: list[Any]
    well_formed: bool
    confirmed: bool = True
    names: tuple[str, ...] = PARAMETER_NAMES
    #: The values in the contract's order, of an event whose parameters are the contract's, in
    #: whatever order; else empty.
    own: list[Any] = field(default_factory=list)
    ids: list[Any] = field(default_factory=list)
    #: It has no key; what its key says is where it is taken to come from.
    keyless: bool = False
    #: When it came, in virtual time.
    t: int = 0


def delivered_in(handed: HandedOver) -> Delivered:
    """The delivery that a record tells of."""
    result = handed.result
    values, key = result["values"], result["key"]
    own = _in_order(result.get("names"), values)
    whole = bool(own) and "ids" not in result
    extension, file, index = key if isinstance(key, list) and len(key) == 3 else ("", "", 0)
    return Delivered(
        handed.i,
        handed.pass_number,
        str(extension),
        str(file),
        index,
        _token(values, own if whole else [], of_agent=not extension),
        values,
        whole,
        names=tuple(result.get("names", PARAMETER_NAMES)),
        own=own,
        ids=result.get("ids", [EVENT_ID, PROVIDER_ID, "json"]),
        keyless="keyless" in result,
        t=handed.t,
    )


def _token(values: list[Any], own: list[Any], *, of_agent: bool) -> str:
    """The token in a Message; of an agent event the first in any text."""
    if of_agent:
        return next(filter(None, (find_token(value) for value in values if isinstance(value, str))), "")
    return find_token(own[_MESSAGE]) if own and isinstance(own[_MESSAGE], str) else ""


def _in_order(names: list[str] | None, values: list[Any]) -> list[Any]:
    """The values in the contract's order, or nothing where their names are not the contract's.
    ``names``: None stands for just those.

    What order they came in is for event.mapping to judge: an event whose parameters are in disorder
    says what its writer said.
    """
    if names is None or tuple(names) == PARAMETER_NAMES:
        return values if len(values) == len(PARAMETER_NAMES) else []
    if sorted(names) != sorted(PARAMETER_NAMES):
        return []
    named = dict(zip(names, values, strict=True))
    return [named[name] for name in PARAMETER_NAMES]
