"""Whether a delivered event is the one that was due, and in what it differs.

Rules: an event of an extension has the texts of its label, the modification time of its file, and
what the embedding agent gives. An agent event has parameters of its own, and those that are added.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ..base import EPOCH
from ..core import (
    COMMON_PARAMETERS,
    LABELLED_PARAMETERS,
    PARAMETER_NAMES,
    agent_microseconds,
    agrees,
    is_about,
    is_nearest,
    microseconds_of,
)
from .written import SOUND, Delivered, Written

#: In what a delivered event can differ, beside its parameters: it was due to be none; the names of
#: its parameters, or its ids; of a legacy event, what was added to it; OpcodeName, where it is
#: another time or that time in another zone; values that the embedding agent gave.
NOT_DUE, FORM, IDS, ADDED, COLUMNS, TIME, ZONE, HOST = ASPECTS = (
    "not due",
    "form",
    "ids",
    "added",
    "columns",
    "time",
    "zone",
    "host",
)

_PLACES = tuple(map(PARAMETER_NAMES.index, LABELLED_PARAMETERS))
_TIME = PARAMETER_NAMES.index("OpcodeName")
_NOT_THE_TIME = "OpcodeName is not the file's modification time"

#: What is due, as a sentence goes on.
_PARTICIPLES = {"collect": "collected", "cut": "cut", "drop": "dropped", "leave": "left"}

_Problem = tuple[str, str]
_Pairs = list[tuple[str, Any]]


def alteration(event: Written, delivered: Delivered, *, hosted: bool) -> tuple[str, tuple[str, ...]]:
    """How a delivery differs from what is due, in words and by the names of what differs; nothing,
    and nothing, where it does not. ``hosted``: the embedding agent gives the common parameters.
    """
    problems = list(
        _alterations(event, delivered, hosted)
        if event.agent is None
        else [
            *agent_alterations(event.agent, delivered, event.secrets),
            *_added_alterations(event, event.agent, delivered, hosted),
        ]
    )
    return (problems[0][1], tuple(dict.fromkeys(aspect for aspect, _ in problems))) if problems else ("", ())


def says_the_same(event: Written, delivered: Delivered) -> bool:
    """Whether the texts of a delivery of eight labelled parameters are those of the event."""
    found = [delivered.own[place] for place in _PLACES]
    return any(not _differing(expected, found, event.secrets) for expected in event.expected)


def _alterations(event: Written, delivered: Delivered, hosted: bool) -> Iterator[_Problem]:
    """How a delivered event of an extension differs: (what differs, in words)."""
    if event.due not in SOUND:
        why = f": {event.reason}" if event.reason else ""
        yield NOT_DUE, f"delivered, though due to be {_PARTICIPLES[event.due]}{why}"
        return
    if not delivered.well_formed:
        yield FORM, "parameter names or ids are not the contract's"
        return
    found = [delivered.own[place] for place in _PLACES]
    # Of a file that was read in part what it says was not written down; its form and its time were.
    differing = [_differing(expected, found, event.secrets) for expected in event.expected]
    if differing and all(differing):
        yield from ((name, f"differs in {', '.join(differing[-1])}") for name in differing[-1])
    yield from _time_alterations(delivered.own[_TIME], event.times)
    if hosted:
        yield from _host_alterations((PARAMETER_NAMES[place], delivered.own[place]) for place in _OF_HOST)


def _added_alterations(event: Written, due: dict[str, Any], delivered: Delivered, hosted: bool) -> Iterator[_Problem]:
    """What is wrong with the values of the common parameters that a legacy event got."""
    if due["kind"] == "intact":
        return
    added = dict(_parted(due, delivered)[1])
    moment = added.pop("OpcodeName", None)
    if moment is not None:
        yield from _time_alterations(moment, event.times)
    if hosted:
        yield from _host_alterations(added.items())


def agent_alterations(due: dict[str, Any], delivered: Delivered, secrets: tuple[str, ...]) -> Iterator[_Problem]:
    """How a delivered agent event differs from what its file must come out as.

    Yields (what differs, in words).
    """
    if delivered.ids != [due["event_id"], due["provider"], due["form"]]:
        yield IDS, f"ids are {delivered.ids}"
    own, added = _parted(due, delivered)
    if [name for name, _ in own] != [name for name, _ in due["parameters"]]:
        differing = next((name for (name, _), (got, _) in zip(due["parameters"], own, strict=False) if name != got), "")
        yield FORM, f"differs in {differing}" if differing else "parameters are missing"
        return
    for (name, value), (_, got) in zip(due["parameters"], own, strict=True):
        if not _is_as_due(value, got, secrets):
            yield name, f"differs in {name}"
    yield from _wrongly_added(due, added)


def _is_as_due(due: Any, got: Any, secrets: tuple[str, ...]) -> bool:
    """Whether a value is the one that is due, of its very type, at every depth; keys may come in
    any order.
    """
    if type(due) is not type(got):
        return False
    if isinstance(due, str):
        return agrees(due, got, secrets)
    if isinstance(due, list):
        return len(due) == len(got) and all(
            _is_as_due(one, other, secrets) for one, other in zip(due, got, strict=True)
        )
    if isinstance(due, dict):
        return len(due) == len(got) and all(
            any(agrees(key, name, secrets) and _is_as_due(one, other, secrets) for name, other in got.items())
            for key, one in due.items()
        )
    return bool(due == got)


def _wrongly_added(due: dict[str, Any], added: _Pairs) -> Iterator[_Problem]:
    """What is wrong with which parameters were added to an agent event."""
    rest = [name for name, _ in added]
    common = PARAMETER_NAMES[:_COMMON]
    if due["kind"] == "intact":
        if rest:
            yield ADDED, f"has {len(rest)} parameters more"
        return
    if due["kind"] == "legacy-agent":
        lacking = {name for name in common if name not in dict(due["parameters"])}
        if set(rest) != lacking or len(rest) != len(lacking):
            yield ADDED, "the common parameters are not those that it lacks"
        return
    columns = ("ExtensionType", "IsInternal")
    if sorted(name for name in rest if name not in columns) != sorted(common):
        yield ADDED, "the common parameters are not added"
    expects_columns = due["form"] == "json" and due["event_id"] == 1 and type(due["event_id"]) is int
    values = {name: value for name, value in added if name in columns}
    if [name in rest for name in columns] != [expects_columns] * 2:
        yield COLUMNS, "ExtensionType and IsInternal are not where they belong"
    elif values not in ({}, {"ExtensionType": "json", "IsInternal": False}):
        yield COLUMNS, f"ExtensionType and IsInternal are {values}"


def _parted(due: dict[str, Any], delivered: Delivered) -> tuple[_Pairs, _Pairs]:
    """The parameters of a delivered agent event: those that stand where its own are due, and what
    was added.

    An agent's legacy event may get the common parameters at any place (agent.legacy-agent), so that
    its own are looked for, in their order.
    """
    found = list(zip(delivered.names, delivered.values, strict=True))
    count = len(due["parameters"])
    if due["kind"] != "legacy-agent":
        return found[:count], found[count:]
    names = [name for name, _ in due["parameters"]]
    own: _Pairs = []
    added: _Pairs = []
    for name, value in found:
        if len(own) < count and name == names[len(own)]:
            own.append((name, value))
        else:
            added.append((name, value))
    return own, added


#: How many of the parameters are the common ones (docs/contract.md).
_COMMON = len(COMMON_PARAMETERS)


def _differing(expected: list[str], found: list[Any], secrets: tuple[str, ...]) -> list[str]:
    """The names of the parameters that are not as expected."""
    if not secrets and expected == found:
        return []
    return [
        PARAMETER_NAMES[place]
        for place, due, text in zip(_PLACES, expected, found, strict=True)
        if not (isinstance(text, str) and agrees(due, text, secrets))
    ]


#: The common parameters whose values in extension events are the embedding agent's.
_OF_HOST = tuple(
    PARAMETER_NAMES.index(name)
    for name in COMMON_PARAMETERS
    if name not in {"OpcodeName", "EventTid", "EventPid", "TaskName"}
)


def _host_alterations(values: Iterable[tuple[str, Any]]) -> Iterator[_Problem]:
    """The first common parameter that is not what the embedding agent gave."""
    for name, value in values:
        due = COMMON_PARAMETERS.get(name)
        if due is not None and (type(value), value) != (type(due), due):
            yield HOST, f"{name} is not what the embedding agent gave"
            return


def _time_alterations(text: Any, times: Sequence[int]) -> Iterator[_Problem]:
    """What a wrong OpcodeName is: the right moment told in another zone, or another moment."""
    moment = microseconds_of(text)
    if moment is None or not any(is_about(moment, EPOCH + time) for time in times):
        apart = [] if moment is None else [moment - agent_microseconds(EPOCH + time) for time in times]
        yield ZONE if any((one + 1) % _QUARTER <= 2 for one in apart) else TIME, _NOT_THE_TIME


def is_beside_the_nearest(event: Written, delivered: Delivered) -> bool:
    """Whether the time told is that of the file but for rounding: another microsecond is nearer."""
    moment = microseconds_of(_told_time(event, delivered))
    times = [EPOCH + time for time in event.times]
    return (
        moment is not None
        and any(is_about(moment, time) for time in times)
        and not any(is_nearest(moment, time) for time in times)
    )


def _told_time(event: Written, delivered: Delivered) -> Any:
    """The modification time that a delivery tells; None where the collector does not set it."""
    if event.agent is None:
        return delivered.own[_TIME] if delivered.own else None
    return None if event.agent["kind"] == "intact" else dict(_parted(event.agent, delivered)[1]).get("OpcodeName")


#: Zones differ by whole quarters of an hour, in microseconds.
_QUARTER = 900 * 10**6
