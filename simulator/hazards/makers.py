"""Makers of one element with its label: what the tables of bad and of odd elements are written in.

The reason of a drop is the first that applies in the contract's order of work. Types come first,
then Message missing, then Message empty. Then each key follows in turn: eventlevel, eventpid,
eventtid, message, operationid, taskname, timestamp, version. It is missing, or what came before it
is over the limit.
"""

from __future__ import annotations

from collections.abc import Callable

from ..core import MISSING, NOT_AN_OBJECT, OVERSIZE_ELEMENT, WRONG_TYPE
from ..writers import COMPACT, NOTHING, PYTHON, Element, Text, Value, dropped, object_text, oversize, sound
from .base import Bench

Maker = Callable[[Bench], Element]
Values = dict[str, Value]

say = COMPACT.text


def ordinary(bench: Bench) -> tuple[str, Values]:
    """A fresh token and eight sound values."""
    token = bench.token()
    return token, {
        "Version": say("1.0.0"),
        "Timestamp": say("2026-11-23T19:35:16.500Z"),
        "TaskName": say("enable"),
        "EventLevel": say("Informational"),
        "Message": say(f"{token} something odd about this one"),
        "EventPid": say("1234"),
        "EventTid": say("1240"),
        "OperationId": say("8a2b7d54-6f0c-4c0b-9a53-0d9e3b7b9f10"),
    }


def members(values: Values) -> list[tuple[str, str]]:
    return [(key, value.literal) for key, value in values.items()]


def label_of(bench: Bench, token: str, pairs: list[tuple[str, str]], values: Values) -> Element:
    """These members, of which the values are what counts."""
    finals = {key: value.final for key, value in values.items()}
    label = sound(bench.assignment.handler, token, finals, bench.limits)
    return Element(object_text(pairs, COMPACT), label)


def with_values(**changes: Value) -> Maker:
    """An event that is collected with these values."""

    def make(bench: Bench) -> Element:
        token, values = ordinary(bench)
        return label_of(bench, token, members(values | changes), values | changes)

    return make


def with_message(tail: Text, head: Text = NOTHING) -> Maker:
    """An event that is collected; its Message is head, token, tail."""

    def make(bench: Bench) -> Element:
        token, values = ordinary(bench)
        values["Message"] = head + say(token) + tail
        return label_of(bench, token, members(values), values)

    return make


def with_members(*extra: tuple[str, str], first: bool = False) -> Maker:
    """An event that is collected as if these members were not there."""

    def make(bench: Bench) -> Element:
        token, values = ordinary(bench)
        pairs = [*extra, *members(values)] if first else [*members(values), *extra]
        return label_of(bench, token, pairs, values)

    return make


def with_keys(spell: Callable[[str], str]) -> Maker:
    """An event that is collected with its keys spelt another way."""

    def make(bench: Bench) -> Element:
        token, values = ordinary(bench)
        return label_of(bench, token, [(spell(key), text) for key, text in members(values)], values)

    return make


def wrong(reason: str, **changes: Value | None) -> Maker:
    """An event that is dropped: these values changed, or taken away (None)."""

    def make(bench: Bench) -> Element:
        token, values = ordinary(bench)
        changed = {key: changes.get(key, value) for key, value in values.items()}
        kept = {key: value for key, value in changed.items() if value is not None}
        return dropped(token if "Message" in kept else "", object_text(members(kept), COMPACT), reason)

    return make


def wrong_key(key: str, spelling: str) -> Maker:
    """An event that is dropped because a key is spelt in a way that does not count."""

    def make(bench: Bench) -> Element:
        token, values = ordinary(bench)
        pairs = [(spelling if one == key else one, text) for one, text in members(values)]
        return dropped(token, object_text(pairs, COMPACT), MISSING[key])

    return make


def other(literal: str) -> Maker:
    """An element that is no object."""
    return fixed("", literal, NOT_AN_OBJECT)


def fixed(token: str, data: str, reason: str) -> Maker:
    """An element that is always the same."""
    return lambda _: dropped(token, data, reason)


def wrong_size(tail: Text) -> Maker:
    """An event over the limit, which holds this text."""

    def make(bench: Bench) -> Element:
        token, values = ordinary(bench)
        values["OperationId"] = say("o" * bench.limits.event) + tail + say("x")
        return dropped(token, object_text(members(values), COMPACT), oversize(bench.limits))

    return make


def swap_case(key: str) -> str:
    return "".join(letter.upper() if index % 2 else letter.lower() for index, letter in enumerate(key))


# Events measured to a character. The token and one blank are 17 characters.


