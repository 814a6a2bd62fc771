"""Events and files that are equal in all they hold: what tells one from another is where it stands,
and nothing else.

In the field heartbeats are so, and whatever a program without a clock of its own says twice.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from ..base import SECOND
from ..core import Document, Step, Window
from ..writers import (
    COMPACT,
    MILLISECOND,
    PROVIDER,
    Element,
    Text,
    bare,
    document,
    json_parameters,
    label,
    said,
    trying,
)
from .base import Amount, Bench, HazardType

#: The same in every event of every actor; none carries a token.
_TEXTS = {
    "Version": "1.0.0",
    "Timestamp": "2026-01-05T00:00:00.000Z",
    "TaskName": "heartbeat",
    "EventLevel": "Informational",
    "Message": "the service is alive",
    "EventPid": "1",
    "EventTid": "1",
    "OperationId": "",
}
_MESSAGE = "Message"
#: Names that come again are of this time before the run: no writer of the run's own names has one.
_BEFORE = 3_600 * SECOND


class Equal(HazardType):
    """Files without anything that is theirs alone, within a window and from one to the next."""

    about: ClassVar[str] = "equal events in equal files, if wanted of one time and under names that come again"
    agent_events: ClassVar[bool] = True

    kind: Literal["equal"] = "equal"
    amount: Amount = Field(default=3, description="How many files, all equal.")
    per_file: Amount = Field(
        default=2,
        description="How many equal events each holds, 0: a list without any; of agent events each file is one.",
    )
    names: Literal["own", "again", "alike"] = Field(
        default="own",
        description="own: no file had that name; again: each window's files have the names of the last one's, and of other actors'; "
        "alike: names of one number, which leading zeros and the case of their ending tell apart.",
    )
    same_time: bool = Field(
        default=False, description="Whether all were last modified at one time, that of the run's start."
    )

    def add(self, bench: Bench, window: Window) -> None:
        for place in range(bench.number(self.amount)):
            at = bench.moment(window)
            number, _, ending = bench.name(at).partition(".")
            if self.names == "again":
                number = str((bench.assignment.epoch - _BEFORE) // MILLISECOND + place)
            elif self.names == "alike":
                number = f"{'0' * place}{(bench.assignment.epoch - _BEFORE) // MILLISECOND - 1}"
                ending = ending if bench.agent or place % 2 == 0 else ending.upper()
            name = f"{number}.{ending}"
            written = _agent_file(name) if bench.agent else self._file(bench, name)
            mtime = 0 if self.same_time else None
            bench.add(
                Step(
                    at,
                    "write",
                    f"{bench.directory}/{name}",
                    written.data,
                    mtime=mtime,
                    labels=trying(written.labels, "deliver.equal-events"),
                )
            )

    def _file(self, bench: Bench, name: str) -> Document:
        values = {key: COMPACT.text(text) for key, text in _TEXTS.items()}
        events: list[Element] = [bench.valid({**values}, token="")] * bench.number(self.per_file)
        return document(name, events, COMPACT, as_list=len(events) != 1)


def _agent_file(name: str) -> Document:
    def say(text: str) -> Text:
        return COMPACT.text(text)

    parameters = [
        said("Name", say("Contoso.Heartbeat")),
        said("Version", say("1.0.0")),
        said("Operation", say("HeartBeat")),
        bare("OperationSuccess", True),
        said("Message", say(_TEXTS[_MESSAGE])),
        bare("Duration", 0),
    ]
    data = f'{{"eventId":1,"providerId":"{PROVIDER}","parameters":{json_parameters(parameters, COMPACT)}}}'
    return Document(name, data.encode(), (label("", "legacy-extension", 1, parameters),))
