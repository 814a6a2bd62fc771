"""Bad and odd elements, by name: what breaks one event, what merely looks as if it did.

Each maker gives one element with its label. The reason of a drop is the first that applies in the
contract's order of work: types, Message missing, Message empty, then key by key (eventlevel,
eventpid, eventtid, message, operationid, taskname, timestamp, version): missing, or what came
before is over the limit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ..core import EMPTY_MESSAGE, FORGED_LINE, KEYS, MISSING, NOT_AN_OBJECT, OVERSIZE_ELEMENT, WRONG_TYPE
from ..writers import COMPACT, NOTHING, PYTHON, Bare, Element, Text, Value, dropped, object_text, oversize, sound
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
    """An event of the limit's size and so many characters more, as these values count (an integer
    by its digits, a text by what is left of it).
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


#: Every character that str.strip() removes: of 29 in Unicode, 23 can stand raw in JSON, and C0 ones
#: must be escaped.
BLANKS = (
    "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006"
    "\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
GONE = COMPACT.changed(BLANKS, "")
NOT_XML = COMPACT.changed("\x00\x01\x08\x0b\x0c\x0e\x1b\x1f\ufffe\uffff", "\ufffd" * 10)
LONE = PYTHON.changed("\ud800 \udfff \udc80", "\ufffd \ufffd \ufffd")

#: Values of each type that a field may not have, and how other languages' writers come to them.
TYPES: Mapping[str, str] = {
    "null": "null",
    "true": "true",
    "false": "false",
    "zero": "0",
    "integer": "7",
    "fraction": "1.5",
    "exponent": "1e3",
    "infinity": "Infinity",
    "list": '["text"]',
    "empty-list": "[]",
    "object": '{"value":"text"}',
    "empty-object": "{}",
}
_INTEGERS = {"zero", "integer"}  # which pids may be
WRONG: Mapping[str, Maker] = {
    f"{key.lower()}-as-{name}": wrong(WRONG_TYPE[key], **{key: Bare(literal)})
    for key in KEYS
    for name, literal in TYPES.items()
    if name not in _INTEGERS or key not in {"EventPid", "EventTid"}
}

#: Texts that look like an encoding, a number or a form that could be brought into order, and are
#: what they are: none is decoded, expanded, folded or normalised (event.verbatim). None begins or
#: ends with what `str.strip()` takes.
LOOKS: Mapping[str, str] = {
    "entities": "&amp;lt; &lt;b&gt; &#65;&#x41; &quot;x&apos; &nbsp;end",
    "tags": "<b>bold</b> <!-- none --> <![CDATA[x]]> <br/>]]>",
    "percent": "%41%2F %2541 100%25 %u0041 %C3%A9",
    "plus": "a+b+c =3D =?utf-8?q?a?=",
    "json-object": '{"Message": "inner", "n": "\\u0041"}',
    "json-string": '"quoted \\n text"',
    "json-list": '["a", 1]',
    "backslashes": "\\n \\t \\\\ \\x41 \\u0041 \\101 \\/ C:\\new\\table\\0",
    "line-ends": "one\r\ntwo\rthree\n\nfour\n\rfive",
    "line-ends-of-unicode": "one\x85two\u2028three\u2029four",
    "tabs": "a\tb\t\tc        d",
    "runs-of-blanks": "a  b   c \n  d \r\n\u00a0e\u3000f",
    "decomposed": "Cafe\u0301 A\u030a \u1112\u1161\u11ab",
    "composed": "Caf\u00e9 \u00c5 \ud55c",
    "compatible": "\ufb01 \u2460 \uff12 \u212a \u212b \u00bd \u2026",
    "byte-order-marks": "\ufeffa\ufeffb\ufeff",
    "zero-widths": "\u200ba\u200c\u200d\u2060b\u00ad\u180e",
    "cases": "Stra\u00dfe \u1e9e \u0130\u0131 \u01c5 ERROR info",
    "quotes": "'single' \"double\" \u201ccurly\u201d `back`",
    "formats": "%s %d %(name)s {0} {} {name} {{x}} %%",
    "variables": "$HOME ${HOME} %PATH% ~ $(id) `id` $$",
    "mojibake": "\u00c3\u00a9 \u00e2\u0082\u00ac \u00c2\u00b0",
    "numbers": "007",
    "number-with-zeros": "1.10",
    "number-with-exponent": "1e3",
    "constants": "null",
    "truth": "True",
    "not-a-number": "NaN",
    "time-with-zone": "2026-01-05T00:00:00.1200+05:30",
    "time-of-the-day-of-24-hours": "2026-01-05 24:00:00",
    "base64": "aGVsbG8=",
    "addresses": "HTTP://Host.Example:80/%7euser/../x?b=1&a=2&a=1#f",
    "paths": "a//b/../c/./d \\\\server\\share",
    "edge-characters": "\x7f\x80\x9f\ufdd0\ue000\ufffd\U0001fffe\U000e0001\U0010ffff",
    "tails-of-ansi": "[31mred[0m ^[[0m",
}
VERBATIM: Mapping[str, Maker] = {f"looks-{name}": verbatim(text) for name, text in LOOKS.items()}

#: What an event that is dropped may hold, and no log record may show raw: characters that act, and
#: lines that would be taken for the log's own (``FORGED_LINE`` at the beginning of a line).
FORGERY = f"\x1b[2J\x07\r\n{FORGED_LINE} ERROR forged\x9b31m\x00"
_FORGED = COMPACT.text(FORGERY)
FORGING: Mapping[str, Maker] = {
    "forged-missing": wrong(
        MISSING["Version"], Version=None, TaskName=_FORGED, EventLevel=_FORGED, OperationId=_FORGED
    ),
    "forged-empty-message": wrong(EMPTY_MESSAGE, Message=NOTHING, TaskName=_FORGED, Version=_FORGED),
    "forged-wrong-type": wrong(WRONG_TYPE["TaskName"], TaskName=Bare(f"[{_FORGED.literal}]")),
    "forged-wrong-object": wrong(WRONG_TYPE["Message"], Message=Bare(f"{{{_FORGED.literal}:{_FORGED.literal}}}")),
    "forged-oversize": wrong_size(_FORGED),
    "forged-key": wrong_key("TaskName", f"TaskName{FORGERY}"),
    "forged-text": other(_FORGED.literal),
    "forged-list": other(f"[{_FORGED.literal}]"),
}

#: Events that are due to be dropped, each for one reason.
BAD: Mapping[str, Maker] = {
    **{f"missing-{key.lower()}": wrong(MISSING[key], **{key: None}) for key in KEYS},
    "missing-all": fixed("", "{}", MISSING["Message"]),
    "missing-message-and-level": wrong(MISSING["Message"], Message=None, EventLevel=None),
    "missing-level-and-version": wrong(MISSING["EventLevel"], Version=None, EventLevel=None),
    "missing-tid-and-timestamp": wrong(MISSING["EventTid"], Timestamp=None, EventTid=None),
    "key-padded": wrong_key("TaskName", " TaskName "),
    "key-kelvin": wrong_key("TaskName", "Tas\u212aName"),
    "key-long-s": wrong_key("Version", "Ver\u017fion"),
    "key-dotted-i": wrong_key("OperationId", "Operat\u0130onId"),
    "key-full-width": wrong_key("Message", "\uff2dessage"),
    "key-percent": wrong_key("TaskName", "Task%4eame"),
    "key-entity": wrong_key("TaskName", "Task&#78;ame"),
    "key-escaped-twice": wrong_key("TaskName", "Task\\u004eame"),
    "key-byte-order-mark": wrong_key("TaskName", "\ufeffTaskName"),
    "key-zero-width": wrong_key("TaskName", "Task\u200bName"),
    "key-nul": wrong_key("TaskName", "TaskName\x00"),
    "key-underscore": wrong_key("TaskName", "Task_Name"),
    "key-dotted": wrong_key("TaskName", "Event.TaskName"),
    "message-empty": wrong(EMPTY_MESSAGE, Message=NOTHING),
    "message-blank": wrong(EMPTY_MESSAGE, Message=say(" \t\r\n")),
    "message-blank-unicode": wrong(EMPTY_MESSAGE, Message=GONE),
    "message-empty-and-missing-key": wrong(EMPTY_MESSAGE, Message=NOTHING, EventLevel=None),
    "message-null": wrong(WRONG_TYPE["Message"], Message=Bare("null")),
    "message-object": wrong(WRONG_TYPE["Message"], Message=Bare('{"text": "no"}')),
    "message-list": wrong(WRONG_TYPE["Message"], Message=Bare('["no"]')),
    "message-number": wrong(WRONG_TYPE["Message"], Message=Bare("5")),
    "version-number": wrong(WRONG_TYPE["Version"], Version=Bare("1.0")),
    "version-nan": wrong(WRONG_TYPE["Version"], Version=Bare("NaN")),
    "timestamp-number": wrong(WRONG_TYPE["Timestamp"], Timestamp=Bare("1795462516")),
    "task-null": wrong(WRONG_TYPE["TaskName"], TaskName=Bare("null")),
    "level-integer": wrong(WRONG_TYPE["EventLevel"], EventLevel=Bare("4")),
    "operation-false": wrong(WRONG_TYPE["OperationId"], OperationId=Bare("false")),
    "pid-true": wrong(WRONG_TYPE["EventPid"], EventPid=Bare("true")),
    "tid-false": wrong(WRONG_TYPE["EventTid"], EventTid=Bare("false")),
    "pid-float": wrong(WRONG_TYPE["EventPid"], EventPid=Bare("12.0")),
    "tid-exponent": wrong(WRONG_TYPE["EventTid"], EventTid=Bare("1e3")),
    "pid-null": wrong(WRONG_TYPE["EventPid"], EventPid=Bare("null")),
    "tid-infinity": wrong(WRONG_TYPE["EventTid"], EventTid=Bare("-Infinity")),
    "type-before-missing": wrong(WRONG_TYPE["EventTid"], EventTid=Bare("[]"), EventLevel=None),
    "last-spelling-wrong": last_spelling_wrong,
    "event-over": whole_event(1),
    "event-over-integer-pids": at_limit({"EventPid": Bare("7" * 90, "7" * 90)}, 1),
    "event-over-by-version": whole_event(1, version="1.0.0"),
    "event-far-over": whole_event(100_000),
    "level-over-task-missing": long_field_missing("EventLevel", "TaskName", first_applies="oversize"),
    "operation-over-version-missing": long_field_missing("OperationId", "Version", first_applies="oversize"),
    "operation-over-level-missing": long_field_missing("OperationId", "EventLevel", first_applies="missing"),
    "timestamp-over-version-missing": long_field_missing("Timestamp", "Version", first_applies="missing"),
    "element-number": other("42"),
    "element-string": other('"Message"'),
    "element-null": other("null"),
    "element-true": other("true"),
    "element-list": other('[["Message", "no"]]'),
    "element-nan": other("NaN"),
    **WRONG,
    **FORGING,
}

#: Events that look bad and are due to be collected.
ODD: Mapping[str, Maker] = {
    "keys-lower": with_keys(str.lower),
    "keys-upper": with_keys(str.upper),
    "keys-mixed": with_keys(swap_case),
    "two-spellings": two_spellings,
    "many-spellings": many_spellings,
    "exact-duplicate": exact_duplicate,
    "unknown-keys": with_members(("Extra", '{"Message": null}'), ("", "[]"), ("Message ", "7")),
    "unknown-numbers": with_members(("a", "NaN"), ("b", "-Infinity"), ("c", "1e999"), ("d", "9" * 100_000)),
    "unknown-deep": with_members(("Deep", "[" * 90 + "]" * 90), first=True),
    "unknown-odd-numbers": with_members(
        ("a", "Infinity"),
        ("b", "1e-999"),
        ("c", "-0.0"),
        ("d", f"0.{'3' * 5_000}"),
        ("e", "1e99999999999999999999"),
        ("f", "9007199254740993"),
    ),
    "unknown-names-of-languages": with_members(
        ("__proto__", '{"Message":"x"}'),
        ("constructor", '{"prototype":null}'),
        ("toString", "1"),
        ("hasOwnProperty", "null"),
        ("$ref", '"#"'),
        ("@type", '"java.lang.Class"'),
        ("__class__", '"x"'),
        ("length", "-1"),
    ),
    "keys-escaped": escaped_keys,
    "everything-escaped": ascii_only,
    "white-space-in-json": spaced,
    "empty-but-message": with_values(**{key: NOTHING for key in KEYS if key != "Message"}),
    "blank-but-message": with_values(**{key: GONE for key in KEYS if key != "Message"}),
    "values-padded": with_values(
        TaskName=GONE + say("a b") + GONE,
        EventPid=say("7") + Text("\\n", ""),
        Version=Text(" ", "") + say("2"),
    ),
    "message-padded": with_message(say(" padded") + GONE, head=GONE),
    "level-unknown": with_values(EventLevel=say("Chatty")),
    "timestamp-unknown": with_values(Timestamp=say("yesterday at noon")),
    "pids-text": with_values(EventPid=say("one"), EventTid=say("0x7F")),
    "pids-integer": with_values(EventPid=Bare("7", "7"), EventTid=Bare("0", "0")),
    "pids-negative": with_values(EventPid=Bare("-1", "-1"), EventTid=Bare("-0", "0")),
    "pids-5000-digits": with_values(EventPid=Bare("9" * 5_000, "9" * 5_000)),
    "pids-beyond-doubles": with_values(
        EventPid=Bare(str(2**53 + 1), str(2**53 + 1)), EventTid=Bare(str(2**63), str(2**63))
    ),
    "pids-text-of-numbers": with_values(EventPid=say("007"), EventTid=say("+5")),
    "pids-huge": with_values(EventPid=Bare("9" * 40, "9" * 40), EventTid=Bare(str(2**64), str(2**64))),
    "message-at-limit": long_message(0),
    "message-under-limit": long_message(-1),
    "message-over-limit": long_message(1),
    "message-far-over": long_message(100_000),
    "message-cut-at-a-blank": cut_at(" "),
    "message-cut-at-a-line-end": cut_at("\n"),
    "message-cut-in-a-cluster": cut_at("\U0001f468\u200d\U0001f469\u200d\U0001f467"),
    "message-cut-in-a-letter": cut_at("e\u0301"),
    "message-of-odd-blanks": without_token(say("\ufeff\u200b\u180e\u2060")),
    "message-of-a-nul": without_token(COMPACT.changed("\x00", "\ufffd")),
    "event-at-limit": whole_event(0),
    "event-at-limit-integer-pids": at_limit({"EventPid": Bare("7" * 90, "7" * 90), "EventTid": Bare("-0", "0")}),
    "event-at-limit-padded": at_limit(
        {"OperationId": GONE + say("o") + GONE, "EventLevel": say("e") + Text(" " * 900, "")}
    ),
    "event-at-limit-redacted": at_limit(
        {"OperationId": COMPACT.changed(f"https://a.example/x?sv=1&sp={'r' * 900}", "https://a.example/x?<redacted>")},
    ),
    "event-at-limit-with-version": whole_event(0, version="1.0.0"),
    "event-at-limit-message-cut": whole_event(0, version="1.0.0", message=5_000),
    "not-xml": with_message(say(" nul to ") + NOT_XML + say(" end")),
    "lone-surrogates": with_message(say(" lone ") + LONE + say(" end")),
    "surrogates-out-of-order": with_message(
        say(" odd ")
        + Text("\\udc00\\ud83d\\ude00\\ud83d\\ud83d\\ude00", "\ufffd\U0001f600\ufffd\U0001f600")
        + say(" end")
    ),
    "edges-not-blank": with_values(
        TaskName=say("\ufefftask\ufeff"),
        Version=say("\u200b1\u200b"),
        OperationId=say("\u180eo\u2060"),
        EventLevel=say("\u2063e\u2064"),
        Timestamp=say("\x7ft\u00ad"),
    ),
    "edges-not-xml": with_values(
        EventLevel=COMPACT.changed("\x00e\x08", "\ufffde\ufffd"),
        TaskName=COMPACT.changed("\x0e\x1b t \uffff", "\ufffd\ufffd t \ufffd"),
    ),
    "c1-and-delete": with_message(say(" \x7f\x80\x84\x86\x9f end")),
    "bidirectional": with_message(say(" \u202egnp.tnemucod\u202c \u2066isolated\u2069 \u200f\u061c end")),
    "ansi": with_message(say(" ") + COMPACT.changed("\x1b", "\ufffd") + say("[31mred\x9b0m") + say(" end")),
    "zero-width": with_message(say(" \u200b\u200d\ufeff\u00ad\u2060 end")),
    "combining": with_message(say(" Z\u0351\u036b\u0343\u036a\u0302" * 20)),
    **VERBATIM,
}

#: Elements so large that they may take their file with them; they stand alone.
ALONE: Mapping[str, Maker] = {"element-oversize": oversize_element}


def _table(*rows: tuple[str, str]) -> dict[str, tuple[str, ...]]:
    """kind -> clauses, from rows of (clauses, kinds)."""
    return {kind: tuple(clauses.split()) for clauses, kinds in rows for kind in kinds.split()}


_TRUTHS = tuple(f"{key}-as-{name}" for key in ("eventpid", "eventtid") for name in ("true", "false"))
#: What each kind is about: the clauses of which it shows whether they hold, whatever becomes of all
#: others. One that several clauses must let through is about the one that decides over it. A
#: verdict is made of these alone, so that a collector which breaks one clause is not told to break
#: five.
ABOUT: Mapping[str, tuple[str, ...]] = _table(
    ("event.required", " ".join(f"missing-{key.lower()}" for key in KEYS) + " missing-all"),
    (
        "event.required event.reason-order",
        "missing-message-and-level missing-level-and-version missing-tid-and-timestamp",
    ),
    (
        "event.reason-order",
        "level-over-task-missing operation-over-version-missing operation-over-level-missing timestamp-over-version-missing",
    ),
    ("event.message-empty event.reason-order", "message-empty-and-missing-key"),
    ("event.message-empty", "message-empty message-blank"),
    ("event.keys", "key-padded keys-lower keys-upper keys-mixed two-spellings exact-duplicate unknown-keys"),
    ("event.keys-all", "key-kelvin key-long-s key-dotted-i key-full-width last-spelling-wrong many-spellings"),
    (
        "event.types",
        "message-null message-object message-list message-number version-number timestamp-number task-null level-integer operation-false",
    ),
    ("event.types", "pid-float tid-exponent pid-null type-before-missing"),
    ("event.types read.numbers", "version-nan tid-infinity"),
    ("event.pids-bool", "pid-true tid-false"),
    ("event.pids", "pids-integer pids-negative"),
    ("event.pids read.numbers", "pids-huge"),
    ("read.numbers", "unknown-numbers"),
    ("read.malformed", "unknown-deep"),
    ("read.shapes", "everything-escaped white-space-in-json"),
    (
        "read.shapes event.non-object",
        "element-number element-string element-null element-true element-list element-nan",
    ),
    ("read.element", "element-oversize"),
    ("event.empty-ok", "empty-but-message"),
    ("event.strip", "blank-but-message values-padded message-padded message-blank-unicode"),
    ("event.open-values", "level-unknown timestamp-unknown pids-text"),
    (
        "event.message-cut",
        "message-at-limit message-under-limit message-over-limit message-far-over event-at-limit-message-cut",
    ),
    ("event.size", "event-at-limit event-over event-far-over"),
    ("event.size-all", "event-at-limit-with-version event-over-by-version"),
    (
        "event.text",
        "not-xml lone-surrogates c1-and-delete bidirectional ansi zero-width combining surrogates-out-of-order edges-not-xml",
    ),
    (
        "event.keys",
        "key-percent key-entity key-escaped-twice key-byte-order-mark key-zero-width key-nul key-underscore key-dotted",
    ),
    ("event.keys", "unknown-names-of-languages keys-escaped"),
    ("read.numbers", "unknown-odd-numbers"),
    ("event.pids read.numbers", "pids-5000-digits pids-beyond-doubles"),
    ("event.pids", "pids-text-of-numbers"),
    (
        "event.message-cut",
        "message-cut-at-a-blank message-cut-at-a-line-end message-cut-in-a-cluster message-cut-in-a-letter",
    ),
    ("event.message-empty", "message-of-odd-blanks message-of-a-nul"),
    ("event.size", "event-over-integer-pids event-at-limit-integer-pids event-at-limit-padded event-at-limit-redacted"),
    ("event.strip", "edges-not-blank"),
    ("event.types", " ".join(kind for kind in WRONG if kind not in _TRUTHS)),
    ("event.pids-bool", " ".join(_TRUTHS)),
    ("report.log-safe", " ".join(kind for kind in FORGING if "-wrong-" not in kind)),
    ("event.types report.log-safe", "forged-wrong-type forged-wrong-object"),
    ("event.verbatim", " ".join(VERBATIM)),
)