def message_of(token: str, length: int) -> Text:
    """A Message of so many code points, some of them beyond the basic plane."""
    body = ("длинное сообщение 长消息 📏 " * (length // 20 + 1))[: length - len(token) - 1]
    # A blank at the end would be stripped or cut off: end on a letter.
    return say(f"{token} {body[:-1]}x")


def long_message(excess: int) -> Maker:
    """A Message of the limit and so many characters more."""

    def make(bench: Bench) -> Element:
        token, values = ordinary(bench)
        values["Message"] = message_of(token, bench.limits.message + excess)
        return label_of(bench, token, members(values), values)

    return make


def whole_event(excess: int, *, version: str = "", message: int = 0) -> Maker:
    """An event of the limit's size and so many characters more; Version as given, a long
    OperationId fills it up.

    ``message``: by how much the Message is over its own limit, all of which is cut before sizes are
    summed up.
    """

    def make(bench: Bench) -> Element:
        token, values = ordinary(bench)
        limits = bench.limits
        if message:
            values["Message"] = message_of(token, limits.message + message)
        values["Version"] = say(version)
        rest = sum(min(len(value.final), limits.message) for key, value in values.items() if key != "OperationId")
        filler = "o" if version else "ö"  # characters count, however many bytes they are
        values["OperationId"] = say(filler * (limits.event + excess - rest))
        if excess > 0:
            return dropped(token, object_text(members(values), COMPACT), oversize(limits))
        return label_of(bench, token, members(values), values)

    return make


def long_field_missing(long: str, missing: str, *, first_applies: str) -> Maker:
    """One field over the limit and one missing: the reason is whichever the order of work meets
    first.
    """

    def make(bench: Bench) -> Element:
        token, values = ordinary(bench)
        values[long] = say("l" * (bench.limits.event + 1))
        del values[missing]
        reason = oversize(bench.limits) if first_applies == "oversize" else MISSING[missing]
        return dropped(token, object_text(members(values), COMPACT), reason)

    return make


def two_spellings(bench: Bench) -> Element:
    token, values = ordinary(bench)
    pairs = [("TASKNAME", '"loses"'), *members(values), ("version", '"9.9"'), ("VERSION", '""')]
    return label_of(bench, token, pairs, values | {"Version": NOTHING})


def many_spellings(bench: Bench) -> Element:
    token, values = ordinary(bench)
    pairs = [
        ("EVENTPID", "null"),
        ("eventpid", "[1]"),
        ("eventPid", '"5"'),
        ("EventpID", "true"),
        *members(values),
        ("MESSAGE", "{}"),
        ("message", '""'),
        ("mEssage", values["Message"].literal),
    ]
    return label_of(bench, token, pairs, values)


def last_spelling_wrong(bench: Bench) -> Element:
    token, values = ordinary(bench)
    return dropped(token, object_text([*members(values), ("TaskNAME", "7")], COMPACT), WRONG_TYPE["TaskName"])


def exact_duplicate(bench: Bench) -> Element:
    token, values = ordinary(bench)
    pairs = [("Message", '"loses"'), ("TaskName", "null"), *members(values)]
    return label_of(bench, token, pairs, values)


def ascii_only(bench: Bench) -> Element:
    """Everything escaped, the solidus too."""
    token, values = ordinary(bench)
    values["Message"] = PYTHON.text(f"{token} путь 路径 📎 ") + Text("\\/a\\u002fb", "/a/b")
    return label_of(bench, token, members(values), values)


def oversize_element(bench: Bench) -> Element:
    token, values = ordinary(bench)
    pairs = [*members(values), ("Attachment", f'"{"a" * bench.limits.element}"')]
    return dropped(token, object_text(pairs, COMPACT), OVERSIZE_ELEMENT)


def escaped_keys(bench: Bench) -> Element:
    """Keys in which every letter is written as an escape: what JSON calls the same key."""
    token, values = ordinary(bench)
    pairs = ",".join(
        f'"{"".join(f"{chr(92)}u{ord(letter):04x}" for letter in key)}":{literal}' for key, literal in members(values)
    )
    return Element(f"{{{pairs}}}", label_of(bench, token, members(values), values).label)


def verbatim(text: str) -> Maker:
    """An event that holds this text in every field that may hold any: by itself, and in the Message
    after the token.
    """

    def make(bench: Bench) -> Element:
        token, values = ordinary(bench)
        values |= {key: say(text) for key in ("TaskName", "EventLevel", "OperationId", "Timestamp", "Version")}
        values["Message"] = say(f"{token} {text}")
        return label_of(bench, token, members(values), values)

    return make


def without_token(message: Text) -> Maker:
    """An event that is collected, and is known by its place alone."""

    def make(bench: Bench) -> Element:
        _, values = ordinary(bench)
        values["Message"] = message
        return label_of(bench, "", members(values), values)

    return make


def cut_at(edge: str) -> Maker:
    """A Message of which the cut goes through ``edge``: its first character is the last that stays,
    whatever it is.
    """

    def make(bench: Bench) -> Element:
        token, values = ordinary(bench)
        body = message_of(token, bench.limits.message - 1)
        values["Message"] = body + say(f"{edge} and more beyond the limit")
        return label_of(bench, token, members(values), values)

    return make


def at_limit(changes: Values, excess: int = 0) -> Maker:
    """An event of the limit's size and so many characters more, as these values count. An integer
    counts by its digits, a text by what is left of it.
    """

    def make(bench: Bench) -> Element:
        token, values = ordinary(bench)
        values |= {"Version": NOTHING, **changes}
        rest = sum(len(value.final) for key, value in values.items() if key != "TaskName")
        values["TaskName"] = say("t" * (bench.limits.event + excess - rest))
        if excess > 0:
            return dropped(token, object_text(members(values), COMPACT), oversize(bench.limits))
        return label_of(bench, token, members(values), values)

    return make


def spaced(bench: Bench) -> Element:
    """JSON's four white space characters wherever they may stand."""
    token, values = ordinary(bench)
    body = "\t,\r\n ".join(f'\t"{key}" \r:\n {literal}' for key, literal in members(values))
    return Element(f"{{\n{body}\r}}", label_of(bench, token, members(values), values).label)
